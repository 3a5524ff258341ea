from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bookings.slots.rules import Diary, Engagement, Errand, Grid, free_starts, nearest_to, starts_of_crew
from homeservice.kernel.clock import at_local

DAY = date(2026, 11, 24)
GRID = Grid(DAY, 2)
HOME = (23.13, 113.34)
EVER = [(date(2026, 1, 1), date(2027, 1, 1))]


def at(hours: float) -> datetime:
    return at_local(DAY, time()) + timedelta(hours=hours)


def diary(**fields: object) -> Diary:
    basics = {"worker_id": 1, "lat": HOME[0], "lon": HOME[1], "transport": "ebike", "working": ((at(8), at(20)),)}
    return Diary(**{**basics, **fields})  # type: ignore[arg-type]


def errand(minutes: int = 120, cleanup: int = 0) -> Errand:
    return Errand(*HOME, minutes, cleanup)


def hours_of(starts: int) -> list[float]:
    return [(start - at(0)).total_seconds() / 3600 for start in GRID.slots(starts)]


def test_an_empty_diary_is_free_from_opening_to_the_last_start_that_still_ends_in_time() -> None:
    free = hours_of(free_starts(GRID, diary(), errand(), EVER))
    assert free == [8 + n / 2 for n in range(21)]


def test_a_visit_in_the_diary_takes_its_time_clean_up_and_the_way() -> None:
    # three kilometres away: 5 + ceil(3000 * 1.3 / 270) = 20 minutes by e-bike
    far = Engagement(at(12), at(14.25), HOME[0] + 3000 / 111_320, HOME[1])
    free = hours_of(free_starts(GRID, diary(engagements=(far,)), errand(cleanup=10), EVER))
    assert free == [8, 8.5, 9, 9.5, 15, 15.5, 16, 16.5, 17, 17.5, 18]


def test_neighbours_in_one_building_can_follow_each_other_without_a_way() -> None:
    here = Engagement(at(12), at(14), *HOME)
    free = hours_of(free_starts(GRID, diary(engagements=(here,)), errand(), EVER))
    assert free == [8, 8.5, 9, 9.5, 10, *(14 + n / 2 for n in range(9))]


def test_leave_and_days_without_valid_papers_are_not_free() -> None:
    leave = diary(leaves=((at(12), at(16)),))
    assert hours_of(free_starts(GRID, leave, errand(), EVER)) == [8, 8.5, 9, 9.5, 10, *(16 + n / 2 for n in range(5))]
    assert free_starts(GRID, diary(), errand(), [(date(2026, 1, 1), DAY)]) == 0
    assert free_starts(GRID, diary(), errand(), [(DAY + timedelta(days=1), date(2027, 1, 1))]) == 0


def test_a_crew_of_two_needs_two_free_workers_at_the_same_time() -> None:
    early, late, other = 0b0111, 0b1110, 0b1000
    assert starts_of_crew([early, late], 2) == 0b0110
    assert starts_of_crew([early, late, other], 2) == 0b1110
    assert starts_of_crew([early, late, other], 3) == 0
    assert starts_of_crew([early], 2) == 0


def test_the_nearest_times_come_in_order_of_time() -> None:
    free = [at(8), at(10), at(13), at(15), at(19)]
    assert nearest_to(at(14), free, 3) == [at(10), at(13), at(15)]


spans = st.tuples(st.integers(0, 2800), st.integers(1, 600)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(
    working=st.lists(spans, max_size=3), leaves=st.lists(spans, max_size=2),
    visits=st.lists(st.tuples(st.integers(0, 2800), st.integers(30, 300), st.integers(0, 40)), max_size=4),
    minutes=st.integers(30, 480), cleanup=st.integers(0, 30),
)  # fmt: skip
def test_bit_arithmetic_agrees_with_looking_at_each_start(
    working: list[tuple[int, int]], leaves: list[tuple[int, int]], visits: list[tuple[int, int, int]],
    minutes: int, cleanup: int,
) -> None:  # fmt: skip
    def moment(minute: int) -> datetime:
        return at(0) + timedelta(minutes=minute)

    engagements = tuple(
        Engagement(moment(start), moment(start + length), HOME[0] + hundreds * 100 / 111_320, HOME[1])
        for start, length, hundreds in visits
    )
    person = diary(
        working=tuple((moment(a), moment(b)) for a, b in working),
        leaves=tuple((moment(a), moment(b)) for a, b in leaves), engagements=engagements,
    )  # fmt: skip
    wish = errand(minutes, cleanup)

    def fits(start: int) -> bool:
        end = start + minutes
        if not any(a <= start and end <= b for a, b in working):
            return False
        if any(start < b and a < end for a, b in leaves):
            return False
        for (first, length, _), other in zip(visits, engagements, strict=True):
            way = person.travel_to(other, wish)
            if not (end + cleanup + way <= first or first + length + way <= start):
                return False
        return True

    expected = [moment(start) for start in range(0, 2880, 30) if fits(start)]
    assert GRID.slots(free_starts(GRID, person, wish, EVER)) == expected
