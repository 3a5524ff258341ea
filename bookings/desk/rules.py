"""What the desk's inbox shows first, and how what was typed into its search is understood. Pure."""

import re
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NEAR_START = timedelta(hours=3)
SEARCHED_BACK = timedelta(days=90)
NAMES_READ = 3000  # the most names that one search decrypts
RESULTS_SHOWN = 50

OFFER, NO_WORKER, UNCONFIRMED, LOCKED = "offer", "no_worker", "unconfirmed", "locked"
UNSAFE, UNFILLED, NO_SHOW = "unsafe", "unfilled", "no_show"
FOLLOW_UP = frozenset({UNFILLED, NO_SHOW})  # over already: after everything that can still be saved

KIND_WORDS: dict[str, str | Promise] = {
    OFFER: _("To answer"),
    UNSAFE: _("Refused as unsafe"),
    LOCKED: _("Door code locked"),
    NO_WORKER: _("Without a worker"),
    UNCONFIRMED: _("Not confirmed, starts soon"),
    UNFILLED: _("Nobody found today"),
    NO_SHOW: _("No-show today"),
}
KIND_TONES = {
    OFFER: "info", UNSAFE: "bad", LOCKED: "warn", NO_WORKER: "warn", UNCONFIRMED: "warn", UNFILLED: "off",
    NO_SHOW: "off",
}  # fmt: skip

_NUMBER = re.compile(r"[0-9]{6}[0-9A-Z]{2,8}")


def urgency(kind: str, clock: datetime, key: int) -> tuple[bool, datetime, int]:
    """Sorts what can still be saved by its clock, then what is to be followed up."""
    return kind in FOLLOW_UP, clock, key


def booking_no_typed(text: str) -> str | None:
    """The booking number (or its beginning, from eight characters on) that the text is, or None."""
    typed = text.strip().upper().replace(" ", "")
    return typed if _NUMBER.fullmatch(typed) else None


def spreadsheet_safe(cell: str) -> str:
    """The cell as text: no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
