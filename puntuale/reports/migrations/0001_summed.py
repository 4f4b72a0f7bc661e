"""What was summed up of the days that are over; and each event notes its ticket, whoever writes it and however."""

import django.contrib.postgres.fields
from django.db import migrations, models


NOTE = """
CREATE FUNCTION puntuale_note_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_touched (ticket) SELECT DISTINCT ticket_id FROM written;
    RETURN NULL;
END
$$;
CREATE TRIGGER note_touched AFTER INSERT ON tickets_event
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION puntuale_note_touched();
"""
FORGET = "DROP TRIGGER note_touched ON tickets_event; DROP FUNCTION puntuale_note_touched;"


class Migration(migrations.Migration):
    initial = True

    dependencies = [("tickets", "0010_reports")]

    operations = [
        migrations.CreateModel(
            name="Touched",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ticket", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Count",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts", models.DateField()),
                ("whole_month", models.BooleanField()),
                ("grouping", models.CharField(blank=True, max_length=12)),
                ("key", models.CharField(blank=True, max_length=60)),
                ("key_last", models.CharField(blank=True, max_length=60)),
                ("promised", models.CharField(max_length=12)),
                ("final", models.CharField(max_length=12)),
                ("agreed", models.BooleanField()),
                ("tickets", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["grouping", "whole_month", "starts"], name="count_of_grouping")],
            },
        ),
        migrations.CreateModel(
            name="Durations",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts", models.DateField()),
                ("whole_month", models.BooleanField()),
                ("measure", models.CharField(max_length=12)),
                ("minutes", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("counts", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                "indexes": [models.Index(fields=["measure", "whole_month", "starts"], name="durations_of_measure")],
            },
        ),
        migrations.CreateModel(
            name="Summed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts", models.DateField()),
                ("whole_month", models.BooleanField()),
                ("zone", models.CharField(max_length=60)),
                ("counted_at", models.DateTimeField()),
                ("holds_until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("starts", "whole_month"), name="summed_once")],
            },
        ),
        migrations.RunSQL(NOTE, FORGET),
    ]
