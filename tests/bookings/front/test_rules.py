from bookings.front.rules import PriceRule, cancel_method, percent, price_method
from bookings.money.rules import PriceTerms

TERMS = PriceTerms(holiday_bp=5000, night_bp=3050, travel_free_m=5000, travel_fen=1000)


def test_the_method_names_each_surcharge_that_may_come(english: None) -> None:
    rules = price_method(price_fen=4500, unit="hour", min_quantity=2, at_home=True, by_visit=True, terms=TERMS)
    assert [rule.value for rule in rules] == ["¥45.00 / hour", "2 × hour, ¥90.00", "+50%", "+30.5%", "+¥10.00"]


def test_without_surcharges_only_the_unit_price_stands() -> None:
    rules = price_method(price_fen=1500, unit="meal", min_quantity=1, at_home=True, by_visit=True, terms=PriceTerms())
    assert [rule.value for rule in rules] == ["¥15.00 / meal"]


def test_a_long_contract_settles_its_surcharges_itself() -> None:
    rules = price_method(price_fen=700_000, unit="month", min_quantity=1, at_home=True, by_visit=False, terms=TERMS)
    assert [rule.value for rule in rules] == ["¥7,000.00 / month"]


def test_nobody_travels_to_what_is_done_at_the_point() -> None:
    rules = price_method(price_fen=1500, unit="meal", min_quantity=1, at_home=False, by_visit=True, terms=TERMS)
    assert "+¥10.00" not in [rule.value for rule in rules]


def test_cancelling_is_told_window_by_window(english: None) -> None:
    assert cancel_method(TERMS) == [
        PriceRule("12 hours or more before the start", "free of charge"),
        PriceRule("4 to 12 hours before the start", "20% of the price"),
        PriceRule("Less than 4 hours before the start", "50% of the price"),
    ]


def test_without_tiers_nothing_is_said() -> None:
    assert cancel_method(PriceTerms(cancel_tiers=())) == []


def test_shares_are_written_with_the_digits_they_need() -> None:
    assert [percent(bp) for bp in (0, 1, 50, 3000, 3050, 10_000)] == ["0%", "0.01%", "0.5%", "30%", "30.5%", "100%"]
