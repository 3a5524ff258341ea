"""Hours a day and a week, days off and rest: no free time breaks them, whatever was accepted before."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.orders.actions import ask_for
from bookings.slots.queries import free_times
from bookings.slots.rules import Diary, Engagement, Errand, Grid, free_starts
from homeservice.kernel.clock import at_local, day_bounds, local_day
from homeservice.kernel.errors import DomainError
from providers.workers.models import Leave, Worker, WorkLimit
from providers.workers.rules import Limits, why_not_load
from tests import world
from tests.bookings.ordering import hold, placed, tomorrow

MONDAY = date(2026, 11, 23)
SUNDAY_BEFORE = MONDAY - timedelta(days=1)
PLACE = (23.13, 113.34)
EVER = [(date(2026, 1, 1), date(2028, 1, 1))]
HOURS = [day_bounds(SUNDAY_BEFORE + timedelta(days=n)) for n in range(17)]

limits = st.builds(
    Limits,
    daily_min=st.sampled_from([120, 300, 480, 660, 720]),
    weekly_min=st.sampled_from([300, 900, 2400, 3120]),
    rest_min=st.sampled_from([0, 480, 600, 660, 900]),
    rest_days=st.integers(0, 4),
)
spans = st.tuples(st.integers(0, 16 * 48), st.sampled_from([60, 120, 210, 480, 900]))


def span(slot: int, minutes: int) -> tuple[datetime, datetime]:
    """So many minutes from a half-hour on, counted from the Sunday before."""
    starts_at = day_bounds(SUNDAY_BEFORE)[0] + timedelta(minutes=30 * slot)
    return starts_at, starts_at + timedelta(minutes=minutes)


def free_of(own: Limits, worked: list[tuple[datetime, datetime]], minutes: int, grid: Grid) -> list[datetime]:
    """The starts that the arithmetic on sets gives to somebody who is never away and works everywhere."""
    engagements = tuple(Engagement(begins, ends, *PLACE) for begins, ends in sorted(worked))
    diary = Diary(1, *PLACE, "ebike", (HOURS[0][:1] + HOURS[-1][1:],), (), engagements, (own,) * grid.days)
    return grid.slots(free_starts(grid, diary, Errand(*PLACE, minutes, 0), EVER))


@given(limits, st.lists(spans, max_size=9), st.sampled_from([60, 120, 300, 720]), st.integers(0, 5))
def test_sets_of_starts_keep_the_limits_exactly_as_the_rule_for_one_engagement_does(
    own: Limits, drawn: list[tuple[int, int]], minutes: int, first: int
) -> None:
    worked = [span(*one) for one in drawn]
    grid = Grid(MONDAY + timedelta(days=first), 4)
    lasts = timedelta(minutes=minutes)

    def overlaps(start: datetime) -> bool:
        return any(start < ends and start + lasts > begins for begins, ends in worked)

    every = [grid.instant(slot) for slot in range(grid.days * 48)]
    by_rule = [at for at in every if not overlaps(at) and why_not_load(own, worked, (at, at + lasts)) is None]
    assert free_of(own, worked, minutes, grid) == by_rule


@given(
    limits,
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from([60, 120, 210, 480]), st.integers(0, 300)), max_size=30),
)
def test_no_sequence_of_accepted_engagements_ever_breaks_a_limit(
    own: Limits, wishes: list[tuple[int, int, int]]
) -> None:
    worked: list[tuple[datetime, datetime]] = []
    for day, minutes, choice in wishes:
        free = free_of(own, worked, minutes, Grid(MONDAY + timedelta(days=day), 2))
        if free:
            start = free[choice % len(free)]
            worked.append((start, start + timedelta(minutes=minutes)))
    assert broken_by(own, worked) == []


def broken_by(own: Limits, worked: list[tuple[datetime, datetime]]) -> list[str]:
    """What a labour inspector would find in the finished diary, counted from scratch."""
    days: dict[date, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in worked:
        days[local_day(one[0])].append(one)
    minutes = {day: sum((ends - begins) // timedelta(minutes=1) for begins, ends in of) for day, of in days.items()}
    weeks: dict[date, list[date]] = defaultdict(list)
    for day in days:
        weeks[day - timedelta(days=day.weekday())].append(day)
    found = [f"{day} too long" for day, worked_min in minutes.items() if worked_min > own.daily_min]
    found += [f"{week} too long" for week, of in weeks.items() if sum(minutes[day] for day in of) > own.weekly_min]
    found += [f"{week} no day off" for week, of in weeks.items() if len(of) > 7 - own.rest_days]
    for day, of in days.items():
        following = days.get(day + timedelta(days=1))
        if following:
            rest = min(begins for begins, _ends in following) - max(ends for _begins, ends in of)
            found += [f"{day} no rest"] if rest < timedelta(minutes=own.rest_min) else []
    return found


@pytest.mark.django_db
@pytest.mark.usefixtures("monday_morning")
class TestInTheDiary:
    def times(self, town: world.Town, day: date, days: int = 1) -> list[datetime]:
        return free_times(ask_for(town.entry, town.home, 2), first_day=day, days=days, at=world.NOW)

    def test_a_day_that_is_full_by_law_shows_no_time_although_the_hours_are_open(self) -> None:
        town = world.town()
        WorkLimit.objects.create(
            relation="employee", daily_min=180, weekly_min=3000, rest_min=0, rest_days=1, basis="测试",
            valid_from=date(2026, 1, 1),
        )  # fmt: skip
        placed(town, tomorrow(8))
        assert self.times(town, tomorrow(8).date()) == []
        assert self.times(town, tomorrow(8).date() + timedelta(days=1)) != []

    def test_somebodys_own_lower_limit_counts(self) -> None:
        town = world.town()
        Worker.objects.filter(pk=town.worker.pk).update(daily_limit_min=120)
        placed(town, tomorrow(8))
        assert self.times(town, tomorrow(8).date()) == []

    def test_after_six_days_of_work_the_seventh_is_off(self) -> None:
        town = world.town()
        placed(town, at_local(MONDAY, time(14)))
        for n in range(5):
            placed(town, tomorrow(10) + timedelta(days=n))
        sunday = MONDAY + timedelta(days=6)
        assert self.times(town, sunday) == []
        assert self.times(town, sunday + timedelta(days=1)) != []
        with pytest.raises(DomainError) as refusal:
            hold(town.alice, town.home, town.entry, at_local(sunday, time(10)))
        assert refusal.value.code == "slot_gone"

    def test_leave_is_no_work_and_breaks_no_limit(self) -> None:
        town = world.town()
        Leave.objects.create(worker=town.worker, period=(tomorrow(8), tomorrow(20)))
        assert self.times(town, MONDAY + timedelta(days=2)) != []

    def test_a_new_limit_counts_from_its_first_day_on(self) -> None:
        town = world.town()
        WorkLimit.objects.create(
            relation="employee", daily_min=60, weekly_min=3000, rest_min=0, rest_days=1, basis="测试",
            valid_from=MONDAY + timedelta(days=2),
        )  # fmt: skip
        assert {local_day(at) for at in self.times(town, MONDAY, 5)} == {MONDAY, MONDAY + timedelta(days=1)}

    def test_the_times_of_a_week_are_read_in_nine_queries(self, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        town = world.town()
        ask = ask_for(town.entry, town.home, 2)
        free_times(ask, first_day=MONDAY, days=7, at=world.NOW)  # the entry's own rows are read here
        for workers in (1, 3):
            while town.enterprise.workers.count() < workers:
                world.worker(town.enterprise, "周阿姨")
            with django_assert_num_queries(9):
                free_times(ask, first_day=MONDAY, days=7, at=world.NOW)
