"""The gate's decisions, without a database."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.credentials import rules
from providers.credentials.rules import Alternative, Context, Need, Paper, Standing

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)
LAW_BEGINS = date(2023, 7, 1)
ADULT = Standing(birth_date=date(1980, 5, 5))

IDENTITY = Need("needs_id", "worker", (Alternative("ID", None),), "always", "block", "law", "ID", "Show it", LAW_BEGINS)
EXAM_C = replace(IDENTITY, reason_code="needs_exam_c", any_of=(Alternative("HX", 3),))
CHECK = replace(IDENTITY, reason_code="needs_check", any_of=(Alternative("BG2", None),), max_age_days=365)
SKILL = replace(IDENTITY, reason_code="needs_skill", any_of=(Alternative("SK-YL", 5), Alternative("SK-ZH", 5)))
INSURANCE = replace(IDENTITY, reason_code="needs_ins", any_of=(Alternative("INS", None),), effect="warn")
FOOD = replace(IDENTITY, reason_code="needs_food", holder="enterprise", any_of=(Alternative("O-FD", None),))


def paper(code: str, level: int | None = None, *, since: date = LAW_BEGINS, until: date | None = None) -> Paper:
    return Paper(code, level, since, until)


def codes(*needs: Need, papers: list[Paper], firm: list[Paper] = [], **options) -> tuple[str, tuple[str, ...]]:  # noqa: B006
    answer = rules.assess(needs, papers, firm, on_date=options.pop("on_date", MONDAY), **options)
    return answer.verdict, answer.reason_codes


def cause(need: Need, *papers: Paper) -> tuple[str, date | None]:
    (finding,) = rules.assess([need], papers, [], on_date=MONDAY).findings
    return finding.cause, finding.since


def test_a_worker_with_every_paper_is_allowed():
    assert codes(IDENTITY, EXAM_C, papers=[paper("ID"), paper("HX", 3)]) == ("allow", ())


def test_a_missing_paper_blocks_and_names_its_reason():
    assert codes(IDENTITY, EXAM_C, papers=[paper("ID")]) == ("block", ("needs_exam_c",))


def test_a_missing_insurance_only_warns():
    assert codes(IDENTITY, INSURANCE, papers=[paper("ID")]) == ("warn", ("needs_ins",))


@pytest.mark.parametrize(("held", "verdict"), [(1, "block"), (2, "block"), (3, "allow"), (4, "allow")])
def test_a_higher_exam_class_satisfies_a_lower_one(held, verdict):
    assert codes(EXAM_C, papers=[paper("HX", held)])[0] == verdict


@pytest.mark.parametrize(("held", "verdict"), [(5, "block"), (4, "allow"), (3, "allow"), (1, "allow")])
def test_a_skill_level_counts_down_to_one(held, verdict):
    need = replace(SKILL, any_of=(Alternative("SK-YL", 4),))
    assert codes(need, papers=[paper("SK-YL", held)])[0] == verdict


def test_one_of_several_papers_is_enough():
    assert codes(SKILL, papers=[paper("SK-ZH", 4)]) == ("allow", ())


def test_a_paper_without_a_level_does_not_prove_a_level():
    assert cause(EXAM_C, paper("HX")) == ("level", None)


def test_a_paper_holds_on_its_last_day_and_not_on_the_next():
    held = [paper("ID", until=MONDAY)]
    assert codes(IDENTITY, papers=held)[0] == "allow"
    assert codes(IDENTITY, papers=held, on_date=MONDAY + DAY)[0] == "block"


def test_a_record_check_is_too_old_after_365_days():
    assert codes(CHECK, papers=[paper("BG2", since=MONDAY - 365 * DAY)])[0] == "allow"
    assert cause(CHECK, paper("BG2", since=MONDAY - 366 * DAY)) == ("too_old", MONDAY)


def test_the_finding_says_what_is_wrong_with_the_paper():
    assert cause(IDENTITY) == ("missing", None)
    assert cause(IDENTITY, paper("ID", until=MONDAY - 3 * DAY)) == ("lapsed", MONDAY - 2 * DAY)
    assert cause(IDENTITY, paper("ID", since=MONDAY + 3 * DAY)) == ("not_yet", MONDAY + 3 * DAY)


def test_a_paper_that_never_ends_may_be_written_with_the_last_date_there_is():
    assert codes(IDENTITY, papers=[paper("ID", until=date.max)])[0] == "allow"


def test_an_enterprise_licence_is_looked_for_among_the_enterprises_papers():
    assert codes(FOOD, papers=[paper("O-FD")])[0] == "block"
    assert codes(FOOD, papers=[], firm=[paper("O-FD")])[0] == "allow"


@pytest.mark.parametrize(
    ("condition", "context"),
    [
        ("child", Context(child_present=True)),
        ("care_level_2", Context(care_level=2)),
        ("height", Context(at_height=True)),
        ("height", Context(acts=frozenset({"height"}))),
        ("refrigerant", Context(acts=frozenset({"refrigerant"}))),
        ("chemical", Context(acts=frozenset({"chemical"}))),
        ("child", Context(groups=frozenset({"elder", "newborn"}))),
        ("group", Context(groups=frozenset({"elder"}))),
    ],
)
def test_a_conditional_need_is_asked_only_in_its_circumstances(condition, context):
    need = replace(IDENTITY, condition=condition, groups=frozenset({"elder", "disabled"}))
    elsewhere = Context(groups=frozenset({"office"}), care_level=1, acts=frozenset({"sewing"}))
    assert [codes(need, papers=[], context=one)[0] for one in (Context(), elsewhere)] == ["allow", "allow"]
    assert codes(need, papers=[], context=context)[0] == "block"


def test_a_need_is_not_asked_before_it_is_in_force():
    need = replace(IDENTITY, valid_from=MONDAY)
    assert codes(need, papers=[], on_date=MONDAY - DAY)[0] == "allow"
    assert codes(need, papers=[])[0] == "block"


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (replace(ADULT, worker_state="suspended"), "worker_not_admitted"),
        (replace(ADULT, worker_state="returned"), "worker_not_admitted"),
        (replace(ADULT, authorised=False), "worker_not_authorised"),
        (replace(ADULT, enterprise_state=None), "worker_without_enterprise"),
        (replace(ADULT, enterprise_state="suspended"), "enterprise_not_active"),
        (replace(ADULT, birth_date=date(2008, 11, 24)), "worker_under_age"),
    ],
)
def test_standing_blocks_whatever_the_papers_say(standing, reason):
    assert codes(IDENTITY, papers=[paper("ID")], standing=standing) == ("block", (reason,))


def test_of_two_needs_for_one_paper_the_stronger_is_told():
    rule = replace(IDENTITY, reason_code="rule", basis="platform")
    hint = replace(IDENTITY, reason_code="hint", effect="warn")
    law = replace(IDENTITY, reason_code="law", condition="child")
    child = Context(child_present=True)
    for order in ((rule, hint, law), (law, hint, rule), (hint, law, rule)):
        assert codes(*order, papers=[]) == ("block", ("rule",))
        assert codes(*order, papers=[], context=child) == ("block", ("law",))
    younger = replace(IDENTITY, reason_code="younger", max_age_days=30)
    assert codes(IDENTITY, younger, papers=[]) == ("block", ("needs_id", "younger"))


def test_a_worker_may_begin_on_the_eighteenth_birthday():
    standing = replace(ADULT, birth_date=date(2008, 2, 29))
    assert rules.birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert codes(IDENTITY, papers=[paper("ID")], standing=standing, on_date=date(2026, 3, 1))[0] == "allow"


# a busy machine draws slowly; that says nothing about the gate
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
days = st.dates(date(2026, 1, 1), date(2026, 3, 1))
maybe_days = st.none() | days | st.just(date.max)
some_codes = st.sampled_from(["ID", "HX", "SK-YL", "BG2"])
some_papers = st.lists(st.builds(Paper, some_codes, st.none() | st.integers(1, 5), days, maybe_days), max_size=6)
some_needs = st.lists(
    st.builds(
        Need,
        reason_code=st.just("need"),
        holder=st.sampled_from(["worker", "enterprise"]),
        any_of=st.lists(st.builds(Alternative, some_codes, st.none() | st.integers(1, 5)), min_size=1, max_size=3).map(
            tuple
        ),
        condition=st.sampled_from(["always", "child", "height"]),
        effect=st.sampled_from(["block", "warn"]),
        basis=st.just("law"),
        text=st.just(""),
        mend=st.just(""),
        valid_from=days,
        valid_until=maybe_days,
        max_age_days=st.none() | st.integers(0, 40),
    ),
    max_size=4,
)
contexts = st.builds(Context, child_present=st.booleans(), at_height=st.booleans())
standings = st.builds(
    Standing,
    worker_state=st.sampled_from(["admitted", "admitted", "suspended"]),
    enterprise_state=st.sampled_from(["admitted", "admitted", None, "exited"]),
    birth_date=st.none() | st.dates(date(2008, 1, 1), date(2008, 3, 1)),
    authorised=st.sampled_from([True, True, True, False]),
)


@unhurried
@given(some_needs, some_papers, some_papers, contexts, standings, days, st.integers(0, 40))
def test_the_periods_are_exactly_the_days_on_which_the_gate_does_not_block(
    needs, mine, ours, context, standing, start, length
):
    end = start + length * DAY
    asked = rules.blocking_needs(needs, context)
    spans = rules.permitted_periods(asked, mine, ours, window=(start, end), standing=standing)
    by_period = {first + n * DAY for first, last in spans for n in range((last - first).days)}
    by_day = {
        day
        for day in (start + n * DAY for n in range(length))
        if rules.assess(needs, mine, ours, on_date=day, context=context, standing=standing).verdict != "block"
    }
    assert by_period == by_day
    assert all(start <= first < last <= end for first, last in spans)
    assert all(left[1] < right[0] for left, right in pairwise(spans))


RANK = {"allow": 0, "warn": 1, "block": 2}


@unhurried
@given(some_needs, some_papers, days, st.integers(1, 4), st.integers(1, 4))
def test_a_higher_exam_class_never_makes_a_verdict_worse(needs, papers, day, one, other):
    low, high = sorted((one, other))
    before = rules.assess(needs, [*papers, paper("HX", low)], [], on_date=day).verdict
    after = rules.assess(needs, [*papers, paper("HX", high)], [], on_date=day).verdict
    assert RANK[after] <= RANK[before]


@unhurried
@given(some_needs, some_papers, some_papers, days)
def test_more_papers_never_make_a_verdict_worse(needs, papers, more, day):
    before = rules.assess(needs, papers, [], on_date=day).verdict
    after = rules.assess(needs, [*papers, *more], [], on_date=day).verdict
    assert RANK[after] <= RANK[before]
