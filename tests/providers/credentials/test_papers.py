"""What a paper must look like, by the type of its code: without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeservice.kernel.errors import DomainError
from providers.credentials import papers
from providers.credentials.papers import PaperType

TODAY = date(2026, 11, 23)
EXAM = PaperType("HX", levels=(1, 2, 3, 4), holds_months=12)
SKILL = PaperType("SK-JW", levels=(5, 4, 3, 2))
TRAINING = PaperType("TR0")
CHECK = PaperType("BG2", sensitive=True, scan_needed=False, holds_months=12)
POLICY = PaperType("INS", must_end=True)
LICENCE = PaperType("O-BL", of_enterprise=True, number_pattern=r"[0-9A-HJ-NP-RTUWXY]{18}")


@pytest.mark.parametrize(
    ("valid_from", "months", "last_day"),
    [
        (date(2026, 11, 1), 12, date(2027, 10, 31)),
        (date(2027, 2, 28), 12, date(2028, 2, 27)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 1, 31), 36, date(2029, 1, 30)),
    ],
)
def test_a_paper_without_a_written_end_holds_whole_months(valid_from, months, last_day):
    assert papers.end_of_validity(PaperType("X", holds_months=months), valid_from, None) == last_day


def test_a_written_end_counts_and_a_type_without_months_has_none():
    assert papers.end_of_validity(EXAM, TODAY, date(2026, 12, 1)) == date(2026, 12, 1)
    assert papers.end_of_validity(TRAINING, TODAY, None) is None


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(1, 60))
def test_months_later_never_goes_backwards_nor_further_than_a_day_too_far(day, months):
    later = papers.months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) in (months, months + 1)
    assert later.day in (day.day, 1)
    assert papers.months_later(day + timedelta(days=1), months) >= later


def code_of(error: DomainError | None) -> tuple[str, str | None] | None:
    return (error.code, error.field) if error else None


@pytest.mark.parametrize(
    ("kind", "level", "refusal"),
    [
        (EXAM, 4, None),
        (EXAM, 5, ("credential_level", "level")),
        (EXAM, None, ("credential_level", "level")),
        (SKILL, 2, None),
        (SKILL, 1, ("credential_level", "level")),
        (TRAINING, None, None),
        (TRAINING, 1, ("credential_level", "level")),
        (LICENCE, None, ("credential_wrong_holder", "code")),
    ],
)
def test_levels_are_those_of_the_type(kind, level, refusal):
    assert code_of(papers.why_not_paper(kind, level, TODAY, None, of_enterprise=False, today=TODAY)) == refusal


@pytest.mark.parametrize(
    ("kind", "valid_from", "valid_until", "refusal"),
    [
        (TRAINING, TODAY, TODAY, None),
        (TRAINING, TODAY, TODAY - timedelta(days=1), ("credential_validity_backwards", "valid_until")),
        (TRAINING, TODAY + timedelta(days=1), None, ("credential_not_yet", "valid_from")),
        (TRAINING, date(2020, 1, 1), date(2026, 11, 22), ("credential_lapsed", "valid_until")),
        (CHECK, date(2025, 11, 24), None, None),
        (CHECK, date(2025, 11, 23), None, ("credential_lapsed", "valid_until")),
        (POLICY, TODAY, None, ("credential_end_missing", "valid_until")),
    ],
)
def test_dates_are_looked_at(kind, valid_from, valid_until, refusal):
    found = papers.why_not_paper(kind, None, valid_from, valid_until, of_enterprise=False, today=TODAY)
    assert code_of(found) == refusal


@pytest.mark.parametrize(
    ("before_until", "valid_from", "valid_until", "refusal"),
    [
        (date(2026, 11, 30), TODAY, date(2026, 12, 1), None),
        (date(2026, 11, 30), date(2026, 12, 1), date(2027, 11, 30), None),
        (date(2026, 11, 30), date(2026, 12, 2), date(2027, 11, 30), ("credential_not_yet", "valid_from")),
        (date(2026, 1, 31), TODAY, date(2027, 11, 30), None),
        (date(2026, 1, 31), date(2026, 11, 24), date(2027, 11, 30), ("credential_not_yet", "valid_from")),
        (date(2026, 11, 30), TODAY, date(2026, 11, 30), ("credential_renewal_not_longer", "valid_until")),
        (None, TODAY, date(2027, 1, 1), ("credential_not_renewable", None)),
        (date.max, TODAY, None, ("credential_not_renewable", None)),
    ],
)
def test_a_renewal_goes_on_where_the_paper_ends(before_until, valid_from, valid_until, refusal):
    found = papers.why_not_renewal(TRAINING, before_until, valid_from, valid_until, today=TODAY)
    assert code_of(found) == refusal


def test_scans_are_wanted_of_all_but_record_checks():
    assert code_of(papers.why_not_scan(EXAM, scanned=False)) == ("credential_scan_missing", "scan")
    assert code_of(papers.why_not_scan(CHECK, scanned=True)) == ("credential_scan_unwanted", "scan")
    assert (papers.why_not_scan(EXAM, scanned=True), papers.why_not_scan(CHECK, scanned=False)) == (None, None)


def test_numbers_with_a_pattern_are_stored_in_one_shape_and_others_as_they_are():
    assert papers.checked_number(LICENCE, " 9135 0100-m000100y43 ", today=TODAY) == "91350100M000100Y43"
    assert papers.checked_number(TRAINING, " a-1 号 ", today=TODAY) == "a-1 号"
    assert papers.checked_number(PaperType("ID"), "11010519491231002x", today=TODAY) == "11010519491231002X"


def test_a_level_reads_in_words():
    assert [papers.level_words(*one) for one in (("HX", 3), ("SK-YL", 3), ("TR0", None), ("SK-YL", 9))] == [
        "C 类（养老照护）", "三级（高级）", "", "9",
    ]  # fmt: skip


def test_a_renewal_in_the_last_year_of_the_calendar_is_refused_in_words():
    holds = papers.PaperType("EX", holds_months=12)
    found = papers.why_not_renewal(holds, date(2026, 11, 30), date(9999, 12, 31), None, today=TODAY)
    assert found is not None
    assert (found.code, found.field) == ("credential_not_yet", "valid_from")
