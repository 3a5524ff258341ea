"""What the database itself refuses: unknown states, levels that an occupation lacks, changed logs and versions,
negative credit beyond five years, and school subjects for sale."""

from django.db import migrations, models

LEVELS = """
CREATE FUNCTION providers_credential_level() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE known smallint[];
BEGIN
    SELECT levels INTO known FROM providers_credentialtype WHERE code = NEW.code;
    IF FOUND AND NEW.level IS NOT NULL AND NOT NEW.level = ANY(known) THEN
        RAISE EXCEPTION 'credential_level_of_its_code: % has no level %', NEW.code, NEW.level
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credential_level_of_its_code';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER credential_level_of_its_code BEFORE INSERT OR UPDATE OF code, level ON providers_credential
    FOR EACH ROW EXECUTE FUNCTION providers_credential_level();
"""
NO_LEVELS = """
DROP TRIGGER credential_level_of_its_code ON providers_credential;
DROP FUNCTION providers_credential_level();
"""

APPEND_ONLY = """
CREATE FUNCTION providers_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: % is refused', TG_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER admission_event_append_only BEFORE UPDATE OR DELETE ON providers_admissionevent
    FOR EACH ROW EXECUTE FUNCTION providers_append_only();
CREATE TRIGGER colour_change_append_only BEFORE UPDATE OR DELETE ON providers_colourchange
    FOR EACH ROW EXECUTE FUNCTION providers_append_only();
CREATE TRIGGER listing_version_append_only BEFORE UPDATE OR DELETE ON providers_listingversion
    FOR EACH ROW EXECUTE FUNCTION providers_append_only();
"""
CHANGEABLE = """
DROP TRIGGER listing_version_append_only ON providers_listingversion;
DROP TRIGGER colour_change_append_only ON providers_colourchange;
DROP TRIGGER admission_event_append_only ON providers_admissionevent;
DROP FUNCTION providers_append_only();
"""

FIVE_YEARS = """
ALTER TABLE providers_creditevent ADD CONSTRAINT credit_event_negative_five_years
    CHECK (points > 0 OR expires_date <= (occurred_date + INTERVAL '5 years')::date);
"""
NO_FIVE_YEARS = "ALTER TABLE providers_creditevent DROP CONSTRAINT credit_event_negative_five_years;"

NO_TUTORING = """
CREATE FUNCTION providers_listing_no_school_subject() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM providers_serviceitem WHERE code = NEW.item_id AND school_subject) THEN
        RAISE EXCEPTION 'listing_no_school_subject: % is tutoring in a school subject', NEW.item_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'listing_no_school_subject';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER listing_no_school_subject BEFORE INSERT OR UPDATE OF item_id ON providers_listing
    FOR EACH ROW EXECUTE FUNCTION providers_listing_no_school_subject();
"""
TUTORING = """
DROP TRIGGER listing_no_school_subject ON providers_listing;
DROP FUNCTION providers_listing_no_school_subject();
"""


class Migration(migrations.Migration):
    dependencies = [("providers", "0003_states_bindings_and_versions")]
    operations = [
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "awaiting_authorisation",
                            "submitted",
                            "checking",
                            "returned",
                            "admitted",
                            "suspended",
                            "exited",
                            "blacklisted",
                        ],
                    )
                ),
                name="enterprise_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="worker",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "awaiting_authorisation",
                            "submitted",
                            "checking",
                            "returned",
                            "admitted",
                            "suspended",
                            "exited",
                            "blacklisted",
                        ],
                    )
                ),
                name="worker_state_known",
            ),
        ),
        migrations.RunSQL(LEVELS, NO_LEVELS),
        migrations.RunSQL(APPEND_ONLY, CHANGEABLE),
        migrations.RunSQL(FIVE_YEARS, NO_FIVE_YEARS),
        migrations.RunSQL(NO_TUTORING, TUTORING),
    ]
