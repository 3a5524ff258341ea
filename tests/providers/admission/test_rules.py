"""What stands before the steps, and how reasons are put."""

from datetime import date

import pytest
from django.utils.translation import override

from homeservice.kernel.errors import DomainError
from providers.admission.rules import (
    MENDS,
    Reason,
    checked_reasons,
    reason_words,
    spoken_reasons,
    why_not_admit,
    why_not_submit,
)
from tests import world

WORKER = {
    "of": "worker", "today": world.MONDAY, "authorised": True, "bound": True, "identity_paper": "verified",
    "birth_date": date(1980, 5, 5),
}  # fmt: skip
FIRM = {"of": "enterprise", "today": world.MONDAY, "business_licence": "verified", "pledged": True}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"authorised": False}, "authorisation_missing"),
        ({"bound": False}, "binding_missing"),
        ({"identity_paper": ""}, "identity_paper_missing"),
        ({"birth_date": date(2008, 11, 24)}, "worker_under_age"),
        ({"birth_date": date(2008, 11, 23)}, None),
    ],
)
def test_a_worker_is_submitted_and_admitted_with_everything_only(changed, code):
    for guard in (why_not_submit, why_not_admit):
        refusal = guard({**WORKER, **changed})
        assert (refusal.code if refusal else None) == code


def test_an_identity_paper_that_waits_is_enough_to_submit_and_not_to_admit():
    facts = {**WORKER, "identity_paper": "submitted"}
    assert why_not_submit(facts) is None
    assert why_not_admit(facts).code == "identity_paper_missing"


@pytest.mark.parametrize(
    ("licence", "pledged", "submitting", "admitting"),
    [
        ("", True, "business_licence_missing", "business_licence_missing"),
        ("submitted", False, "pledge_missing", "business_licence_missing"),
        ("submitted", True, None, "business_licence_missing"),
        ("verified", True, None, None),
    ],
)
def test_an_enterprise_needs_its_licence_and_the_pledge(licence, pledged, submitting, admitting):
    facts = {**FIRM, "business_licence": licence, "pledged": pledged}
    answers = [(refusal.code if refusal else None) for refusal in (why_not_submit(facts), why_not_admit(facts))]
    assert answers == [submitting, admitting]


def test_one_born_on_29_february_is_18_on_1_march():
    leapling = {**WORKER, "birth_date": date(2008, 2, 29)}
    refusal = why_not_admit({**leapling, "today": date(2026, 2, 28)})
    assert refusal is not None
    assert refusal.code == "worker_under_age"
    assert why_not_admit({**leapling, "today": date(2026, 3, 1)}) is None


def test_reasons_stand_in_the_order_of_the_list_and_each_says_how_to_mend_it():
    assert checked_reasons(["expired", "blurred"], " 看不清 ") == (["blurred", "expired"], "看不清")
    assert MENDS.keys() == set(Reason)


@pytest.mark.parametrize(
    ("codes", "words", "code"),
    [([], " ", "reason_missing"), (["other"], "", "reason_missing"), (["made_up"], "x", "reason_unknown"),
     (["blurred"], "长" * 301, "reason_too_long")],
)  # fmt: skip
def test_a_reason_is_one_of_the_list_or_words(codes, words, code):
    with pytest.raises(DomainError) as refused:
        checked_reasons(codes, words)
    assert refused.value.code == code


def test_reasons_are_read_in_ones_own_language():
    with override("en"):
        assert reason_words(["blurred", "other"], "Page two") == "The picture is blurred; Page two"
        assert spoken_reasons(["blurred"], "第二页") == "图片模糊；第二页"
    with override("zh-hans"):
        assert reason_words(["cropped"]) == "图片不完整"
