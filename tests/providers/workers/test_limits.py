"""The law's limits of working time: by the day, the week, the rest between days and the days off."""

from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from homeservice.kernel.clock import at_local, local_day
from providers.workers.models import WorkLimit
from providers.workers.queries import limits_of
from providers.workers.rules import PLATFORM_LIMITS, Engagement, Limits, lower_limits, why_not_load
from tests import world

MONDAY = date(2026, 11, 23)
EMPLOYED = Limits(660, 3120, 660, 1)


def shift(day: int, starts: int, ends: int) -> Engagement:
    """Full hours of Monday's week; an end beyond 24 lies on the day after."""
    midnight = at_local(MONDAY + timedelta(days=day), time.min)
    return midnight + timedelta(hours=starts), midnight + timedelta(hours=ends)


def test_a_day_may_be_filled_to_its_limit_and_not_beyond() -> None:
    assert why_not_load(EMPLOYED, [shift(0, 8, 17)], shift(0, 17, 19)) is None
    assert why_not_load(EMPLOYED, [shift(0, 8, 18)], shift(0, 18, 20)) == "daily_limit"


def test_one_engagement_longer_than_a_day_allows_is_refused_by_itself() -> None:
    assert why_not_load(EMPLOYED, [], shift(0, 8, 20)) == "daily_limit"


def test_a_week_may_be_filled_to_its_limit_and_not_beyond() -> None:
    five_tens = [shift(day, 8, 18) for day in range(5)]
    assert why_not_load(EMPLOYED, five_tens, shift(5, 8, 10)) is None
    assert why_not_load(EMPLOYED, five_tens, shift(5, 8, 11)) == "weekly_limit"


def test_a_new_week_begins_on_monday() -> None:
    five_tens = [shift(day, 8, 18) for day in range(5)]
    assert why_not_load(EMPLOYED, five_tens, shift(7, 8, 18)) is None
    assert why_not_load(EMPLOYED, five_tens, shift(-1, 8, 18)) is None


def test_the_seventh_day_is_a_day_off() -> None:
    six_fours = [shift(day, 8, 12) for day in range(6)]
    assert why_not_load(EMPLOYED, six_fours, shift(6, 8, 10)) == "days_off"
    assert why_not_load(EMPLOYED, six_fours, shift(5, 14, 16)) is None


@pytest.mark.parametrize(("starts", "answer"), [(9, "rest_between_days"), (10, None)])
def test_eleven_hours_lie_between_two_days(starts: int, answer: str | None) -> None:
    assert why_not_load(EMPLOYED, [shift(0, 15, 23)], shift(1, starts, 12)) == answer


def test_the_rest_is_asked_of_the_next_day_too() -> None:
    assert why_not_load(EMPLOYED, [shift(1, 8, 10)], shift(0, 20, 22)) == "rest_between_days"


def test_a_night_counts_for_the_day_it_begins_on() -> None:
    night = shift(0, 20, 31)
    assert why_not_load(EMPLOYED, [], night) is None
    assert why_not_load(EMPLOYED, [night], shift(1, 17, 19)) == "rest_between_days"
    assert why_not_load(EMPLOYED, [night], shift(1, 18, 20)) is None


def test_a_day_that_is_broken_already_is_not_held_against_another() -> None:
    assert why_not_load(EMPLOYED, [shift(0, 6, 20)], shift(2, 8, 10)) is None


def test_own_limits_count_only_where_they_are_lower() -> None:
    assert lower_limits(EMPLOYED, 300, 6000) == Limits(300, 3120, 660, 1)
    assert lower_limits(EMPLOYED, None, None) == EMPLOYED


hours = st.builds(shift, st.integers(-1, 8), st.integers(0, 14), st.integers(15, 30))
limits = st.builds(Limits, st.integers(60, 900), st.integers(120, 3600), st.integers(0, 720), st.integers(0, 3))


