"""Rows from before take their place in the new tables: states by their new names, a binding for each worker of an
enterprise, and the first version of each listing. Safe to repeat."""

from django.db import migrations

FORWARD = """
UPDATE providers_enterprise SET state = 'admitted' WHERE state = 'active';
INSERT INTO providers_binding (user_id, enterprise_id, relation, state, proposed_by, proposed_at, note, answered_at,
                               ending_proposed_by, end_reason)
SELECT w.user_id, w.enterprise_id, w.relation, 'in_force', 'enterprise', w.joined_date, '', w.joined_date, '', ''
FROM providers_worker w
WHERE w.enterprise_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM providers_binding b WHERE b.user_id = w.user_id AND b.state IN ('in_force', 'ending'));
INSERT INTO providers_listingversion (listing_id, no, price_fen, areas, includes_zh, includes_en, excludes_zh, excludes_en,
                                      add_ons, holiday_bp, night_bp, travel_free_m, travel_fen_per_km, cancel_tiers,
                                      terms_zh, terms_en, published_at)
SELECT l.id, 1, l.price_fen, '{}', '{}', '{}', '{}', '{}', '[]', 0, 0, 0, 0, '[]', l.terms_zh, l.terms_en, now()
FROM providers_listing l
WHERE NOT EXISTS (SELECT FROM providers_listingversion v WHERE v.listing_id = l.id);
"""
BACKWARD = "UPDATE providers_enterprise SET state = 'active' WHERE state = 'admitted';"


class Migration(migrations.Migration):
    dependencies = [("providers", "0002_supply")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
