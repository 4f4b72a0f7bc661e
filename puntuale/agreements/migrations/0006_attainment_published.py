"""The attainment may stand beside the guarantee."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0005_office"),
    ]

    operations = [
        migrations.AddField(
            model_name="desksettings",
            name="attainment_published_at",
            field=models.DateTimeField(null=True),
        ),
    ]
