"""The audit log only grows: the database itself refuses to change or take out an entry."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION audit_entry_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_entry_append_only: % of an audit entry is refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_entry_append_only';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON foundation_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse_change();
"""
ALLOW = """
DROP TRIGGER audit_entry_append_only ON foundation_auditentry;
DROP FUNCTION audit_entry_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
