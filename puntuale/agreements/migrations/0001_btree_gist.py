"""The extension that lets a constraint refuse two contracts of one organisation at the same time."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    operations = [BtreeGistExtension()]
