"""Anchors of what was recorded. They only grow."""

from django.db import migrations, models

PROTECT = """
CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE ON tickets_anchor
    FOR EACH ROW EXECUTE FUNCTION puntuale_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON tickets_anchor
    FOR EACH STATEMENT EXECUTE FUNCTION puntuale_refuse_change();
"""
RELEASE = "DROP TRIGGER only_added_to ON tickets_anchor; DROP TRIGGER never_emptied ON tickets_anchor;"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_chain")]
    operations = [
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                ("made_at", models.DateTimeField()),
                ("up_to", models.BigIntegerField(unique=True)),
                ("count", models.PositiveBigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("agreements", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={"ordering": ["up_to"]},
        ),
        migrations.RunSQL(PROTECT, RELEASE),
    ]
