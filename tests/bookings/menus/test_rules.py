from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.menus.rules import means, moved, read_times, why_not_price, why_not_seats
from homeservice.kernel.errors import DomainError


def test_a_price_up_to_the_listings_is_fine() -> None:
    assert why_not_price(4500, listing_price_fen=4500) is None


def test_a_price_above_the_listings_is_refused_at_its_field() -> None:
    refusal = why_not_price(4501, listing_price_fen=4500)
    assert refusal is not None
    assert (refusal.code, refusal.field) == ("price_above_listing", "price")
    assert "¥45.00" in refusal.message


@pytest.mark.parametrize(
    ("capacity", "sittings", "code"),
    [
        (None, [time(11, 30)], "capacity_missing"),
        (0, [time(11, 30)], "capacity_missing"),
        (30, [], "sittings_missing"),
        (30, [time(11, 40)], "sittings_off_grid"),
        (30, [time(hour, 0) for hour in range(24)] + [time(0, 30)], "sittings_too_many"),
    ],
)
def test_seats_need_places_and_times_on_the_half_hour(capacity: int | None, sittings: list[time], code: str) -> None:
    refusal = why_not_seats(needs_worker=False, capacity=capacity, sittings=sittings)
    assert refusal is not None
    assert refusal.code == code


def test_what_a_worker_does_has_no_seats() -> None:
    assert why_not_seats(needs_worker=True, capacity=None, sittings=[]) is None
    refusal = why_not_seats(needs_worker=True, capacity=5, sittings=[])
    assert refusal is not None
    assert refusal.code == "seats_not_needed"


@pytest.mark.parametrize("text", ["11:30, 12:30", "12:30，11:30", "11:30、12:30、11:30", " 11：30  12:30 "])
def test_times_are_read_however_people_separate_them(text: str) -> None:
    assert read_times(text) == [time(11, 30), time(12, 30)]


def test_no_times_are_an_empty_list() -> None:
    assert read_times("  ") == []


@pytest.mark.parametrize("text", ["25:00", "noon", "11.30", "11:30:00", "-1:00", "11:", "１１點"])
def test_what_is_no_time_is_named_in_the_refusal(text: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read_times(f"10:00, {text}")
    assert (refusal.value.code, refusal.value.field) == ("sittings_unreadable", "sittings")
    assert text in refusal.value.message


@pytest.mark.parametrize(
    ("place", "after"), [(0, [3, 1, 2]), (1, [1, 3, 2]), (2, [1, 2, 3]), (-5, [3, 1, 2]), (99, [1, 2, 3])]
)
def test_a_moved_entry_stands_where_it_was_put(place: int, after: list[int]) -> None:
    assert moved([1, 2, 3], 3, place) == after


@given(st.lists(st.integers(), unique=True, min_size=1), st.data(), st.integers(-5, 50))
def test_moving_keeps_every_entry_once_and_the_others_in_order(ids: list[int], data: st.DataObject, place: int) -> None:
    entry_id = data.draw(st.sampled_from(ids))
    after = moved(ids, entry_id, place)
    assert sorted(after) == sorted(ids)
    assert [other for other in after if other != entry_id] == [other for other in ids if other != entry_id]


@pytest.mark.parametrize(
    "query", ["保洁", "日常", "日 常", "rcbj", "bj", "RCBJ", "baojie", "daily", "Clean", "daily cleaning"]
)
def test_an_item_is_found_by_chinese_english_pinyin_and_first_letters(query: str) -> None:
    assert means(query, "日常保洁", "Daily cleaning")


@pytest.mark.parametrize("query", ["", "  ", "做饭", "xyz", "b", "%", "😀", "rb"])
def test_what_means_something_else_is_not_found(query: str) -> None:
    assert not means(query, "日常保洁", "Everyday tidying")


def test_a_character_is_read_as_its_word_reads_it() -> None:
    assert means("zzft", "长者饭堂")
    assert means("zhangzhe", "长者饭堂")
