from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0009_when_credentials_begin"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="calendar_number",
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
        ),
    ]
