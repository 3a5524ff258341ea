"""When a point is open."""

from datetime import datetime, time, timedelta

from communities.points.rules import Opening, Period, covers, less, opening_at
from homeservice.kernel.clock import at_local
from tests.world import MONDAY


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return at_local(MONDAY + timedelta(days=day), time(hour, minute))


MORNING: Period = (at(8), at(12))
AFTERNOON: Period = (at(14), at(18))
TOMORROW: Period = (at(8, day=1), at(12, day=1))
WEEK = [MORNING, AFTERNOON, TOMORROW]


def test_a_closure_cuts_what_it_covers_and_nothing_else() -> None:
    assert less([MORNING], [(at(9), at(10))]) == [(at(8), at(9)), (at(10), at(12))]
    assert less([MORNING, AFTERNOON], [(at(11), at(15))]) == [(at(8), at(11)), (at(15), at(18))]
    assert less([MORNING], [(at(8), at(12))]) == []
    assert less([MORNING], [(at(12), at(13))]) == [MORNING]
    assert less([MORNING], []) == [MORNING]


def test_a_period_is_covered_by_one_opening_not_by_two() -> None:
    assert covers(WEEK, (at(8), at(12)))
    assert not covers(WEEK, (at(11), at(15)))
    assert not covers(WEEK, (at(7, 30), at(9)))


def test_an_open_point_says_when_it_closes() -> None:
    assert opening_at(WEEK, at(8)) == Opening((MORNING, AFTERNOON), closes_at=at(12))
    assert opening_at(WEEK, at(8)).open_now


def test_at_the_minute_of_closing_it_is_closed_and_says_when_it_opens_again() -> None:
    assert opening_at(WEEK, at(12)) == Opening((MORNING, AFTERNOON), opens_at=at(14))
    assert opening_at(WEEK, at(18)) == Opening((MORNING, AFTERNOON), opens_at=at(8, day=1))


def test_a_point_that_never_opens_says_nothing() -> None:
    assert opening_at([], at(9)) == Opening()
