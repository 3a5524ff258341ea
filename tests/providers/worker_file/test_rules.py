"""What makes a file complete, and of which days an entry may be. No database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.worker_file.models import FileEntry
from providers.worker_file.rules import (
    CONTRACT_OF,
    MISSING,
    OWN_KINDS,
    PART_OF,
    PART_OF_NEED,
    Held,
    completeness,
    why_not_dates,
)
from providers.workers.models import Worker

TODAY = date(2026, 11, 23)
WHOLE = Held(
    papers=frozenset({"ID", "TR0", "HX", "BG1", "BG2", "INS"}),
    entries=frozenset({"work", "labour_contract", "screening"}),
    relation="employee", has_photo=True, has_education=True, is_authorised=True,
)  # fmt: skip


def test_a_whole_file_lacks_nothing() -> None:
    found = completeness(WHOLE)
    assert (found.met, found.of, found.percent, found.missing) == (12, 12, 100, {})


@pytest.mark.parametrize(
    ("held", "part", "words"),
    [
        (replace(WHOLE, papers=WHOLE.papers - {"ID"}), 1, "identity"),
        (replace(WHOLE, has_photo=False), 1, "photo"),
        (replace(WHOLE, entries=WHOLE.entries - {"work"}), 2, "experience"),
        (replace(WHOLE, has_education=False), 2, "education"),
        (replace(WHOLE, papers=WHOLE.papers - {"TR0"}), 2, "training"),
        (replace(WHOLE, papers=WHOLE.papers - {"HX"}), 3, "exam"),
        (replace(WHOLE, papers=WHOLE.papers - {"BG1"}), 4, "crime_check"),
        (replace(WHOLE, papers=WHOLE.papers - {"BG2"}), 4, "child_protection"),
        (replace(WHOLE, relation="agency"), 5, "contract"),
        (replace(WHOLE, papers=WHOLE.papers - {"INS"}), 7, "insurance"),
        (replace(WHOLE, entries=WHOLE.entries - {"screening"}), 8, "screening"),
        (replace(WHOLE, is_authorised=False), 8, "authorisation"),
    ],
)
def test_what_is_missing_is_named_in_its_part(held: Held, part: int, words: str) -> None:
    found = completeness(held)
    assert (found.met, dict(found.missing)) == (11, {part: (MISSING[words],)})


def test_a_food_handlers_exam_is_an_exam_and_schooling_tells_the_education() -> None:
    cook = replace(WHOLE, papers=WHOLE.papers - {"HX"} | {"HX-F"})
    schooled = replace(WHOLE, has_education=False, entries=WHOLE.entries | {"schooling"})
    assert completeness(cook).missing == completeness(schooled).missing == {}


@given(st.sets(st.sampled_from(sorted(WHOLE.papers))), st.sets(st.sampled_from(sorted(PART_OF))), st.booleans())
def test_more_in_a_file_never_makes_it_less_complete(papers: set[str], entries: set[str], photo: bool) -> None:
    some = replace(WHOLE, papers=frozenset(papers), entries=frozenset(entries), has_photo=photo)
    more = replace(some, papers=some.papers | {"HX"}, entries=some.entries | {"work"}, has_photo=True)
    assert completeness(some).met <= completeness(more).met
    assert completeness(some).met + sum(map(len, completeness(some).missing.values())) == completeness(some).of


def test_every_kind_of_entry_and_every_relation_is_thought_of() -> None:
    assert set(PART_OF) == set(FileEntry.Kind.values)
    assert set(PART_OF.values()) | set(PART_OF_NEED.values()) | {6} == set(FileEntry.Part.values)
    assert set(CONTRACT_OF) == set(Worker.Relation.values)
    assert set(MISSING) == set(PART_OF_NEED)
    assert set(PART_OF) > OWN_KINDS


@pytest.mark.parametrize(
    ("kind", "from_days", "to_days", "code"),
    [
        ("work", -10, -1, None),
        ("work", -1, -10, "entry_backwards"),
        ("work", 1, None, "entry_future"),
        ("commendation", -1, 1, "entry_future"),
        ("labour_contract", -10, 365, None),
        ("labour_contract", 10, 5, "entry_backwards"),
    ],
)
def test_only_contracts_reach_into_the_future(kind: str, from_days: int, to_days: int | None, code: str | None) -> None:
    last = None if to_days is None else TODAY + timedelta(days=to_days)
    refusal = why_not_dates(kind, TODAY + timedelta(days=from_days), last, today=TODAY)
    assert (refusal and refusal.code) == code
