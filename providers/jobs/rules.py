"""What an opening must say, and what may be done with an application when. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from homeservice.kernel.errors import DomainError

PLACES_MAX = 500
PAY_MAX_FEN = 10_000_000
OPEN_DAYS_MAX = 180
OPEN_STATES = frozenset({"applied", "interview"})


@dataclass(frozen=True, slots=True)
class Terms:
    """The figures of an opening."""

    pay_low_fen: int
    pay_high_fen: int
    places: int
    closes_date: date


def why_not_terms(terms: Terms, *, placed: int, today: date) -> DomainError | None:
    """Why an opening can't be published so, or None."""
    if not 0 < terms.pay_low_fen <= PAY_MAX_FEN:
        return DomainError("pay_missing", _("Say what is paid: people decide by it."), field="pay_low")
    if not terms.pay_low_fen <= terms.pay_high_fen <= PAY_MAX_FEN:
        return DomainError("pay_backwards", _("The highest pay lies below the lowest."), field="pay_high")
    if not 1 <= terms.places <= PLACES_MAX:
        return DomainError("places_wrong", _("An opening has 1 to 500 places."), field="places")
    if terms.places < placed:
        message = _("%(placed)s people are placed already.") % {"placed": placed}
        return DomainError("places_filled", message, field="places")
    if terms.closes_date < today:
        return DomainError("closes_past", _("This day has passed."), field="closes_date")
    if terms.closes_date > today + timedelta(days=OPEN_DAYS_MAX):
        message = _("An opening stays for at most %(days)s days: then look whether it still holds.")
        return DomainError("closes_late", message % {"days": OPEN_DAYS_MAX}, field="closes_date")
    return None


def why_not_open(state: str) -> DomainError | None:
    """Why an application can no longer be answered or withdrawn, or None."""
    if state in OPEN_STATES:
        return None
    return DomainError("application_over", _("This application has been answered or withdrawn already."))
