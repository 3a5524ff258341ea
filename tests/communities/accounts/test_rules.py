"""ID numbers and ages, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.accounts.rules import age_on, check_character, parsed_id_number, why_not_order
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Sex

TODAY = date(2026, 11, 23)
GOOD = "440199199001010017"


def refused(number: str) -> str:
    with pytest.raises(DomainError) as refusal:
        parsed_id_number(number, today=TODAY)
    assert refusal.value.field == "id_number"
    return refusal.value.code


def test_a_good_number_says_area_birth_date_and_sex() -> None:
    parsed = parsed_id_number(" 440199 19900101 0017 ", today=TODAY)
    assert (parsed.number, parsed.area, parsed.birth_date, parsed.sex) == (GOOD, "440199", date(1990, 1, 1), Sex.MALE)


def test_the_standards_own_examples_are_met() -> None:
    assert check_character("11010519491231002") == "X"  # GB 11643-1999, annex
    assert check_character("44052418800101001") == "4"
    assert parsed_id_number("11010519491231002x", today=TODAY).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "id_number_form"),
        ("44019919900101001", "id_number_form"),
        ("4401991990010100177", "id_number_form"),
        ("４４０１９９199001010017", "id_number_form"),
        ("44019919900101001A", "id_number_form"),
        ("440199199002300010", "id_number_birth"),
        ("440199209901010011", "id_number_birth"),
        ("440199199001010018", "id_number_check"),
        ("😀" * 18, "id_number_form"),
    ],
)
def test_a_bad_number_is_refused_with_what_is_wrong(number: str, code: str) -> None:
    assert refused(number) == code


@given(position=st.integers(0, 16), other=st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(position: int, other: int) -> None:
    digit = str((int(GOOD[position]) + other) % 10)
    refused(GOOD[:position] + digit + GOOD[position + 1 :])


def test_people_order_from_their_eighteenth_birthday_on() -> None:
    birth = date(2008, 11, 23)
    assert why_not_order(birth, today=TODAY) is None
    refusal = why_not_order(date(2008, 11, 24), today=TODAY)
    assert refusal
    assert refusal.code == "id_number_minor"


def test_who_was_born_on_a_leap_day_ages_on_the_first_of_march() -> None:
    assert age_on(date(2026, 2, 28), date(2008, 2, 29)) == 17
    assert age_on(date(2026, 3, 1), date(2008, 2, 29)) == 18
