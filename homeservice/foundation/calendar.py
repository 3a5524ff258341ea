"""Which days are worked, which are off, and which are the law's own holidays."""

from datetime import date, timedelta
from typing import cast

import chinese_calendar.constants as announced
import holidays as holiday_calendars
from django.db import transaction

from homeservice.foundation.models import Holiday
from homeservice.foundation.rules import FESTIVALS, DayKind, kind_of

# What the two packages call the festivals.
_STATUTORY_NAMES = {
    "New Year's Day": "new_year", "Chinese New Year's Eve": "spring", "Chinese New Year (Spring Festival)": "spring",
    "Tomb-Sweeping Day": "qingming", "Labor Day": "labour", "Dragon Boat Festival": "dragon_boat",
    "Mid-Autumn Festival": "mid_autumn", "National Day": "national",
}  # fmt: skip
_ANNOUNCED_NAMES = {
    "New Year's Day": "new_year", "Spring Festival": "spring", "Tomb-sweeping Day": "qingming", "Labour Day": "labour",
    "Dragon Boat Festival": "dragon_boat", "Mid-autumn Festival": "mid_autumn", "National Day": "national",
}  # fmt: skip


def day_kind(day: date) -> DayKind:
    """Working, off or statutory. One query."""
    return kind_of(day, Holiday.objects.filter(pk=day).values_list("kind", flat=True).first())


def day_kinds(first: date, end: date) -> dict[date, DayKind]:
    """The kind of each day of [first, end). One query."""
    kinds = dict(Holiday.objects.filter(day__gte=first, day__lt=end).values_list("day", "kind"))
    days = (first + timedelta(days=n) for n in range((end - first).days))
    return {day: kind_of(day, kinds.get(day)) for day in days}


def is_statutory_holiday(day: date) -> bool:
    """Whether the day is one of the law's own: triple pay, holiday prices. One query."""
    return day_kind(day) == DayKind.STATUTORY


def statutory_holidays_between(first: date, end: date) -> list[date]:
    """The statutory holidays of [first, end), in order. One query."""
    rows = Holiday.objects.filter(kind=Holiday.Kind.STATUTORY, day__gte=first, day__lt=end)
    return list(rows.order_by("day").values_list("day", flat=True))


def working_days_after(day: date, count: int) -> date:
    """The `count`th working day after a day, which is itself not counted; 0 is the day itself. One query.

    Adjusted weekends count as worked and holidays as off, as deadlines of the authorities do.
    """
    if count < 0:
        raise ValueError("deadlines lie ahead")
    longest = day + timedelta(days=2 * count + 30)  # no stretch of days off is longer than a fortnight
    kinds = day_kinds(day + timedelta(days=1), longest + timedelta(days=1))
    worked = [other for other, kind in kinds.items() if kind == DayKind.WORKING]
    return worked[count - 1] if count else day


@transaction.atomic
def load_holidays(*, years: range) -> int:
    """The years' holidays stand in the table as the calendars know them; returns how many days. Safe to repeat.

    A year that the State Council has not announced yet gets the law's own days only, marked provisional,
    and its weekends stay as they are. Days of these years that are no longer so are taken out.
    """
    rows = [row for year in years for row in _holidays_of(year)]
    Holiday.objects.filter(day__year__gte=years.start, day__year__lt=years.stop).exclude(
        pk__in=[row.day for row in rows]
    ).delete()
    Holiday.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["day"], update_fields=["name_zh", "name_en", "kind", "provisional"]
    )
    return len(rows)


def last_announced_year() -> int:
    """The last year whose adjusted days are known."""
    return cast(int, max(announced.holidays).year)


def _holidays_of(year: int) -> list[Holiday]:
    statutory = _statutory_days(year)
    if year > last_announced_year():
        return [_holiday(day, name, Holiday.Kind.STATUTORY, provisional=True) for day, name in statutory.items()]
    free = {day: _ANNOUNCED_NAMES[name] for day, name in announced.holidays.items() if day.year == year}
    worked = {day: _ANNOUNCED_NAMES[name] for day, name in announced.workdays.items() if day.year == year}
    return [
        *(_holiday(day, name, Holiday.Kind.STATUTORY) for day, name in statutory.items()),
        *(_holiday(day, name, Holiday.Kind.ADJUSTED) for day, name in free.items() if day not in statutory),
        *(_holiday(day, name, Holiday.Kind.WORKDAY) for day, name in worked.items()),
    ]


def _statutory_days(year: int) -> dict[date, str]:
    """The law's own days of a year from 2025 on. Where two festivals meet, the day bears one name and counts once."""
    known = holiday_calendars.country_holidays("CN", years=year, observed=False, language="en_US")
    named = {day: name.split("; ")[0] for day, name in known.items() if day.year == year}
    return {day: _STATUTORY_NAMES[name] for day, name in named.items() if name in _STATUTORY_NAMES}


def _holiday(day: date, festival: str, kind: Holiday.Kind, *, provisional: bool = False) -> Holiday:
    name_zh, name_en = FESTIVALS[festival]
    return Holiday(day=day, name_zh=name_zh, name_en=name_en, kind=kind, provisional=provisional)
