from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.money.rules import PricePart, PriceTerms, cancellation_fee_fen, milder_tiers, night_minutes, quote
from homeservice.kernel.clock import at_local

DAY = date(2026, 11, 24)
TERMS = PriceTerms(holiday_bp=10_000, night_bp=3_000, travel_free_m=5000, travel_fen=1000, version="test")


def price(start: time, hours: int, *, holiday: bool = False, distance_m: float = 0) -> list[PricePart]:
    starts_at = at_local(DAY, start)
    answer = quote(
        unit_price_fen=4500, quantity=hours, unit="hour", starts_at=starts_at, holiday=holiday,
        ends_at=starts_at + timedelta(hours=hours), distance_m=distance_m, terms=TERMS,
    )  # fmt: skip
    return list(answer.parts)


def test_a_plain_visit_costs_its_base_price_only() -> None:
    base = PricePart("base", 9000, {"unit_price_fen": 4500, "quantity": 2, "unit": "hour"})
    assert price(time(9), 2) == [base]


def test_holiday_night_and_distance_each_add_a_line() -> None:
    parts = price(time(20), 4, holiday=True, distance_m=5001)
    assert [(part.code, part.amount_fen) for part in parts] == [
        ("base", 18_000), ("holiday", 18_000), ("night", 2_700), ("travel", 1000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "hours", "minutes"),
    [(time(21), 2, 60), (time(23), 8, 420), (time(4), 4, 120), (time(6), 2, 0), (time(20), 2, 0)],
)
def test_night_is_from_ten_to_six(start: time, hours: int, minutes: int) -> None:
    starts_at = at_local(DAY, start)
    assert night_minutes(starts_at, starts_at + timedelta(hours=hours)) == minutes


@pytest.mark.parametrize(("hours_ahead", "fee_fen"), [(12, 0), (11, 2000), (4, 2000), (3, 5000), (0, 5000), (-1, 5000)])
def test_cancelling_late_costs_by_the_agreed_tiers(hours_ahead: int, fee_fen: int) -> None:
    starts_at = at_local(DAY, time(12))
    at = starts_at - timedelta(hours=hours_ahead)
    fee = cancellation_fee_fen(10_000, starts_at=starts_at, at=at, tiers=TERMS.cancel_tiers, worker_named=True)
    assert fee == fee_fen


def test_cancelling_is_free_while_no_worker_is_named() -> None:
    starts_at = at_local(DAY, time(12))
    fee = cancellation_fee_fen(10_000, starts_at=starts_at, at=starts_at, tiers=TERMS.cancel_tiers, worker_named=False)
    assert fee == 0


@given(
    unit=st.integers(0, 5_000_000), quantity=st.integers(1, 40), start=st.integers(0, 47), length=st.integers(1, 48),
    holiday=st.booleans(), distance=st.floats(0, 50_000),
)  # fmt: skip
def test_parts_are_never_negative_and_always_sum_to_the_price(
    unit: int, quantity: int, start: int, length: int, holiday: bool, distance: float
) -> None:
    starts_at = at_local(DAY, time()) + timedelta(minutes=30 * start)
    answer = quote(
        unit_price_fen=unit, quantity=quantity, unit="hour", starts_at=starts_at, holiday=holiday,
        ends_at=starts_at + timedelta(minutes=30 * length), distance_m=distance, terms=TERMS,
    )  # fmt: skip
    assert all(part.amount_fen >= 0 for part in answer.parts)
    assert answer.total_fen == sum(row["amount_fen"] for row in answer.as_rows()) >= unit * quantity


@pytest.mark.parametrize(
    ("policy", "posted", "milder"),
    [
        (((12, 0), (4, 2000), (0, 5000)), (), ((12, 0), (4, 2000), (0, 5000))),
        ((), ((0, 5000),), ()),
        (((0, 0),), ((0, 5000),), ((0, 0),)),
        (((12, 0), (4, 2000), (0, 5000)), ((6, 0), (0, 3000)), ((6, 0), (4, 2000), (0, 3000))),
    ],
)
def test_of_two_cancellation_rules_the_milder_counts_at_each_hour(policy, posted, milder) -> None:
    assert milder_tiers(policy, posted) == milder


STEPS = st.dictionaries(st.integers(1, 72), st.integers(0, 10_000), max_size=4).map(
    lambda steps: tuple(sorted([*steps.items(), (0, 10_000)], reverse=True))
)


@given(STEPS, STEPS, st.integers(0, 80))
def test_nobody_owes_more_than_either_rule_asks(policy, posted, hours) -> None:
    def fee(tiers):
        starts_at = at_local(DAY, time(12))
        at = starts_at - timedelta(hours=hours)
        return cancellation_fee_fen(9000, starts_at=starts_at, at=at, tiers=tiers, worker_named=True)

    assert fee(milder_tiers(policy, posted)) == min(fee(policy), fee(posted))
