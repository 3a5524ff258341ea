"""Prices and cancellation tiers in words, for every page that shows them. No queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from homeservice.kernel.money import share_fen, yuan
from homeservice.kernel.vocabulary import Unit


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of a price as people read it."""

    label: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class CancelLine:
    """What cancelling costs until an instant (None: from the last one on)."""

    until: datetime | None
    fee_fen: int
    percent: int


def price_lines(parts: Iterable[Mapping[str, Any]]) -> list[PriceLine]:
    """The parts that a booking keeps (`Quote.as_rows()`), in words."""
    return [PriceLine(_label(part["code"], part["facts"]), part["amount_fen"]) for part in parts]


def cancel_lines(
    price_fen: int, *, starts_at: datetime, tiers: Sequence[Sequence[int]], at: datetime
) -> list[CancelLine]:
    """The agreed tiers with the clock times at which they end; those that have passed are left out."""
    lines = []
    for hours, fee_bp in tiers:
        until = starts_at - timedelta(hours=hours) if hours else None
        if until is None or until >= at:
            lines.append(CancelLine(until, share_fen(price_fen, fee_bp), fee_bp // 100))
    return lines


def unit_label(unit: str) -> str:
    """`hour`, `小时`."""
    return str(Unit(unit).label)


def _label(code: str, facts: Mapping[str, Any]) -> str:
    if code == "base":
        unit_price, unit = yuan(facts["unit_price_fen"]), unit_label(facts["unit"])
        words = {"price": unit_price, "unit": unit, "quantity": facts["quantity"]}
        return _("%(price)s per %(unit)s × %(quantity)s") % words
    if code == "holiday":
        return _("Statutory holiday, +%(percent)s%%") % {"percent": facts["bp"] // 100}
    if code == "night":
        return _("Night hours (22:00–6:00), +%(percent)s%%") % {"percent": facts["bp"] // 100}
    return _("Travel beyond %(km)s km") % {"km": facts["free_m"] // 1000}
