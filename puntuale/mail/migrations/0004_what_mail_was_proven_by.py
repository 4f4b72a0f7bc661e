"""What mail was proven by, what letters refer to, and the list of what became no message."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("mail", "0003_how_far_a_mailbox_is_read")]
    operations = [
        migrations.AddField(
            "incoming",
            "proof",
            models.CharField(
                blank=True,
                choices=[("none", "None"), ("server", "Server"), ("letter", "Letter"), ("person", "Person")],
                db_default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "mailedmessage", "reference", models.CharField(blank=True, db_default="", max_length=320)
        ),
        AddIndexConcurrently(
            "incoming",
            models.Index(
                fields=["outcome", "because", "-id"],
                condition=models.Q(outcome__in=("review", "ignored", "bounced", "dismissed"), forgotten_at=None),
                name="became_no_message",
            ),
        ),
    ]
