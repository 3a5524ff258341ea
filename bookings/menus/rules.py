"""Pure rules of menus: what may stand on one, in which order, and which item a few typed letters mean."""

from collections.abc import Sequence
from datetime import time
from functools import lru_cache

from django.utils.translation import gettext as _
from pypinyin import Style, pinyin

from homeservice.kernel.clock import SLOT_MIN
from homeservice.kernel.errors import DomainError
from homeservice.kernel.money import yuan

MAX_SITTINGS = 24


def why_not_price(price_fen: int, *, listing_price_fen: int) -> DomainError | None:
    """A menu never asks more than the enterprise's own price."""
    if price_fen <= listing_price_fen:
        return None
    message = _("The enterprise asks %(price)s. A menu may ask that or less.") % {"price": yuan(listing_price_fen)}
    return DomainError("price_above_listing", message, field="price")


def why_not_seats(*, needs_worker: bool, capacity: int | None, sittings: Sequence[time]) -> DomainError | None:
    """What needs no worker (meals, day care) needs places and times; what needs one has neither."""
    if needs_worker:
        if capacity is None and not sittings:
            return None
        return DomainError(
            "seats_not_needed", _("A worker comes for this item: leave places and times empty."), field="capacity"
        )
    if not capacity:
        return DomainError("capacity_missing", _("Say how many places each time has."), field="capacity")
    if not sittings:
        return DomainError("sittings_missing", _("Give at least one time, such as 11:30."), field="sittings")
    return _why_not_times(sittings)


def read_times(text: str) -> list[time]:
    """`11:30, 12:30` (also with Chinese commas or spaces) as sorted times, each once.

    Raises `sittings_unreadable` with the piece that is no time.
    """
    pieces = text.replace("，", ",").replace("、", ",").replace("：", ":").replace(",", " ").split()
    return sorted({_read_time(piece) for piece in pieces})


def moved(ids: Sequence[int], entry_id: int, place: int) -> list[int]:
    """The ids with one of them moved to a place (0 is first; beyond either end means that end)."""
    others = [other for other in ids if other != entry_id]
    place = min(max(place, 0), len(others))
    return [*others[:place], entry_id, *others[place:]]


def means(query: str, *texts: str) -> bool:
    """Whether the query is part of one of the texts, or is a run of a text's pinyin or its first letters."""
    sought = "".join(query.casefold().split())
    if not sought:
        return False
    return any(sought in "".join(text.casefold().split()) or _sounds_like(sought, text) for text in texts)


def _sounds_like(sought: str, text: str) -> bool:
    if not sought.isascii() or len(sought) < 2:
        return False
    return sought in _spelling(text) or _begins_somewhere(sought, _initials(text))


def _begins_somewhere(letters: str, initials: Sequence[frozenset[str]]) -> bool:
    starts = range(len(initials) - len(letters) + 1)
    return any(all(letter in initials[start + i] for i, letter in enumerate(letters)) for start in starts)


@lru_cache(maxsize=4096)
def _initials(text: str) -> tuple[frozenset[str], ...]:
    """For each character the letters that its readings begin with (长 is c or z)."""
    readings = pinyin(text, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    return tuple(frozenset(letter.lower() for letter in letters) for letters in readings)


@lru_cache(maxsize=4096)
def _spelling(text: str) -> str:
    return "".join(syllables[0] for syllables in pinyin(text, style=Style.NORMAL, errors="ignore"))


def _read_time(piece: str) -> time:
    try:
        hour, minute = piece.split(":")
        return time(int(hour), int(minute))
    except ValueError:
        message = _("“%(piece)s” is not a time. Write times as 11:30, with commas between them.") % {"piece": piece}
        raise DomainError("sittings_unreadable", message, field="sittings") from None


def _why_not_times(sittings: Sequence[time]) -> DomainError | None:
    if len(sittings) > MAX_SITTINGS:
        return DomainError("sittings_too_many", _("These are too many times for one day."), field="sittings")
    if any(start.minute % SLOT_MIN or start.second for start in sittings):
        return DomainError("sittings_off_grid", _("Times start on the hour or the half hour."), field="sittings")
    return None
