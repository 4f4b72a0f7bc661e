"""Whether a message is plain text, which is shown as it stands, or Markdown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_drafts_of_whole_forms")]
    operations = [
        migrations.AddField("message", "is_plain", models.BooleanField(db_default=False, default=False)),
    ]
