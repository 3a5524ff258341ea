"""The colour of a code, day by day; and who sees what. No database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from homeservice.kernel.vocabulary import CredentialCode
from providers.credentials.rules import Alternative, Paper
from providers.service_codes import rules
from providers.service_codes.rules import Colour, Holder, Need, Verdict, Viewer, judge_enterprise, judge_worker
from providers.service_codes.wording import MEANING, MEANING_OF_ENTERPRISES, WORDS

TODAY = date(2026, 11, 23)
YEAR = timedelta(days=365)


def paper(code: str, level: int | None = None, *, begins: date = date(2026, 1, 1), until: date | None = None) -> Paper:
    return Paper(code, level, begins, until)


PAPERS = (
    paper("ID"), paper("HX", 1, until=date(2026, 12, 31)), paper("INS", until=date(2027, 3, 31)), paper("BG1"),
    paper("BG2", begins=date(2026, 6, 1)), paper("TR0"),
)  # fmt: skip


def worker(*papers: Paper, without: str = "", **fields: object) -> Holder:
    held = tuple(one for one in PAPERS if one.code != without and one.code not in {more.code for more in papers})
    return Holder(**{"state": "admitted", "papers": held + papers, "needs": rules.needs_of_worker(()), **fields})


@pytest.mark.parametrize(
    ("holder", "colour", "reasons"),
    [
        (worker(), "green", ()),
        (worker(state="suspended"), "grey", ("suspended",)),
        (worker(state="exited"), "grey", ("exited",)),
        (worker(state="returned"), "grey", ("not_admitted",)),
        (worker(state="blacklisted"), "red", ("blacklisted",)),
        (worker(state="blacklisted", enterprise_state=None), "red", ("blacklisted",)),
        (worker(enterprise_state=None), "grey", ("not_bound",)),
        (worker(enterprise_state="suspended"), "grey", ("enterprise_not_admitted",)),
        (worker(without="ID"), "red", ("identity_missing",)),
        (worker(without="ID", identity_refused=True), "red", ("identity_refused",)),
        (worker(paper("ID", until=TODAY - timedelta(days=1))), "red", ("identity_lapsed",)),
        (worker(without="HX"), "yellow", ("exam_missing",)),
        (worker(without="INS"), "yellow", ("insurance_missing",)),
        (worker(without="BG1"), "yellow", ("crime_check_missing",)),
        (worker(without="BG2"), "yellow", ("child_protection_missing",)),
        (worker(without="TR0"), "yellow", ("pre_job_training_missing",)),
        (worker(paper("BG2", begins=TODAY - YEAR - timedelta(days=1))), "yellow", ("child_protection_lapsed",)),
        (worker(paper("BG2", begins=TODAY - YEAR)), "green", ()),
        (worker(paper("HX", 1, begins=TODAY + timedelta(days=1))), "yellow", ("exam_missing",)),
        (worker(papers=(paper("ID"),)), "yellow", (
            "exam_missing", "crime_check_missing", "child_protection_missing", "pre_job_training_missing",
            "insurance_missing",
        )),
    ],
)  # fmt: skip
def test_a_workers_colour_and_why(holder: Holder, colour: str, reasons: tuple[str, ...]) -> None:
    assert judge_worker(holder, TODAY) == Verdict(Colour(colour), reasons)


@pytest.mark.parametrize(
    ("what", "code", "reason"), [("exam", "HX", "exam_lapsed"), ("insurance", "INS", "insurance_lapsed")]
)
def test_a_paper_holds_on_its_last_day_and_not_on_the_next(what: str, code: str, reason: str) -> None:
    holder = worker(paper(code, 1, until=TODAY))

    assert judge_worker(holder, TODAY - timedelta(days=1)) == rules.GREEN
    assert judge_worker(holder, TODAY) == rules.GREEN
    assert judge_worker(holder, TODAY + timedelta(days=1)) == Verdict(Colour.YELLOW, (reason,))


def test_an_exam_of_a_lower_class_than_the_work_needs_does_not_count() -> None:
    of_elder_care = Need("exam", (Alternative(CredentialCode.EXAM, 3),))
    needs = rules.needs_of_worker([of_elder_care, of_elder_care])

    assert needs == (of_elder_care, rules.INSURANCE)
    assert judge_worker(worker(needs=needs), TODAY) == Verdict(Colour.YELLOW, ("exam_missing",))
    assert judge_worker(worker(paper("HX", 4), needs=needs), TODAY) == rules.GREEN


def test_kinds_that_ask_for_no_exam_leave_the_general_one() -> None:
    asked = Need("crime_check", (Alternative(CredentialCode.CRIME_CHECK, None),))

    assert rules.needs_of_worker([asked]) == (rules.EXAM, asked, rules.INSURANCE)


def test_the_colour_stays_until_the_first_paper_that_ends() -> None:
    assert rules.last_day(judge_worker, worker(), TODAY) == date(2026, 12, 31)
    assert rules.last_day(judge_worker, worker(), date(2026, 12, 31)) == date(2026, 12, 31)


def test_a_yellow_code_stays_until_the_paper_that_mends_it_begins() -> None:
    mended = worker(paper("HX", 1, begins=date(2026, 12, 1)))

    assert rules.last_day(judge_worker, mended, TODAY) == date(2026, 11, 30)
    assert judge_worker(mended, date(2026, 12, 1)) == rules.GREEN


def test_papers_that_end_without_changing_anything_do_not_count() -> None:
    longer = worker(paper("HX", 1, until=date(2026, 11, 30)), paper("HX", 2, until=None))

    assert rules.last_day(judge_worker, worker(state="suspended"), TODAY) is None
    assert rules.last_day(judge_worker, longer, TODAY) == date(2027, 3, 31)


def test_a_renewed_paper_carries_the_colour_over_the_turn_of_a_leap_day() -> None:
    day = date(2028, 2, 29)
    both = worker(
        paper("HX", 1, until=day), paper("HX", 1, begins=date(2028, 3, 1)), paper("INS"), paper("BG2", begins=day)
    )

    assert [judge_worker(both, day + timedelta(days=shift)) for shift in (0, 1)] == [rules.GREEN] * 2
    assert rules.last_day(judge_worker, both, day) == day + YEAR


@pytest.mark.parametrize(
    ("holder", "colour", "reasons"),
    [
        (Holder("admitted", (paper("O-BL"),), (rules.BUSINESS_LICENCE,)), "green", ()),
        (Holder("suspended", (paper("O-BL"),)), "grey", ("suspended",)),
        (Holder("exited", (paper("O-BL"),)), "grey", ("exited",)),
        (Holder("blacklisted", (paper("O-BL"),)), "red", ("blacklisted",)),
        (Holder("admitted", ever_licensed=False), "red", ("business_licence_missing",)),
        (
            Holder("admitted", (paper("O-BL", until=date(2026, 11, 22)),), (rules.BUSINESS_LICENCE,)),
            "yellow", ("business_licence_lapsed",),
        ),
        (
            Holder("admitted", (paper("O-BL"),), (rules.BUSINESS_LICENCE, rules.AGENCY_LICENCE)),
            "yellow", ("agency_licence_missing",),
        ),
    ],
)  # fmt: skip
def test_an_enterprises_colour_and_why(holder: Holder, colour: str, reasons: tuple[str, ...]) -> None:
    assert judge_enterprise(holder, TODAY) == Verdict(Colour(colour), reasons)


def test_every_reason_has_words() -> None:
    whats = [*rules.TOLD_BY_THE_CODE.values(), "insurance", "identity", "business_licence", "agency_licence", "licence"]
    standing = ["blacklisted", "suspended", "exited", "not_admitted", "not_bound", "enterprise_not_admitted"]
    reasons = {f"{what}_{end}" for what in whats for end in ("missing", "lapsed")}

    assert {*reasons, *standing, "identity_refused"} == WORDS.keys()
    assert set(MEANING) == set(MEANING_OF_ENTERPRISES) == set(Colour)


# who sees what: §2.5 of the rules, copied cell by cell
# anyone scanning | consumer with an order or at the door | worker-authorised | own institution | regulator on duty

TABLE = """
photo_id         | all      | all    | all    | all    | all
masked_name      | all      | all    | all    | all    | all
colour           | all      | all    | all    | all    | all
institution      | all      | all    | all    | all    | all
valid_until      | all      | all    | all    | all    | all
full_name        | nothing  | all    | all    | all    | all
sex              | nothing  | all    | all    | all    | all
age_band         | nothing  | all    | all    | all    | all
origin_province  | nothing  | all    | all    | all    | all
identity         | all      | all    | all    | all    | all
exam             | validity | all    | all    | all    | all
background       | nothing  | all    | all    | result | result
skills           | list     | masked | masked | all    | all
training         | all      | all    | all    | all    | all
record           | all      | all    | all    | all    | all
contract         | nothing  | all    | all    | all    | all
insurance        | nothing  | all    | all    | all    | all
id_number        | nothing  | nothing | nothing | nothing | nothing
phone            | nothing  | nothing | nothing | nothing | nothing
address          | nothing  | nothing | nothing | nothing | nothing
bank             | nothing  | nothing | nothing | nothing | nothing
"""
CELLS = [
    (cells[0], viewer, cells[1 + column])
    for line in TABLE.strip().splitlines()
    for cells in [[cell.strip() for cell in line.split("|")]]
    for column, viewer in enumerate(Viewer)
]
UNTIL = date(2027, 5, 31)
FACTS = rules.WorkerFacts(
    authorised=True, colour="green", valid_until=UNTIL, photo_id=7, masked_name="李**", full_name="李小红",
    institution="安心家政", sex="Female", age_band="40–49", origin_province="湖南",
    identity=rules.Identity(True, date(2026, 1, 2)), exam=rules.Exam(True, (("Health exam · A", UNTIL),)),
    background=(rules.Check("Crime", True, date(2026, 1, 3)), rules.Check("Child", False)),
    skills=(rules.Skill("Elder carer · level 3", "SK20260001"),), training=rules.Training(40, True),
    record=rules.Record(4, 4.9, 120, 1), contract="Employee", insurance=(UNTIL,),
)  # fmt: skip


@pytest.mark.parametrize(("field", "viewer", "wanted"), CELLS, ids=lambda value: str(value))
def test_each_field_is_shown_to_each_viewer_as_the_table_says(field: str, viewer: Viewer, wanted: str) -> None:
    assert rules.how_much(field, viewer) == wanted
    assert (field in rules.visible(FACTS, viewer)) == (wanted != "nothing")


def test_the_table_names_every_field_once() -> None:
    assert [field for field, *_ in CELLS[:: len(Viewer)]] == sorted(
        rules.VISIBLE, key=[field for field, *_ in CELLS[:: len(Viewer)]].index
    )
    assert len(CELLS) == len(rules.VISIBLE) * len(Viewer)


def test_what_a_cell_cuts_away_is_gone() -> None:
    skills, background = "skills", "background"
    shown = {viewer: rules.visible(FACTS, viewer) for viewer in Viewer}

    assert [shown[viewer]["exam"].papers for viewer in Viewer] == [(), *[(("Health exam · A", UNTIL),)] * 4]
    assert [shown[viewer][skills][0].number for viewer in Viewer] == [
        "", "****0001", "****0001", "SK20260001", "SK20260001"
    ]  # fmt: skip
    assert [shown[viewer][background][0].on_date for viewer in list(Viewer)[1:]] == [
        date(2026, 1, 3), date(2026, 1, 3), None, None
    ]  # fmt: skip


def test_of_a_worker_who_has_not_authorised_it_strangers_see_the_state_alone() -> None:
    silent = replace(FACTS, authorised=False)

    for viewer in (Viewer.ANYONE, Viewer.CONSUMER, Viewer.AUTHORISED):
        assert rules.visible(silent, viewer) == {"colour": "green"}
    for viewer in (Viewer.INSTITUTION, Viewer.REGULATOR):
        assert rules.visible(silent, viewer) == rules.visible(FACTS, viewer)