@given(limits, st.lists(hours, max_size=25))
def test_what_is_taken_one_by_one_never_breaks_a_limit(allowed: Limits, wished: list[Engagement]) -> None:
    taken: list[Engagement] = []
    for one in wished:
        if why_not_load(allowed, taken, one) is None:
            taken.append(one)
    assert_kept(allowed, taken)


def assert_kept(allowed: Limits, taken: list[Engagement]) -> None:
    """The limits, counted another way: day by day and week by week."""
    days = sorted({local_day(starts_at) for starts_at, _ends_at in taken})
    for day in days:
        assert minutes(taken, day, day) <= allowed.daily_min
        monday = day - timedelta(days=day.weekday())
        sunday = monday + timedelta(days=6)
        assert minutes(taken, monday, sunday) <= allowed.weekly_min
        assert sum(monday <= one <= sunday for one in days) <= 7 - allowed.rest_days
        if day + timedelta(days=1) in days:
            rest = min(of_day(taken, day + timedelta(days=1))) - max(ends_of(taken, day))
            assert rest >= timedelta(minutes=allowed.rest_min)


def minutes(taken: list[Engagement], first: date, last: date) -> int:
    return sum(int((one[1] - one[0]).total_seconds() // 60) for one in taken if first <= local_day(one[0]) <= last)


def of_day(taken: list[Engagement], day: date) -> list[datetime]:
    return [starts_at for starts_at, _ends_at in taken if local_day(starts_at) == day]


def ends_of(taken: list[Engagement], day: date) -> list[datetime]:
    return [ends_at for starts_at, ends_at in taken if local_day(starts_at) == day]


@given(limits, st.lists(hours, max_size=8), hours)
def test_a_stricter_limit_never_allows_more(allowed: Limits, taken: list[Engagement], one: Engagement) -> None:
    stricter = Limits(allowed.daily_min - 30, allowed.weekly_min - 60, allowed.rest_min + 60, allowed.rest_days + 1)
    if why_not_load(stricter, taken, one) is None:
        assert why_not_load(allowed, taken, one) is None


@pytest.mark.django_db
def test_everybody_has_the_limits_of_their_relation_lowered_by_their_own(django_assert_num_queries: Any) -> None:
    call_command("load_work_limits", stdout=StringIO())
    firm = world.enterprise()
    alice, bob = world.worker(firm, "爱丽丝"), world.worker(firm, "鲍勃", relation="flexible", daily_limit_min=240)
    with django_assert_num_queries(2):
        found = limits_of([alice.pk, bob.pk], MONDAY)
    assert found == {alice.pk: Limits(660, 3120, 660, 1), bob.pk: Limits(240, 3600, 600, 1)}


@pytest.mark.django_db
def test_a_limit_counts_from_its_first_day_to_its_last() -> None:
    alice = world.worker(world.enterprise())
    WorkLimit.objects.create(
        relation="employee", daily_min=480, weekly_min=2400, rest_min=720, rest_days=2, basis="test",
        valid_from=MONDAY, valid_until=MONDAY,
    )  # fmt: skip
    asked = [MONDAY + timedelta(days=days) for days in (-1, 0, 1)]
    assert [limits_of([alice.pk], day)[alice.pk] for day in asked] == [
        PLATFORM_LIMITS,
        Limits(480, 2400, 720, 2),
        PLATFORM_LIMITS,
    ]


@pytest.mark.django_db
def test_loading_the_limits_twice_changes_nothing() -> None:
    out = StringIO()
    call_command("load_work_limits", stdout=StringIO())
    call_command("load_work_limits", stdout=out)
    assert out.getvalue() == "5 limits of working time: 0 new, 0 changed.\n"
    assert WorkLimit.history.count() == 5


@pytest.mark.django_db
def test_a_broken_file_of_limits_loads_nothing(tmp_path: Any) -> None:
    broken = tmp_path / "limits.json"
    broken.write_text('{"limits": [{"relation": "serf", "daily_min": 1, "valid_from": "2026-01-01"}]}')
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("load_work_limits", limits=broken)
    assert not WorkLimit.objects.exists()
