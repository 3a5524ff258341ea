"""The credit code of GB 32100-2015."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeservice.kernel.errors import DomainError
from providers.enterprises.rules import ALPHABET, check_character, credit_code

REAL = "91350100M000100Y43"  # the standard's own example


def refusal(typed: str) -> str:
    with pytest.raises(DomainError) as refused:
        credit_code(typed)
    assert refused.value.field == "social_credit_code"
    return refused.value.code


def test_the_standards_own_example_is_sound():
    assert credit_code(REAL) == REAL


def test_spaces_and_small_letters_are_forgiven():
    assert credit_code(" 9135 0100 m000 100y 43 ") == REAL


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "credit_code_length"),
        (REAL[:-1], "credit_code_length"),
        (REAL + "1", "credit_code_length"),
        ("91350100I000100Y43", "credit_code_characters"),
        ("91350100M00010测试43", "credit_code_characters"),
        (REAL[:-1] + "4", "credit_code_check"),
    ],
)
def test_a_wrong_code_is_refused_with_its_reason(typed, code):
    assert refusal(typed) == code


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_always_noticed(first_17, place, other):
    code = first_17 + check_character(first_17)
    assert credit_code(code) == code
    mistyped = code[:place] + other + code[place + 1 :]
    if mistyped != code:
        assert refusal(mistyped) == "credit_code_check"
