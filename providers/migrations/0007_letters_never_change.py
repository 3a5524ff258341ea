"""Workers signed a version of the authorisation letter as it stood: the database refuses to change or remove it."""

from django.db import migrations

NEVER = """
CREATE TRIGGER authorisation_letter_never_changes BEFORE UPDATE OR DELETE ON providers_authorisationletter
    FOR EACH ROW EXECUTE FUNCTION providers_append_only();
"""
AGAIN = "DROP TRIGGER authorisation_letter_never_changes ON providers_authorisationletter;"


class Migration(migrations.Migration):
    dependencies = [("providers", "0006_what_codes_were_computed_from")]
    operations = [migrations.RunSQL(NEVER, AGAIN)]
