"""The audit log is only added to, but for the address, which is forgotten: the database itself refuses anything else."""

from django.db import migrations

PROTECT = """
CREATE FUNCTION puntuale_only_forget_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.address <> '' OR (to_jsonb(NEW) - 'address') IS DISTINCT FROM (to_jsonb(OLD) - 'address') THEN
        RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER only_forgets_the_address BEFORE UPDATE ON people_auditentry
    FOR EACH ROW EXECUTE FUNCTION puntuale_only_forget_address();
CREATE TRIGGER never_deleted BEFORE DELETE ON people_auditentry
    FOR EACH ROW EXECUTE FUNCTION puntuale_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON people_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION puntuale_refuse_change();
CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE ON people_auditseal
    FOR EACH ROW EXECUTE FUNCTION puntuale_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON people_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION puntuale_refuse_change();
"""
RELEASE = """
DROP TRIGGER only_forgets_the_address ON people_auditentry;
DROP TRIGGER never_deleted ON people_auditentry;
DROP TRIGGER never_emptied ON people_auditentry;
DROP TRIGGER only_added_to ON people_auditseal;
DROP TRIGGER never_emptied ON people_auditseal;
DROP FUNCTION puntuale_only_forget_address();
"""


class Migration(migrations.Migration):
    # The function that refuses was made with the first table that only grows.
    dependencies = [("people", "0004_audit"), ("agreements", "0003_append_only")]
    operations = [migrations.RunSQL(PROTECT, RELEASE)]
