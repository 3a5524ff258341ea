"""What may be posted, and which compared price is true. Without a database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.listings.rules import (
    PLATFORM_TIERS,
    AddOn,
    Offered,
    Posted,
    fee_bp_at,
    true_compared_price,
    why_not_publish,
)
from tests.world import NOW

CLEANING = Offered(
    school_subject=False,
    bookable=True,
    price_low_fen=3800,
    price_high_fen=5500,
    min_quantity=2,
    max_quantity=8,
    city="4401",
)
PLAIN = Posted(price_fen=4500, includes_zh=("擦拭台面",))


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"price_fen": 0}, "listing_price", "price"),
        ({"min_quantity": 1}, "listing_quantity", "min_quantity"),
        ({"min_quantity": 9}, "listing_quantity", "min_quantity"),
        ({"areas": ("440106", "4403")}, "listing_area", "areas"),
        ({"includes_zh": ("x",) * 13}, "listing_steps", "includes_zh"),
        ({"includes_zh": ("长" * 101,)}, "listing_steps", "includes_zh"),
        ({"includes_en": ("one", "two")}, "listing_steps", "includes_en"),
        ({"excludes_zh": ("擦拭台面",)}, "listing_steps", "excludes_zh"),
        ({"add_ons": (AddOn("", 100),)}, "listing_add_ons", "add_ons"),
        ({"add_ons": (AddOn("擦窗", 0),)}, "listing_add_ons", "add_ons"),
        ({"add_ons": (AddOn("擦窗", 1), AddOn("擦窗", 2))}, "listing_add_ons", "add_ons"),
        ({"add_ons": tuple(AddOn(f"加项{n}", 1) for n in range(9))}, "listing_add_ons", "add_ons"),
        ({"holiday_bp": 20_001}, "listing_surcharge", "holiday_percent"),
        ({"night_bp": 3000}, "listing_night", "night_from"),
        ({"travel_fen_per_km": 2001}, "listing_travel", "travel_yuan_per_km"),
        ({"cancel_tiers": ((12, 100), (4, 0), (0, 0))}, "listing_cancel", "cancel_4"),
        ({"cancel_tiers": ((12, 0), (4, 2001), (0, 5000))}, "listing_cancel", "cancel_4"),
        ({"cancel_tiers": ((12, 0), (4, 2000), (0, 5001))}, "listing_cancel", "cancel_0"),
        ({"cancel_tiers": ((4, 2000), (0, 5000))}, "listing_cancel", "cancel_4"),
        ({"cancel_tiers": ((0, 5000), (4, 2000))}, "listing_cancel", "cancel_4"),
        ({"terms_zh": "长" * 301}, "listing_terms", "terms_zh"),
    ],
)
def test_what_can_not_be_posted_is_refused_at_its_field(change, code, field):
    refusal = why_not_publish(CLEANING, replace(PLAIN, **change))
    assert refusal is not None
    assert (refusal.code, refusal.field) == (code, field)


def test_full_terms_within_the_limits_are_posted():
    posted = replace(
        PLAIN, min_quantity=3, areas=("440106",), add_ons=(AddOn("擦窗", 3000, "Windows"),), holiday_bp=5000,
        cancel_tiers=PLATFORM_TIERS, travel_fen_per_km=300, travel_free_m=5000,
    )  # fmt: skip
    assert why_not_publish(CLEANING, posted) is None


@pytest.mark.parametrize(
    ("change", "code"), [({"school_subject": True}, "listing_school_subject"), ({"bookable": False}, "not_bookable")]
)
def test_an_item_that_is_never_offered(change, code):
    refusal = why_not_publish(replace(CLEANING, **change), PLAIN)
    assert refusal is not None
    assert (refusal.code, refusal.field) == (code, "item")


@given(
    st.lists(st.tuples(st.integers(0, 72), st.integers(0, 10_000)), min_size=1, max_size=5),
    st.integers(0, 100),
)
def test_no_tiers_that_are_let_through_ever_cost_more_than_the_platforms(tiers, hours_ahead):
    posted = replace(PLAIN, cancel_tiers=tuple(sorted(tiers, reverse=True)))
    if why_not_publish(CLEANING, posted) is None:
        assert fee_bp_at(posted.cancel_tiers, hours_ahead) <= fee_bp_at(PLATFORM_TIERS, hours_ahead)


def at(day: float):
    return NOW + timedelta(days=day)


@pytest.mark.parametrize(
    ("published", "compared"),
    [
        ([], None),
        ([(at(0), 4500)], None),
        ([(at(0), 4500), (at(30), 4000)], 4500),
        ([(at(0), 4500), (at(30), 5000)], None),
        ([(at(0), 4500), (at(7), 4000)], 4500),
        ([(at(0), 4500), (at(6.9), 4000)], None),  # posted for less than seven days
        ([(at(0), 4500), (at(29), 9000), (at(30), 4000)], 4500),  # raised for a day: the lowest of seven days counts
        ([(at(0), 4500), (at(29), 9000), (at(30), 4500)], None),  # raised for a day and back: no bargain
        ([(at(0), 4000), (at(20), 4500), (at(30), 4200)], 4500),  # the low price ended before the seven days
        ([(at(0), 4500), (at(30), 4000), (at(31), 4000)], 4500),  # other terms changed, the price did not
    ],
)
def test_only_the_lowest_price_of_the_seven_days_before_is_compared(published, compared):
    assert true_compared_price(published) == compared


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), min_size=1, max_size=8))
def test_a_compared_price_was_never_undercut_in_its_seven_days(changes):
    published = [(at(day), price) for day, price in sorted(changes, key=lambda change: change[0])]
    compared = true_compared_price(published)
    if compared is not None:
        assert compared > published[-1][1]
        assert compared in [price for _at, price in published[:-1]]
