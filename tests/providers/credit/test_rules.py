"""The published formula and what may be recorded. Without a database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.credit.rules import (
    BASE,
    LEAST,
    MOST,
    MOST_FOR,
    Grade,
    Reported,
    due_on,
    expires_on,
    rule_faults,
    score_of,
    unlawful_word,
    why_not_record,
)

TODAY = date(2026, 11, 23)
POINTS = st.integers(-100, 100).filter(bool)
TOLD = Reported(
    holder="worker", rule_holder="worker", rule_from=date(2023, 7, 1), rule_until=None, occurred_date=TODAY,
    expires_date=TODAY + timedelta(days=365), source_name="市家政协会", document_no="", summary="投诉经核实成立",
)  # fmt: skip
RULE = {
    "code": "worker_late", "holder": "worker", "category": "service", "name_zh": "迟到", "name_en": "Late", "points": -2,
    "lasts_days": 365, "valid_from": "2023-07-01", "valid_until": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("points", "value", "grade"),
    [
        ([], 100, Grade.GOOD),
        ([10, 10], 120, Grade.EXCELLENT),
        ([10, -5], 105, Grade.GOOD),
        ([-1], 99, Grade.FAIR),
        ([-40], 60, Grade.WATCHED),
        ([-41], 59, Grade.POOR),
        ([100], 150, Grade.EXCELLENT),
        ([100, -60], 90, Grade.FAIR),  # at most 50 count for: 60 against are never hidden
        ([-80, -80], 0, Grade.POOR),
    ],
)
def test_the_score_of_a_record_is_as_published(points, value, grade):
    score = score_of(points)
    assert (score.value, score.grade) == (value, grade)


@given(st.lists(POINTS))
def test_a_score_is_the_formula_whatever_the_order(points):
    gained, lost = sum(p for p in points if p > 0), -sum(p for p in points if p < 0)
    wanted = max(LEAST, min(MOST, BASE + min(MOST_FOR, gained) - lost))
    assert score_of(points).value == score_of(reversed(points)).value == wanted


@given(st.lists(POINTS), POINTS)
def test_what_counts_for_never_lowers_and_what_counts_against_never_raises(points, one):
    before, after = score_of(points).value, score_of([*points, one]).value
    assert after >= before if one > 0 else after <= before


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(1, 1826))
def test_what_counts_against_expires_within_five_years_of_the_calendar(occurred, days):
    ends = expires_on(occurred, points=-5, lasts_days=days)
    assert occurred < ends
    assert (ends.year, ends.month, ends.day) <= (occurred.year + 5, occurred.month, occurred.day)


def test_a_leap_day_ends_on_the_last_of_february():
    assert expires_on(date(2024, 2, 29), points=-5, lasts_days=1826) == date(2029, 2, 28)
    assert expires_on(date(2024, 2, 29), points=5, lasts_days=1827) == date(2029, 3, 1)


def test_an_objection_is_due_twenty_calendar_days_later():
    assert due_on(date(2026, 12, 20)) == date(2027, 1, 9)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"holder": "enterprise"}, "credit_wrong_holder", "rule"),
        ({"occurred_date": TODAY + timedelta(days=1)}, "credit_not_yet", "occurred_date"),
        ({"occurred_date": date(2023, 6, 30)}, "credit_rule_not_in_force", "occurred_date"),
        ({"rule_until": TODAY}, "credit_rule_not_in_force", "occurred_date"),
        ({"expires_date": TODAY}, "credit_event_over", "occurred_date"),
        ({"summary": "其人患有乙肝"}, "credit_unlawful_text", "summary"),
        ({"summary": "其人患有乙\u200b肝"}, "credit_unlawful_text", "summary"),
        ({"summary": "其人患有乙 肝"}, "credit_unlawful_text", "summary"),
        ({"summary": "ＨＩＶ"}, "credit_unlawful_text", "summary"),
        ({"document_no": "体检 2026-1"}, "credit_unlawful_text", "summary"),
        ({"source_name": "Hepatitis clinic"}, "credit_unlawful_text", "summary"),
    ],
)
def test_what_can_not_be_recorded_is_refused_at_its_field(change, code, field):
    refusal = why_not_record(replace(TOLD, **change), today=TODAY)
    assert refusal is not None
    assert (refusal.code, refusal.field) == (code, field)


def test_an_ordinary_record_is_taken():
    assert why_not_record(TOLD, today=TODAY) is None


@pytest.mark.parametrize("text", ["档案 archive 2026", "Aided a neighbour", "照护残疾老人受到表扬", "及时送医"])
def test_ordinary_words_are_not_taken_for_unlawful_ones(text):
    assert unlawful_word(text) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"category": "health"}, {"category": "religion"}, {"category": "biometrics"}, {"category": "disease"},
        {"name_zh": "乙肝阳性"}, {"name_en": "Carries HIV"}, {"code": "fingerprint_missing"}, {"holder": "resident"},
        {"points": 0}, {"points": -101}, {"lasts_days": 0}, {"lasts_days": 1827},
    ],
)  # fmt: skip
def test_an_unlawful_or_senseless_rule_is_not_loaded(change):
    assert rule_faults({"rules": [RULE]}, frozenset({"service"})) == []
    assert len(rule_faults({"rules": [{**RULE, **change}]}, frozenset({"service"}))) == 1


def test_a_code_stands_once():
    assert rule_faults({"rules": [RULE, RULE]}, frozenset({"service"})) == ["worker_late: twice", "worker_late: twice"]
