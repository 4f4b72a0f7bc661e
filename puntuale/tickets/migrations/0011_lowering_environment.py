"""A lowering that waits for a manager keeps where the problem shows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_reports")]
    operations = [
        migrations.AddField(
            "lowering", "environment", models.CharField(max_length=40, blank=True, default="", db_default="")
        ),
    ]
