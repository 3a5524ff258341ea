"""What happened to a booking stays told: the database refuses to change or remove an event."""

from django.db import migrations

FORBID = """
CREATE FUNCTION bookings_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'booking events are append-only'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'booking_events_append_only';
END $$;
CREATE TRIGGER booking_events_append_only BEFORE UPDATE OR DELETE ON bookings_bookingevent
    FOR EACH ROW EXECUTE FUNCTION bookings_events_append_only();
"""
ALLOW = """
DROP TRIGGER booking_events_append_only ON bookings_bookingevent;
DROP FUNCTION bookings_events_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0002_terms_never_change")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
