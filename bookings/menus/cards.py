"""The cards of a point's menu, rendered once for each version, language and mode.

The key holds two things that change: `Menu.version`, raised by every change that staff make, and the ids
of what is on offer this moment. Suspending an enterprise or ending a listing changes those ids in the same
instant, although nobody touched the menu; so no cached card can outlive it. Only words of the catalogue
(an item's name) may be up to `CARDS_LAST_S` old.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
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
LONGEST_CODE = 40  # of a kind; longer ones name none, and would make keys beyond what caches take


@dataclass(frozen=True, slots=True)
class CardsOfKind:
    """The cards of one kind as HTML, and the kind for its tile."""

    kind: ServiceKind
    html: SafeString


def menu_html(point: Any, *, kind_code: str, mode: str) -> SafeString:
    """Tiles and cards of a point of `points_with_menus`: of one kind, or of all if it has none of that kind.

    Kinds and entries stand in the order that staff gave. No query while it is cached, else one. It holds
    nothing of the person who looks.
    """
    key = _key(point, mode)
    own_key = f"{key}:{kind_code}" if kind_code.isidentifier() and len(kind_code) <= LONGEST_CODE else key
    cached = cast(SafeString | None, cache.get(own_key))
    if cached is not None:
        return cached
    cards = _cards(point, key)
    chosen = [one for one in cards if one.kind.code == kind_code]
    if kind_code and not chosen:
        return menu_html(point, kind_code="", mode=mode)
    context = {"cards": cards, "shown": chosen or cards, "chosen": chosen[0].kind if chosen else None}
    html = render_to_string("bookings/menus/_menu.html", context)
    cache.set(own_key, html, CARDS_LAST_S)
    return html


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
    return f"menu:{point.pk}:{point.menu_version}:{offered}:{get_language()}:{mode}"


def _cards(point: Any, key: str) -> list[CardsOfKind]:
    cards = cast(list[CardsOfKind] | None, cache.get(f"{key}::cards"))
    if cards is None:
        entries = entries_shown(point.offered) if point.offered else []
        cards = [_rendered(kind, group) for kind, group in _by_kind(entries)]
        cache.set(f"{key}::cards", cards, CARDS_LAST_S)
    return cards


def _by_kind(entries: list[MenuEntry]) -> list[tuple[ServiceKind, list[MenuEntry]]]:
    """Kinds in the order of their first entry; within a kind the entries keep the menu's order."""
    groups: dict[str, list[MenuEntry]] = {}
    for entry in entries:
        groups.setdefault(entry.listing.item.kind_id, []).append(entry)
    return [(group[0].listing.item.kind, group) for group in groups.values()]


def _rendered(kind: ServiceKind, entries: list[MenuEntry]) -> CardsOfKind:
    return CardsOfKind(kind, render_to_string("bookings/menus/_cards.html", {"kind": kind, "entries": entries}))
