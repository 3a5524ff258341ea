"""What a listing posts, in words: each condition with its price (明码标价规定 8), and what a change changed. No queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from homeservice.kernel.money import yuan
from providers.catalogue.models import ServiceItem, in_language
from providers.listings.rules import AddOn, Posted, Tier

NONE = "—"


@dataclass(frozen=True, slots=True)
class Line:
    """A condition and what it costs, or a term and what it says."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One term before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What a resident reads of a listing: all that can be charged, and nothing beside it."""

    includes: tuple[str, ...]
    excludes: tuple[str, ...]
    prices: tuple[Line, ...]
    cancelling: tuple[Line, ...]
    terms: str
    was_fen: int | None = None


def notice_of(
    posted: Posted,
    item: ServiceItem,
    *,
    area_names: Mapping[str, str],
    price_fen: int | None = None,
    was_fen: int | None = None,
) -> Notice:
    """The posted terms in the reader's language. `price_fen` is a menu's own price where it is lower."""
    unit_price = posted.price_fen if price_fen is None else price_fen
    return Notice(
        includes=tuple(in_language(list(posted.includes_zh), list(posted.includes_en))),
        excludes=tuple(in_language(list(posted.excludes_zh), list(posted.excludes_en))),
        prices=(*_price_lines(posted, item, unit_price), *_area_lines(posted, area_names)),
        cancelling=tuple(_cancel_lines(posted.cancel_tiers)),
        terms=in_language(posted.terms_zh, posted.terms_en),
        was_fen=was_fen if was_fen and was_fen > unit_price else None,
    )


def differences(before: Posted, after: Posted, item: ServiceItem, area_names: Mapping[str, str]) -> list[Change]:
    """The terms that differ, each before and after, in the order in which they are edited."""
    rows = zip(_rows(before, item, area_names), _rows(after, item, area_names), strict=True)
    return [Change(old.label, old.text, new.text) for old, new in rows if old.text != new.text]


def _price_lines(posted: Posted, item: ServiceItem, unit_price_fen: int) -> list[Line]:
    unit = item.get_unit_display()
    lines = [Line(_("Unit price"), _("%(price)s per %(unit)s") % {"price": yuan(unit_price_fen), "unit": unit})]
    least = posted.min_quantity or item.min_quantity
    if least > 1:
        words = {"count": least, "unit": unit, "price": yuan(unit_price_fen * least)}
        lines.append(Line(_("At least"), _("%(count)s × %(unit)s, %(price)s") % words))
    lines += [_add_on_line(one) for one in posted.add_ons]
    if posted.holiday_bp:
        lines.append(Line(_("On statutory holidays"), _plus(posted.holiday_bp)))
    if posted.night_bp:
        words = {"share": _plus(posted.night_bp), "hours": _hours(posted.night_from, posted.night_until)}
        lines.append(Line(_("At night"), _("%(share)s for the part between %(hours)s") % words))
    if posted.travel_fen_per_km:
        lines.append(Line(pgettext("price", "The way"), _travel(posted)))
    return lines


def _area_lines(posted: Posted, names: Mapping[str, str]) -> list[Line]:
    return [Line(_("Where"), _areas(posted, names))] if posted.areas else []


def _areas(posted: Posted, names: Mapping[str, str]) -> str:
    return _(", ").join(names.get(code, code) for code in posted.areas)


def _rows(posted: Posted, item: ServiceItem, area_names: Mapping[str, str]) -> list[Line]:
    """Every term, set or not, so that two versions stand line beside line."""
    joined = "\n".join
    return [
        Line(_("Unit price"), yuan(posted.price_fen)),
        Line(_("At least"), str(posted.min_quantity or item.min_quantity)),
        Line(_("Areas"), _areas(posted, area_names) or NONE),
        Line(_("What is done"), joined(posted.includes_zh) or NONE),
        Line(_("What is done (English)"), joined(posted.includes_en) or NONE),
        Line(_("What is not done"), joined(posted.excludes_zh) or NONE),
        Line(_("What is not done (English)"), joined(posted.excludes_en) or NONE),
        Line(
            _("Add-ons"), joined(f"{one.name_zh} {one.name_en} {yuan(one.price_fen)}" for one in posted.add_ons) or NONE
        ),
        Line(_("On statutory holidays"), _plus(posted.holiday_bp)),
        Line(_("At night"), f"{_plus(posted.night_bp)} {_hours(posted.night_from, posted.night_until)}".strip()),
        Line(pgettext("price", "The way"), _travel(posted)),
        Line(_("Cancelling"), joined(f"{one.label}: {one.text}" for one in _cancel_lines(posted.cancel_tiers)) or NONE),
        Line(_("Terms"), posted.terms_zh or NONE),
        Line(_("Terms (English)"), posted.terms_en or NONE),
    ]


def _add_on_line(one: AddOn) -> Line:
    name = in_language(one.name_zh, one.name_en)
    return Line(_("Add-on: %(name)s") % {"name": name}, yuan(one.price_fen))


def _plus(share_bp: int) -> str:
    return _("+%(percent)s %% of the price") % {"percent": f"{share_bp / 100:g}"}


def _hours(begins: time | None, ends: time | None) -> str:
    return f"{begins:%H:%M}–{ends:%H:%M}" if begins and ends else ""


def _travel(posted: Posted) -> str:
    words = {"fee": yuan(posted.travel_fen_per_km), "km": f"{posted.travel_free_m / 1000:g}"}
    return _("%(fee)s a kilometre beyond %(km)s km") % words if posted.travel_fen_per_km else NONE


def _cancel_lines(tiers: Sequence[Tier]) -> list[Line]:
    lines = []
    for hours, fee_bp in tiers:
        label = _("%(hours)s hours before or earlier") % {"hours": hours} if hours else pgettext("cancelling", "Later")
        text = _("%(percent)s %% of the price") % {"percent": f"{fee_bp / 100:g}"} if fee_bp else _("free of charge")
        lines.append(Line(label, text))
    return lines
