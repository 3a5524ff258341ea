"""Working days as the State Council announced them, and as the law has them where it has not yet."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from homeservice.foundation.calendar import (
    day_kind,
    day_kinds,
    is_statutory_holiday,
    load_holidays,
    statutory_holidays_between,
    working_days_after,
)
from homeservice.foundation.models import Holiday
from homeservice.foundation.rules import DayKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _calendar() -> None:
    load_holidays(years=range(2025, 2028))


def test_spring_festival_of_2026_has_four_statutory_days_among_nine_days_off() -> None:
    kinds = day_kinds(date(2026, 2, 14), date(2026, 2, 25))
    assert [kind.value for kind in kinds.values()] == [
        "working", "off", "statutory", "statutory", "statutory", "statutory", "off", "off", "off", "off", "working",
    ]  # fmt: skip


def test_labour_day_has_two_statutory_days_since_2025() -> None:
    assert statutory_holidays_between(date(2025, 5, 1), date(2025, 5, 6)) == [date(2025, 5, 1), date(2025, 5, 2)]


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_a_year_has_thirteen_statutory_days(year: int) -> None:
    assert len(statutory_holidays_between(date(year, 1, 1), date(year + 1, 1, 1))) == 13


def test_a_saturday_may_be_worked_and_an_ordinary_one_is_off() -> None:
    assert day_kind(date(2026, 10, 10)) == DayKind.WORKING
    assert day_kind(date(2026, 11, 21)) == DayKind.OFF
    assert day_kind(date(2026, 11, 23)) == DayKind.WORKING


def test_an_adjusted_day_off_is_not_a_statutory_holiday() -> None:
    assert is_statutory_holiday(date(2026, 10, 3))
    assert not is_statutory_holiday(date(2026, 10, 7))
    assert day_kind(date(2026, 10, 7)) == DayKind.OFF


def test_a_year_not_announced_is_provisional_and_has_no_adjusted_days() -> None:
    rows = Holiday.objects.filter(day__year=2027)
    assert set(rows.values_list("kind", "provisional")) == {("statutory", True)}
    assert not Holiday.objects.filter(day__year=2026, provisional=True).exists()
    assert day_kind(date(2027, 10, 4)) == DayKind.WORKING


def test_a_deadline_steps_over_the_national_holiday_and_counts_the_worked_saturday() -> None:
    assert working_days_after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert working_days_after(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert working_days_after(date(2026, 9, 30), 4) == date(2026, 10, 12)
    assert working_days_after(date(2026, 9, 30), 0) == date(2026, 9, 30)


def test_long_deadlines_are_found_in_one_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        found = working_days_after(date(2025, 1, 1), 500)
    worked = [kind for kind in day_kinds(date(2025, 1, 2), found + timedelta(days=1)).values() if kind == "working"]
    assert len(worked) == 500


def test_a_deadline_in_the_past_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="ahead"):
        working_days_after(date(2026, 1, 1), -1)


def test_loading_again_changes_nothing_and_takes_out_what_is_no_longer_so() -> None:
    before = list(Holiday.objects.order_by("day").values())
    Holiday.objects.create(day=date(2026, 8, 8), name_zh="误", name_en="Mistake", kind="statutory")
    load_holidays(years=range(2025, 2028))
    assert list(Holiday.objects.order_by("day").values()) == before


def test_the_command_loads_two_years_ahead(monday_morning, capsys) -> None:
    call_command("load_holidays")
    assert Holiday.objects.filter(day=date(2028, 1, 1), provisional=True).exists()
    assert "2025 to 2028" in capsys.readouterr().out
