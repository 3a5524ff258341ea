"""Residents agreed to a version of the terms as it stood: the database refuses to change or remove it."""

from django.db import migrations

FORBID = """
CREATE FUNCTION bookings_terms_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'terms % have been published: publish a new version instead', OLD.version
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'terms_never_change';
END $$;
CREATE TRIGGER terms_never_change BEFORE UPDATE OR DELETE ON bookings_terms
    FOR EACH ROW EXECUTE FUNCTION bookings_terms_never_change();
"""
ALLOW = """
DROP TRIGGER terms_never_change ON bookings_terms;
DROP FUNCTION bookings_terms_never_change();
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
