"""Codes that nobody can make, and when a seat may be used. Without a database."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.training import rules
from providers.training.rules import CodeFault

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def ours(text: str) -> str:
    return sha256(f"ours:{text}".encode()).hexdigest()


def theirs(text: str) -> str:
    return sha256(f"theirs:{text}".encode()).hexdigest()


def test_a_new_code_is_genuine_and_no_two_are_alike():
    codes = {rules.new_certificate_code(ours) for _number in range(200)}
    assert len(codes) == 200
    assert {rules.why_not_certificate_code(code, ours) for code in codes} == {None}
    assert {len(code) for code in codes} == {16}


def test_a_code_signed_by_somebody_else_is_forged():
    assert rules.why_not_certificate_code(rules.new_certificate_code(theirs), ours) == CodeFault.FORGED


@given(st.integers(0, 15), st.sampled_from(rules.ALPHABET))
def test_every_slip_of_one_character_is_seen_as_a_slip(place, other):
    code = rules.new_certificate_code(ours)
    slipped = code[:place] + other + code[place + 1 :]
    expected = None if slipped == code else CodeFault.MISTYPED
    assert rules.why_not_certificate_code(slipped, ours) == expected


@given(st.integers(0, 14))
def test_every_swap_of_neighbours_is_seen_as_a_slip(place):
    code = rules.new_certificate_code(ours)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    expected = None if swapped == code else CodeFault.MISTYPED
    assert rules.why_not_certificate_code(swapped, ours) == expected


@pytest.mark.parametrize("typed", ["", "ABC", "证书" * 8, "A" * 17, "%" * 16])
def test_what_has_not_the_shape_of_a_code_is_told_so(typed):
    code = rules.typed_certificate_code(typed)
    assert rules.why_not_certificate_code(code, ours) == CodeFault.SHAPE


@given(st.text(max_size=40))
def test_whatever_is_typed_is_answered(typed):
    rules.why_not_certificate_code(rules.typed_certificate_code(typed), ours)


def test_dashes_small_letters_and_lookalikes_are_forgiven():
    assert rules.typed_certificate_code(" 0a1b-5c2d-uois-zv00 ") == "0A1B5C2DU0152U00"
    assert rules.spoken_code("0A1B5C2DU0152U00") == "0A1B-5C2D-U015-2U00"


def test_the_attendance_code_changes_with_day_session_and_seed():
    code = rules.attendance_code(1, "123456", date(2026, 11, 23), ours)
    others = {
        rules.attendance_code(1, "123456", date(2026, 11, 24), ours),
        rules.attendance_code(2, "123456", date(2026, 11, 23), ours),
        rules.attendance_code(1, "123457", date(2026, 11, 23), ours),
    }
    assert len(code) == 6
    assert code.isdigit()
    assert code not in others
    assert code == rules.attendance_code(1, "123456", date(2026, 11, 23), ours)


@pytest.mark.parametrize(
    ("code", "level", "levels", "licensed", "refusal"),
    [
        ("", None, (), False, None),
        ("TR0", None, (), False, None),
        ("FA", None, (), False, None),
        ("TR-X", None, (), False, None),
        ("TR0", 5, (), False, "certificate_level"),
        ("SK-YL", 5, (5, 4, 3, 2, 1), True, None),
        ("SK-YL", 5, (5, 4, 3, 2, 1), False, "training_licence_needed"),
        ("SK-JW", 1, (5, 4, 3, 2), True, "certificate_level"),
        ("SK-JW", None, (5, 4, 3, 2), True, "certificate_level"),
        ("ID", None, (), True, "certificate_not_ours"),
        ("LIC-N", None, (), True, "certificate_not_ours"),
        ("BG2", None, (), True, "certificate_not_ours"),
        ("HX", 1, (1, 2, 3, 4), True, "certificate_not_ours"),
        ("O-EDU", None, (), True, "certificate_not_ours"),
    ],
)
def test_only_papers_that_a_training_may_issue_are_issued(code, level, levels, licensed, refusal):
    answer = rules.why_not_certificate(code, level, levels, licensed=licensed)
    assert (answer and answer.code) == refusal


@pytest.mark.parametrize(
    ("minutes", "refusal"),
    [(-31, "attendance_early"), (-30, None), (0, None), (180, None), (181, "attendance_late")],
)
def test_one_checks_in_from_half_an_hour_before_until_the_end(minutes, refusal):
    answer = rules.why_not_now(NOW, NOW + timedelta(hours=3), NOW + timedelta(minutes=minutes))
    assert (answer and answer.code) == refusal


def test_a_result_is_corrected_once_and_within_a_day():
    day = timedelta(hours=24)
    assert rules.why_not_correct(NOW, None, NOW + day) is None
    assert rules.why_not_correct(NOW, None, NOW + day + timedelta(seconds=1)).code == "result_final"
    assert rules.why_not_correct(NOW, NOW, NOW).code == "result_corrected"


@pytest.mark.parametrize(
    ("months", "end"),
    [(None, None), (12, date(2027, 11, 22)), (1, date(2026, 12, 22)), (3, date(2027, 2, 22))],
)
def test_a_certificate_holds_until_the_day_before(months, end):
    assert rules.certificate_end(NOW, months) == end


def test_a_leap_days_certificate_ends_with_february():
    leap = datetime(2028, 2, 29, 2, tzinfo=UTC)
    assert rules.certificate_end(leap, 12) == date(2029, 2, 28)


def test_at_least_ten_and_at_most_as_many_as_seats_may_wait():
    assert [rules.waiting_limit(seats) for seats in (1, 10, 60)] == [10, 10, 60]
