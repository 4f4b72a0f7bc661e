from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_phases_and_words")]
    operations = [
        migrations.AddField("message", "key", models.UUIDField(null=True, unique=True)),
    ]
