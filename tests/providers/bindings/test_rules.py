"""What may become of a binding, and how the letter is read. No database."""

import pytest

from providers.bindings.rules import (
    ENDING,
    ENTERPRISE,
    IN_FORCE,
    OFFICE,
    PROPOSED,
    WORKER,
    blocks_of,
    fingerprint,
    other_side,
    same_name,
    why_not_answer,
    why_not_confirm_end,
    why_not_keep,
    why_not_propose_end,
    why_not_take_back,
)

STATES = ("proposed", "in_force", "ending", "ended", "declined", "withdrawn")
SIDES = (WORKER, ENTERPRISE)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("state", STATES)
def test_only_the_other_side_answers_an_open_proposal(state: str, side: str) -> None:
    own, others = why_not_answer(state, side, side), why_not_answer(state, other_side(side), side)
    if state == PROPOSED:
        assert (own and own.code, others) == ("binding_own_proposal", None)
    else:
        assert (own and own.code, others and others.code) == ("binding_answered", "binding_answered")


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("state", STATES)
def test_only_the_proposer_takes_an_open_proposal_back(state: str, side: str) -> None:
    own, others = why_not_take_back(state, side, side), why_not_take_back(state, other_side(side), side)
    if state == PROPOSED:
        assert (own, others and others.code) == (None, "binding_not_yours")
    else:
        assert (own and own.code, others and others.code) == ("binding_answered", "binding_answered")


@pytest.mark.parametrize("state", STATES)
def test_an_end_is_proposed_once_of_what_is_in_force(state: str) -> None:
    refusal = why_not_propose_end(state)
    expected = {IN_FORCE: None, ENDING: "binding_ending"}.get(state, "binding_not_in_force")
    assert (refusal and refusal.code) == expected


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("proposed_by", [WORKER, ENTERPRISE, OFFICE])
@pytest.mark.parametrize("side", SIDES)
def test_no_side_ends_a_binding_alone(state: str, proposed_by: str, side: str) -> None:
    refusal = why_not_confirm_end(state, proposed_by, side)
    allowed = state == ENDING and proposed_by != side
    assert (refusal is None) == allowed
    assert (why_not_keep(state) is None) == (state == ENDING)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("李 芳", "李芳", True),
        ("阿卜杜拉·买买提", "阿卜杜拉•买买提", True),
        ("Anna Li", "anna li", True),
        ("李芳", "李方", False),
    ],
)
def test_a_signature_is_the_own_name_whatever_blanks_and_dots(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


def test_the_letter_is_read_as_titles_headings_paragraphs_and_lists() -> None:
    blocks = blocks_of("# T\n\ntext **strong** end\n## H\n- a\n- b\n")
    assert [block.kind for block in blocks] == ["title", "paragraph", "heading", "list"]
    assert blocks[1].lines == ((("text ", False), ("strong", True), (" end", False)),)
    assert blocks[3].lines == ((("a", False),), (("b", False),))


def test_another_text_has_another_fingerprint() -> None:
    assert fingerprint("甲") != fingerprint("乙")
    assert len(fingerprint("甲")) == 64
