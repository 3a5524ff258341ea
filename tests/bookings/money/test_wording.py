from datetime import timedelta

from django.utils.translation import override

from bookings.money.wording import CancelLine, cancel_lines, price_lines
from tests import world

TIERS = [[12, 0], [4, 2000], [0, 5000]]


def test_tiers_end_at_clock_times_and_say_the_fee() -> None:
    starts_at = world.NOW + timedelta(hours=24)
    assert cancel_lines(9000, starts_at=starts_at, tiers=TIERS, at=world.NOW) == [
        CancelLine(starts_at - timedelta(hours=12), 0, 0),
        CancelLine(starts_at - timedelta(hours=4), 1800, 20),
        CancelLine(None, 4500, 50),
    ]


def test_tiers_that_have_passed_are_left_out() -> None:
    starts_at = world.NOW + timedelta(hours=3)
    assert cancel_lines(9000, starts_at=starts_at, tiers=TIERS, at=world.NOW) == [CancelLine(None, 4500, 50)]


def test_each_part_of_a_price_has_words() -> None:
    parts = [
        {"code": "base", "amount_fen": 9000, "facts": {"unit_price_fen": 4500, "quantity": 2, "unit": "hour"}},
        {"code": "holiday", "amount_fen": 9000, "facts": {"bp": 10_000}},
        {"code": "night", "amount_fen": 1350, "facts": {"bp": 3000, "minutes": 60}},
        {"code": "travel", "amount_fen": 1000, "facts": {"free_m": 5000}},
    ]
    with override("en"):
        lines = [(line.label, line.amount_fen) for line in price_lines(parts)]
    assert lines == [
        ("¥45.00 per hour × 2", 9000), ("Statutory holiday, +100%", 9000), ("Night hours (22:00–6:00), +30%", 1350),
        ("Travel beyond 5 km", 1000),
    ]  # fmt: skip
