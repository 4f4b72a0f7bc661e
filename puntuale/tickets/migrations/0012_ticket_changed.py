"""An index for who asks what has changed. It is made while the desk goes on writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0011_lowering_environment")]
    operations = [
        AddIndexConcurrently("ticket", models.Index(fields=["last_event_at", "id"], name="ticket_changed")),
    ]
