"""Which policy holds where and when."""

from datetime import date
from typing import Any, TypeVar

from django.db.models import Model

from bookings.money.models import PricePolicy
from bookings.money.rules import PriceTerms

Policy = TypeVar("Policy", bound=Model)


def policy_in_force(model: type[Policy], area_code: str, on_date: date) -> Policy | None:
    """The model's policy for the smallest division around the area that has one on that day; one query."""
    prefixes = [area_code[:length] for length in (2, 4, 6, 9, 12) if length <= len(area_code)]
    rows: Any = model._default_manager.filter(area_code__in=prefixes, validity__contains=on_date)
    found: Policy | None = max(rows, key=lambda row: len(row.area_code), default=None)
    return found


def price_terms(area_code: str, on_date: date) -> PriceTerms:
    """The terms of the policy for the smallest division that has one on that day; one query."""
    policy = policy_in_force(PricePolicy, area_code, on_date)
    if policy is None:
        return PriceTerms()
    return PriceTerms(
        holiday_bp=policy.holiday_bp,
        night_bp=policy.night_bp,
        travel_free_m=policy.travel_free_m,
        travel_fen=policy.travel_fen,
        cancel_tiers=tuple((hours, fee_bp) for hours, fee_bp in policy.cancel_tiers),
        version=f"policy-{policy.pk}",
    )
