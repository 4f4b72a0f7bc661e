"""Published versions are never changed or deleted: the database itself refuses."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION puntuale_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
"""
PROTECT = """
CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE ON agreements_publication
    FOR EACH ROW EXECUTE FUNCTION puntuale_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON agreements_publication
    FOR EACH STATEMENT EXECUTE FUNCTION puntuale_refuse_change();
"""
RELEASE = """
DROP TRIGGER only_added_to ON agreements_publication;
DROP TRIGGER never_emptied ON agreements_publication;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_initial")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION puntuale_refuse_change();"),
        migrations.RunSQL(PROTECT, RELEASE),
    ]
