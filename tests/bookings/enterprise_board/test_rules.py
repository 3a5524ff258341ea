from datetime import UTC, date, datetime

from bookings.enterprise_board.rules import free_gaps, week_of


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=UTC)


def test_a_week_runs_from_monday_to_sunday() -> None:
    days = week_of(date(2026, 11, 26))
    assert (days[0], days[-1], len(days)) == (date(2026, 11, 23), date(2026, 11, 29), 7)


def test_gaps_are_what_nothing_takes_an_hour_long_and_not_past() -> None:
    working = [(at(8), at(12)), (at(14), at(18))]
    taken = [(at(9), at(10)), (at(11, 30), at(15)), (at(17, 30), at(20))]
    assert free_gaps(working, taken, after=at(0)) == [(at(8), at(9)), (at(10), at(11, 30)), (at(15), at(17, 30))]
    assert free_gaps(working, taken, after=at(10, 45)) == [(at(15), at(17, 30))]


def test_a_gap_begins_on_the_half_hour() -> None:
    assert free_gaps([(at(8), at(12))], [], after=at(9, 10)) == [(at(9, 30), at(12))]


def test_a_leave_over_everything_leaves_nothing() -> None:
    assert free_gaps([(at(8), at(12))], [(at(0), at(23))], after=at(0)) == []
