"""Working hours and leave: what may stand in a worker's week. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from homeservice.kernel.clock import SLOT_MIN
from homeservice.kernel.errors import DomainError

MOST_HOURS_A_DAY = 12
LONGEST_LEAVE_DAYS = 366
LEAST_AGE_YEARS = 16  # 劳动法 15; the gate keeps those under 18 out of homes


class Span(NamedTuple):
    """Working hours on one weekday (0 is Monday)."""

    weekday: int
    starts: time
    ends: time


def why_not_hours(spans: Iterable[Span]) -> DomainError | None:
    """Why a week of working hours can't stand, or None. The field is `day_<weekday>`."""
    by_day: dict[int, list[Span]] = defaultdict(list)
    for span in sorted(spans):
        by_day[span.weekday].append(span)
    for weekday, day in by_day.items():
        if message := _why_not_day(day):
            return DomainError("working_hours", message, field=f"day_{weekday}")
    return None


def why_not_leave(starts_at: datetime, ends_at: datetime, *, at: datetime) -> DomainError | None:
    """Why a leave can't be entered, or None. Leave may begin in the past (a call in the morning), not end there."""
    if ends_at <= starts_at:
        return DomainError("leave_backwards", _("The leave ends before it begins."), field="ends")
    if ends_at <= at:
        return DomainError("leave_past", _("This leave is over already."), field="ends")
    if (ends_at - starts_at).days > LONGEST_LEAVE_DAYS:
        return DomainError("leave_too_long", _("Leave is entered for a year at most."), field="ends")
    return None


def years_old(born: date, on_date: date) -> int:
    """Completed years of age."""
    return on_date.year - born.year - ((on_date.month, on_date.day) < (born.month, born.day))


def _why_not_day(day: list[Span]) -> str | None:
    if any(span.ends <= span.starts for span in day):
        return _("The end must come after the beginning.")
    if any(wall.minute % SLOT_MIN or wall.second for span in day for wall in (span.starts, span.ends)):
        return _("Please use full and half hours.")
    if any(later.starts < earlier.ends for earlier, later in pairwise(day)):
        return _("The two parts of the day overlap.")
    if sum(_minutes(span.ends) - _minutes(span.starts) for span in day) > MOST_HOURS_A_DAY * 60:
        return _("At most %(count)s hours a day.") % {"count": MOST_HOURS_A_DAY}
    return None


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute
