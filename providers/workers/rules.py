"""Working hours, leave and the law's limits: what may stand in a worker's week. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from homeservice.kernel.clock import SLOT_MIN, local_day
from homeservice.kernel.errors import DomainError

MOST_HOURS_A_DAY = 12
LONGEST_LEAVE_DAYS = 366
LEAST_AGE_YEARS = 18  # 劳动法 15 says 16; in strangers' homes the platform says 18
RADIUS_M = (500, 50_000)
LONGEST_DAY_MIN, LONGEST_WEEK_MIN = 720, 3600  # what somebody may set as own limits
WORDS_MAX, WORD_MAX = 12, 20


Engagement = tuple[datetime, datetime]
DAYS_A_WEEK = 7
MINUTE = timedelta(minutes=1)


class Limits(NamedTuple):
    """How long somebody may work (Monday to Sunday), the rest between two days, and the days off a week."""

    daily_min: int
    weekly_min: int
    rest_min: int
    rest_days: int


PLATFORM_LIMITS = Limits(720, 3600, 600, 1)  # for a relation that the table of limits does not name


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


def why_not_worker(born: date, on_date: date) -> DomainError | None:
    """Why somebody born then can't be a worker yet, or None."""
    if years_old(born, on_date) >= LEAST_AGE_YEARS:
        return None
    message = _("A worker must be at least %(years)s years old.") % {"years": LEAST_AGE_YEARS}
    return DomainError("worker_too_young", message, field="id_number")


def why_not_facts(service_radius_m: int, daily_min: int | None, weekly_min: int | None) -> DomainError | None:
    """Why a worker's radius and own limits can't stand, or None."""
    if not RADIUS_M[0] <= service_radius_m <= RADIUS_M[1]:
        return DomainError("service_radius", _("The radius lies between 500 m and 50 km."), field="service_radius_m")
    if daily_min is not None and not 0 < daily_min <= LONGEST_DAY_MIN:
        message = _("At most %(count)s hours a day.") % {"count": LONGEST_DAY_MIN // 60}
        return DomainError("daily_limit", message, field="daily_limit_min")
    if weekly_min is not None and not 0 < weekly_min <= LONGEST_WEEK_MIN:
        message = _("At most %(count)s hours a week.") % {"count": LONGEST_WEEK_MIN // 60}
        return DomainError("weekly_limit", message, field="weekly_limit_min")
    return None


def why_not_words(words: Sequence[str], field: str) -> DomainError | None:
    """Why such a list of words can't stand, or None: few, short, none empty."""
    if len(words) > WORDS_MAX:
        message = _("At most %(count)s words.") % {"count": WORDS_MAX}
        return DomainError(f"{field}_too_many", message, field=field)
    if any(not word.strip() or len(word) > WORD_MAX for word in words):
        message = _("At most %(count)s characters for one word.") % {"count": WORD_MAX}
        return DomainError(f"{field}_too_long", message, field=field)
    return None


def why_not_load(limits: Limits, worked: Sequence[Engagement], candidate: Engagement) -> str | None:
    """Why somebody may not also work the candidate [start, end), or None. An engagement counts for the day it begins on.

    `worked` are the others, at least those that begin in the candidate's week and on the days beside it. Codes:
    `daily_limit`, `weekly_limit`, `days_off`, `rest_between_days`. What is broken elsewhere already is not asked.
    """
    day = local_day(candidate[0])
    monday = day - timedelta(days=day.weekday())
    by_day = _by_day(worked)
    week = [one for offset in range(DAYS_A_WEEK) for one in by_day[monday + timedelta(days=offset)]]
    if _worked_min([*by_day[day], candidate]) > limits.daily_min:
        return "daily_limit"
    if _worked_min([*week, candidate]) > limits.weekly_min:
        return "weekly_limit"
    days = {local_day(starts_at) for starts_at, _ends_at in week}
    if day not in days and len(days) + 1 > DAYS_A_WEEK - limits.rest_days:
        return "days_off"
    return None if _is_rested(limits.rest_min, by_day, day, candidate) else "rest_between_days"


def lower_limits(limits: Limits, daily_min: int | None, weekly_min: int | None) -> Limits:
    """The limits with somebody's own, which count where they are lower."""
    return limits._replace(
        daily_min=min(limits.daily_min, daily_min or limits.daily_min),
        weekly_min=min(limits.weekly_min, weekly_min or limits.weekly_min),
    )


def years_old(born: date, on_date: date) -> int:
    """Completed years of age."""
    return on_date.year - born.year - ((on_date.month, on_date.day) < (born.month, born.day))


def _by_day(worked: Iterable[Engagement]) -> dict[date, list[Engagement]]:
    by_day: dict[date, list[Engagement]] = defaultdict(list)
    for engagement in worked:
        by_day[local_day(engagement[0])].append(engagement)
    return by_day


def _worked_min(engagements: Iterable[Engagement]) -> int:
    return sum(int((ends_at - starts_at) / MINUTE) for starts_at, ends_at in engagements)


def _is_rested(rest_min: int, by_day: dict[date, list[Engagement]], day: date, candidate: Engagement) -> bool:
    """Whether enough time lies between the day and both days beside it, as they would be with the candidate."""
    first = min(starts_at for starts_at, _ends_at in [*by_day[day], candidate])
    last = max(ends_at for _starts_at, ends_at in [*by_day[day], candidate])
    before = [ends_at for _starts_at, ends_at in by_day[day - timedelta(days=1)]]
    after = [starts_at for starts_at, _ends_at in by_day[day + timedelta(days=1)]]
    rests = [first - max(before)] if before else []
    rests += [min(after) - last] if after else []
    return all(rest >= rest_min * MINUTE for rest in rests)


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
