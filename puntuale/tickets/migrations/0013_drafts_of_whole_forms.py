"""Drafts of whole forms: with files, with fields besides the text, and of tickets taken by phone."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("tickets", "0012_ticket_changed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "draft",
            "caller",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("draft", "fields", models.JSONField(null=True)),
        migrations.AddField("draft", "key", models.UUIDField(null=True)),
        migrations.AlterField(
            "draft",
            "place",
            models.CharField(
                choices=[
                    ("answer", "Answer"),
                    ("note", "Note"),
                    ("message", "Message"),
                    ("new_ticket", "New Ticket"),
                    ("phone", "Phone"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            "draft",
            models.UniqueConstraint(
                fields=("person", "ticket", "caller", "place"), name="one_draft_a_form", nulls_distinct=False
            ),
        ),
        migrations.RemoveConstraint("draft", "one_draft_a_box"),
        migrations.AddField(
            "attachment",
            "draft",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="attachments",
                to="tickets.draft",
            ),
        ),
        AddIndexConcurrently(
            "attachment",
            models.Index(condition=models.Q(("draft__isnull", False)), fields=["draft"], name="attachment_draft"),
        ),
    ]
