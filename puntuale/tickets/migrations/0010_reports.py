"""Indexes for reports. They are made while the desk goes on writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0009_anchors")]
    operations = [
        AddIndexConcurrently("ticket", models.Index(fields=["submitted_at"], name="ticket_submitted")),
        AddIndexConcurrently(
            "promisemade",
            models.Index(
                fields=["ticket"],
                condition=models.Q(("metric", "first_response"), ("number", 2)),
                name="promise_second",
            ),
        ),
    ]
