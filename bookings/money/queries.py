"""Which price policy holds where and when."""

from datetime import date

from bookings.money.models import PricePolicy
from bookings.money.rules import PriceTerms


def price_terms(area_code: str, on_date: date) -> PriceTerms:
    """The terms of the policy for the smallest division that has one on that day; one query."""
    prefixes = [area_code[:length] for length in (2, 4, 6, 9, 12) if length <= len(area_code)]
    policies = PricePolicy.objects.filter(area_code__in=prefixes, validity__contains=on_date)
    policy = max(policies, key=lambda row: len(row.area_code), default=None)
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
