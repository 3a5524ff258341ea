import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange

from bookings.management.commands.load_policies import PRICE_POLICIES
from bookings.money.actions import load_policies
from bookings.money.models import PricePolicy
from bookings.money.queries import price_terms
from bookings.money.rules import PriceTerms

pytestmark = pytest.mark.django_db


def test_loading_the_policies_twice_leaves_them_once() -> None:
    call_command("load_policies", verbosity=0)
    call_command("load_policies", verbosity=0)
    assert PricePolicy.objects.count() == len(json.loads(PRICE_POLICIES.read_text()))


def test_the_smallest_division_with_a_policy_counts() -> None:
    call_command("load_policies", verbosity=0)
    own = PricePolicy.objects.create(area_code="440106", validity=DateRange(date(2026, 1, 1), None), holiday_bp=1)
    assert price_terms("440106001001", date(2026, 11, 24)) == PriceTerms(
        holiday_bp=1, travel_free_m=5000, cancel_tiers=(), version=f"policy-{own.pk}"
    )
    assert price_terms("440103001001", date(2026, 11, 24)).night_bp == 3000


def test_before_any_policy_the_defaults_hold() -> None:
    assert price_terms("440106001001", date(2026, 11, 24)) == PriceTerms()


def test_two_policies_for_one_division_never_hold_at_once() -> None:
    row = json.loads(PRICE_POLICIES.read_text())[0]
    with pytest.raises(IntegrityError, match="price_policy_one_at_a_time"):
        load_policies(PricePolicy, [row, {**row, "valid_from": "2026-01-01"}])
