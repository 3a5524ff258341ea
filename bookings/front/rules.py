"""Prices' method of calculation in words, as it must stand beside a price (明码标价规定 5-16). Pure."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookings.money.rules import PriceTerms
from homeservice.kernel.money import WHOLE_BP, yuan


@dataclass(frozen=True, slots=True)
class PriceRule:
    """One line of the method: what it is for, and what it costs."""

    label: str
    value: str


def price_method(
    *, price_fen: int, unit: str, min_quantity: int, at_home: bool, by_visit: bool, terms: PriceTerms
) -> list[PriceRule]:
    """The unit price, the smallest order, and each surcharge that may come on top. `unit` is in the reader's
    words. What is not ordered by the visit has its surcharges in a contract of its own."""
    rules = [PriceRule(_("Unit price"), f"{yuan(price_fen)} / {unit}")]
    if not by_visit:
        return rules
    if min_quantity > 1:
        least = {"count": min_quantity, "unit": unit, "price": yuan(price_fen * min_quantity)}
        rules.append(PriceRule(_("Smallest order"), _("%(count)s × %(unit)s, %(price)s") % least))
    if terms.holiday_bp:
        rules.append(PriceRule(_("On statutory holidays"), f"+{percent(terms.holiday_bp)}"))
    if terms.night_bp:
        rules.append(PriceRule(_("For the time between 22:00 and 6:00"), f"+{percent(terms.night_bp)}"))
    if terms.travel_fen and at_home:
        label = _("Travel, if your home is more than %(km)s km from the service point")
        rules.append(PriceRule(label % {"km": _tidy(terms.travel_free_m, 1000)}, f"+{yuan(terms.travel_fen)}"))
    return rules


def cancel_method(terms: PriceTerms) -> list[PriceRule]:
    """What cancelling costs by the hours before the start, once a worker has been named."""
    rules, later = [], None
    for hours, fee_bp in terms.cancel_tiers:
        fee = _("%(share)s of the price") % {"share": percent(fee_bp)} if fee_bp else _("free of charge")
        rules.append(PriceRule(_window(hours, later), fee))
        later = hours
    return rules


def percent(bp: int) -> str:
    """`3050` as `30.5%`."""
    return f"{_tidy(bp, WHOLE_BP // 100)}%"


def _window(hours: int, later: int | None) -> str:
    if later is None:
        return _("%(hours)s hours or more before the start") % {"hours": hours}
    if hours:
        return _("%(from)s to %(to)s hours before the start") % {"from": hours, "to": later}
    return _("Less than %(hours)s hours before the start") % {"hours": later}


def _tidy(amount: int, whole: int) -> str:
    """The quotient with as few digits after the point as it needs: at most two."""
    units, rest = divmod(amount * 100 // whole, 100)
    return f"{units}.{rest:02d}".rstrip("0").rstrip(".")
