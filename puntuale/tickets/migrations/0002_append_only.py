"""Events and promises are never changed or deleted: the database itself refuses. Ticket numbers start at 1001."""

from django.db import migrations

TABLES = ("tickets_event", "tickets_promisemade", "tickets_promiseending")

PROTECT = "".join(
    f"""
CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION puntuale_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION puntuale_refuse_change();
"""
    for table in TABLES
)
RELEASE = "".join(
    f"DROP TRIGGER only_added_to ON {table}; DROP TRIGGER never_emptied ON {table};" for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_append_only"), ("tickets", "0001_initial")]
    operations = [
        migrations.RunSQL(PROTECT, RELEASE),
        migrations.RunSQL(
            "ALTER TABLE tickets_ticket ALTER COLUMN id SET START WITH 1001 RESTART;", migrations.RunSQL.noop
        ),
    ]
