"""The cards of a point's menu, rendered once for each version, language and mode.

The key holds two things that change: `Menu.version`, raised by every change that staff make, and the ids
of what is on offer this moment. Suspending an enterprise or ending a listing changes those ids in the same
instant, although nobody touched the menu; so no cached card can outlive it. Only words of the catalogue
(an item's name) may be up to `CARDS_LAST_S` old.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any, cast

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from bookings.menus.models import MenuEntry
from bookings.menus.queries import entries_shown
from communities.points.queries import openings
from communities.points.rules import Opening
from homeservice.kernel.clock import local_day
from providers.catalogue.models import ServiceKind

CARDS_LAST_S = 600
OPENING_LASTS_S = 60


@dataclass(frozen=True, slots=True)
class CardsOfKind:
    """The cards of one kind as HTML, with what a tile of that kind shows."""

    code: str
    name: str
    icon: str
    count: int
    html: SafeString


def menu_cards(point: Any, *, mode: str) -> list[CardsOfKind]:
    """The cards of a point of `points_with_menus`, kind by kind in the order that staff gave.

    No query while they are cached, else one. They hold nothing of the person who looks.
    """
    key = _key(point, mode)
    cards = cast(list[CardsOfKind] | None, cache.get(key))
    if cards is None:
        entries = entries_shown(point.offered) if point.offered else []
        cards = [_rendered(kind, group, mode) for kind, group in _by_kind(entries)]
        cache.set(key, cards, CARDS_LAST_S)
    return cards


def opening_shown(point_id: int, at: datetime) -> Opening:
    """How the point stands at the instant, up to a minute old: its hours and closures are not asked for each view."""
    key = f"menu-opening:{point_id}:{local_day(at)}"
    opening = cast(Opening | None, cache.get(key))
    if opening is None:
        opening = openings([point_id], at)[point_id]
        cache.set(key, opening, OPENING_LASTS_S)
    return opening


def _key(point: Any, mode: str) -> str:
    offered = sha256(",".join(map(str, point.offered)).encode()).hexdigest()[:20]
    return f"menu-cards:{point.pk}:{point.menu_version}:{offered}:{get_language()}:{mode}"


def _by_kind(entries: list[MenuEntry]) -> list[tuple[ServiceKind, list[MenuEntry]]]:
    """Kinds in the order of their first entry; within a kind the entries keep the menu's order."""
    first: dict[str, int] = {}
    for place, entry in enumerate(entries):
        first.setdefault(entry.listing.item.kind_id, place)
    ordered = sorted(entries, key=lambda entry: first[entry.listing.item.kind_id])
    groups = groupby(ordered, key=lambda entry: entry.listing.item.kind_id)
    return [(rows[0].listing.item.kind, rows) for rows in (list(group) for _kind, group in groups)]


def _rendered(kind: ServiceKind, entries: list[MenuEntry], mode: str) -> CardsOfKind:
    context = {"kind": kind, "entries": entries, "elder_mode": mode == "elder"}
    html = render_to_string("bookings/menus/_cards.html", context)
    return CardsOfKind(kind.code, kind.name, kind.icon, len(entries), html)
