"""Every row of the enforcement table (domain §3.4), written out here once more as the law and the platform say it:
for each kind one worker who passes, and for each column one who fails it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeservice.kernel import clock
from providers.catalogue.models import ServiceItem, ServiceKind
from providers.credentials.models import Credential, Requirement
from providers.credentials.queries import assess, needs_of, qualified_on
from providers.credentials.rules import ORDINARY, Alternative, Context, Need, Paper, Standing
from providers.credentials.rules import assess as judge
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker
from tests import world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
VISIT = world.MONDAY

# paper, or papers of which one will do, each with its least level; @ the circumstance; H law, P platform, W a warning
HOME = "ID:H BG1:P BG2:P BG2@child:H TR0:H INS:W"
WITH_CHILDREN = "ID:H BG1:P BG2:H TR0:H INS:W"
ROWS = {
    "cleaning": f"{HOME} HX1:H LIC-HI@height:H SK-PC5|TR-X@chemical:P",
    "live_in_helper": f"{HOME} HX2:H SK-JW5:P",
    "home_cooking": f"{HOME} HX2:H HX-F:P",
    "maternity_care": f"{WITH_CHILDREN} HX4:H SK-MY5:P",
    "infant_care": f"{WITH_CHILDREN} HX4:H SK-YY5|SK-MY5|SK-YD4:P FA:P",
    "child_minding": f"{WITH_CHILDREN} HX1:H SK-BY5:P",
    "home_nursery": f"{WITH_CHILDREN} HX4:P TR-X:H O-CC:H",
    "family_education": f"{WITH_CHILDREN} HX1:H FED:P",
    "lactation": f"{WITH_CHILDREN} HX4:H TR-X:P LIC-N|LIC-D@medical_act:H O-MED@medical_act:H",
    "elder_care": f"{HOME} HX3:H SK-YL5|SK-ZH5:P SK-YL4|SK-ZH4@care_level_2:P",
    "dementia_care": f"{HOME} HX3:H SK-YL4|SK-CZ5:P FA:P",
    "assisted_bathing": "ID:H BG1:P BG2:P BG2@child:H TR0:H HX3:H SK-YL5:P FA:P INS:P",
    "ltc_visit": f"{HOME} HX3:H SK-CZ5|SK-YL5:P O-LTC:H",
    "home_nursing": "ID:H HX3:H BG1:P TR0:H LIC-N:H O-MED:H INS:H",
    "doctor_round": "ID:H HX3:H BG1:P LIC-D:H O-MED:H INS:W",
    "hospital_escort": f"{HOME} HX3:H SK-YL5:P",
    "patient_care": f"{HOME} HX3:H SK-YH5|SK-ZH5:P",
    "canteen": "ID:H HX-F:H TR0:H SK-PR5:W O-FD:H INS:W",
    "meal_delivery": f"{HOME} HX-F:H",
    "organising": f"{HOME} HX1:H SK-SN5:P",
    "appliance_cleaning": f"{HOME} HX1:H SK-JD|TR-X:P LIC-HI@height:H LIC-HV@refrigerant:H",
    "appliance_repair": f"{HOME} HX1:H SK-JD5:P LIC-HV@refrigerant:H LIC-HI@height:H LIC-EL@wiring:H",
    "plumbing_furniture_locks": f"{HOME} HX1:H LIC-EL@wiring:H LIC-LK@lock_opening:H",
    "pest_control": f"{HOME} HX1:H SK-PC5:P SK-PC5|TR-X@chemical:P",
    "counselling": f"{HOME} HX1:H PSY:P",
    "marriage_counselling": f"{HOME} HX1:H MAR|PSY:P",
    "disability_assistance": f"{HOME} HX3:H SK-YL5|SK-ZH5:P",
    "mutual_help": "ID:H HX1:P BG1:P BG2@child:H TR0:P INS:W",
    # families that the catalogue needs beside those of §3.4
    "elder_visits": f"{HOME} HX1:H",
    "home_adaptation": f"{HOME} HX1:H LIC-AS:P",
    "rehabilitation": f"{HOME} HX3:H LIC-RT:H",
    "health_monitoring": f"{HOME} HX1:H TR-X|LIC-N|LIC-D:P LIC-N@medical_act:H",
}
ITEMS = {  # the ★ and other extras of single items, beside those of their kinds
    "CK02": "HX4:P", "CK03": "SK-PR5:P", "NA04": "SK-JW3:P", "MB02": "SK-MY4:P SK-MY3:W FA:P",
    "MB03": "SK-MY3:P FA:P", "CH06": "SK-YD4:P", "EL01": "SK-YL5:P", "EL02": "SK-YL5:P", "EL03": "SK-YL4:P",
    "EL04": "SK-YL4:P", "PA01": "SK-YH5:P", "RE04": "LIC-EL:H", "MU02": "HX2:P HX-F:P BG2:P",
}  # fmt: skip
REASONS = {
    "ID": "identity", "HX1": "exam_a", "HX2": "exam_b", "HX3": "exam_c", "HX4": "exam_d", "HX-F": "food_exam",
    "BG1": "crime_check", "BG2": "child_protection_check", "TR0": "pre_job_training", "FA": "first_aid",
    "INS": "insurance", "SK-JW5": "skill_home_service", "SK-JW3": "skill_household_manager", "SK-PR5": "skill_cook",
    "SK-MY5": "skill_maternity", "SK-MY4": "skill_maternity_4", "SK-MY3": "skill_maternity_3",
    "SK-YY5|SK-MY5|SK-YD4": "skill_infant_care", "SK-YD4": "skill_early_development", "SK-BY5": "skill_nursery",
    "SK-YL5|SK-ZH5": "skill_elder_care", "SK-YL4|SK-ZH4": "skill_elder_care_4", "SK-YL5": "skill_elder_carer",
    "SK-YL4": "skill_elder_carer_4", "SK-YL4|SK-CZ5": "skill_dementia_care", "SK-CZ5|SK-YL5": "skill_long_term_care",
    "SK-YH5|SK-ZH5": "skill_patient_care", "SK-YH5": "skill_hospital_carer", "SK-SN5": "skill_organising",
    "SK-JD5": "skill_appliance_repair", "SK-PC5": "skill_pest_control", "SK-JD|TR-X": "appliance_training",
    "SK-PC5|TR-X": "chemical_training", "TR-X": "service_training", "TR-X|LIC-N|LIC-D": "measuring_training",
    "LIC-N": "nurse_licence", "LIC-D": "doctor_licence", "LIC-N|LIC-D": "medical_licence",
    "LIC-RT": "rehabilitation_licence", "LIC-AS": "assessor_certificate", "LIC-HV": "refrigeration_licence",
    "LIC-HI": "height_licence", "LIC-EL": "electrician_licence", "LIC-LK": "locksmith_filing",
    "PSY": "counselling_certificate", "FED": "family_education_certificate", "MAR|PSY": "marriage_certificate",
    "O-MED": "medical_institution", "O-FD": "food_business", "O-LTC": "ltc_provider", "O-CC": "nursery_filing",
}  # fmt: skip
STRENGTH = {"H": ("block", "law"), "P": ("block", "platform"), "W": ("warn", "platform")}
CONTEXTS = {
    "": ORDINARY, "child": Context(child_present=True), "care_level_2": Context(care_level=2),
    **{act: Context(acts=frozenset({act})) for act in ("chemical", "refrigerant", "wiring", "lock_opening", "medical_act")},
    "height": Context(at_height=True),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One cell of the table: the papers of which one will do, when it is asked, and how strongly."""

    where: str
    papers: str
    condition: str
    strength: str

    @property
    def alternatives(self) -> list[tuple[str, int | None]]:
        return [_paper(one) for one in self.papers.split("|")]

    @property
    def codes(self) -> set[str]:
        return {code for code, _level in self.alternatives}

    @property
    def reason(self) -> str:
        if self.papers == "BG2" and self.condition == "child" and self.where != "mutual_help":
            return "child_contact_check"
        return REASONS[self.papers]

    def __str__(self) -> str:
        return f"{self.where} {self.papers}{'@' if self.condition else ''}{self.condition}"


def _paper(word: str) -> tuple[str, int | None]:
    """`HX3` is the paper HX of class 3, `SK-YL` any level, `LIC-D` and `TR0` have none."""
    if word.startswith(("SK-", "HX")) and word[-1].isdigit():
        return word[:-1], int(word[-1])
    return word, None


def cells_of(where: str, row: str) -> list[Cell]:
    parted = (token.rpartition(":") for token in row.split())
    return [Cell(where, *_asked(asked), strength) for asked, _, strength in parted]


def _asked(text: str) -> tuple[str, str]:
    papers, _, condition = text.partition("@")
    return papers, condition


KINDS = {kind: cells_of(kind, row) for kind, row in ROWS.items()}
CELLS = [cell for cells in KINDS.values() for cell in cells]
ITEM_CELLS = [cell for item, row in ITEMS.items() for cell in cells_of(item, row)]


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The shipped catalogue, types and table, for all tests of this module; undone at its end."""
    with django_db_blocker.unblock(), clock.frozen(world.NOW), transaction.atomic():
        call_command("load_catalogue", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def firm() -> Enterprise:
    return world.enterprise()


@pytest.fixture
def worker(firm: Enterprise) -> Worker:
    """Admitted, authorised and of age, without any paper."""
    row = world.worker(firm, kinds=())
    Credential.objects.filter(worker=row).delete()
    return row


def applying(cells: list[Cell], condition: str) -> list[Cell]:
    return [cell for cell in cells if cell.condition in ("", condition)]


def best(code: str, cells: list[Cell]) -> int | None:
    """The level that satisfies every cell that asks for this paper."""
    levels = [level for cell in cells for one, level in cell.alternatives if one == code and level]
    if not levels:
        return None
    return max(levels) if code == "HX" else min(levels)


def hand_over(worker: Worker, cells: list[Cell], *, without: frozenset[str] = frozenset(), **fields: Any) -> None:
    """The first alternative of each cell that isn't in `without`; of the enterprise where it is a licence."""
    for code in dict.fromkeys(cell.alternatives[0][0] for cell in cells):
        if code not in without:
            holder = worker.enterprise if code.startswith("O-") else worker
            assert holder is not None
            values = {"level": best(code, cells), "valid_from": VISIT - 100 * DAY, **fields}
            world.credential(holder, code, **values)


def found(worker: Worker, where: str, context: Context, day: date = VISIT) -> dict[str, tuple[str, str]]:
    """What the gate has against it, by reason code."""
    asked = ServiceItem.objects.get(pk=where) if where in ITEMS else ServiceKind.objects.get(pk=where)
    answer = assess(worker.pk, asked, context, day)
    return {one.reason_code: (one.effect, one.basis) for one in answer.findings}


def test_the_table_of_this_test_speaks_of_every_kind_and_of_every_item_with_extras() -> None:
    assert set(KINDS) == set(ServiceKind.objects.values_list("code", flat=True))
    assert set(ITEMS) == set(Requirement.objects.exclude(item_code="").values_list("item_code", flat=True))


@pytest.mark.parametrize("where", [*KINDS, *ITEMS])
def test_the_table_asks_for_exactly_these_cells(where: str) -> None:
    cells = KINDS.get(where) or cells_of(where, ITEMS[where])
    rows = Requirement.objects.filter(**({"item_code": where} if where in ITEMS else {"kind": where, "item_code": ""}))
    asked = {
        (
            row.reason_code,
            frozenset((one["code"], one["level"]) for one in row.any_of),
            "" if row.condition == "always" else row.condition,
            (row.effect, row.basis),
            row.holder,
            row.max_age_days,
        )
        for row in rows
    }
    assert asked == {
        (
            cell.reason,
            frozenset(cell.alternatives),
            cell.condition,
            STRENGTH[cell.strength],
            "enterprise" if cell.papers.startswith("O-") else "worker",
            365 if cell.papers == "BG2" else None,
        )
        for cell in cells
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_with_every_paper_passes_in_all_circumstances(kind: str, worker: Worker) -> None:
    hand_over(worker, KINDS[kind])
    everything = Context(True, 4, True, frozenset(CONTEXTS), frozenset({"newborn"}))
    assert [found(worker, kind, context) for context in (ORDINARY, everything)] == [{}, {}]


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_a_worker_who_lacks_one_column_fails_it(cell: Cell, worker: Worker) -> None:
    cells = applying(KINDS[cell.where], cell.condition)
    missing = frozenset(cell.codes)
    hand_over(worker, [one for one in cells if not one.codes & missing])

    against = found(worker, cell.where, CONTEXTS[cell.condition])
    others = {one.reason for one in cells if one.codes & missing and one.codes <= missing}
    stronger = {one.reason for one in cells if one != cell and one.papers == cell.papers}

    assert against[cell.reason] == STRENGTH[cell.strength]
    assert set(against) - {cell.reason} <= {one.reason for one in cells if one.codes & missing} - stronger
    assert others - stronger <= set(against)
    if cell.condition:
        assert cell.reason not in found(worker, cell.where, ORDINARY)


@pytest.mark.parametrize("cell", ITEM_CELLS, ids=str)
def test_a_worker_of_the_kind_who_lacks_an_items_extra_fails_it(cell: Cell, worker: Worker) -> None:
    kind = ServiceItem.objects.get(pk=cell.where).kind_id
    cells = [*applying(KINDS[kind], ""), *cells_of(cell.where, ITEMS[cell.where])]
    missing = frozenset(cell.codes)
    hand_over(worker, [one for one in cells if not one.codes & missing])
    assert found(worker, cell.where, ORDINARY)[cell.reason] == STRENGTH[cell.strength]
    hand_over(worker, [one for one in cells if one.codes & missing])
    assert found(worker, cell.where, ORDINARY) == {}


@pytest.mark.parametrize("cell", [cell for cell in CELLS if any(level for _code, level in cell.alternatives)], ids=str)
def test_a_paper_one_level_too_low_does_not_do_and_one_higher_does(cell: Cell, worker: Worker) -> None:
    code, level = cell.alternatives[0]
    assert level is not None
    step = 1 if code == "HX" else -1
    if (code, level - step) not in {("HX", 0), *((skill, 6) for skill in cell.codes)}:
        lower = world.credential(worker, code, level=level - step)
        assert cell.reason in found(worker, cell.where, CONTEXTS[cell.condition])
        lower.delete()
    if (code, level + step) != ("HX", 5):
        world.credential(worker, code, level=level + step)
        assert cell.reason not in found(worker, cell.where, CONTEXTS[cell.condition])


@pytest.mark.parametrize("cell", [cell for cell in CELLS if "|" in cell.papers], ids=str)
def test_each_of_several_papers_is_enough_alone(cell: Cell, worker: Worker) -> None:
    for code, level in cell.alternatives:
        one = world.credential(worker, code, level=level)
        assert cell.reason not in found(worker, cell.where, CONTEXTS[cell.condition])
        one.delete()


# the day of the visit


@pytest.mark.parametrize("code", ["ID", "HX", "BG1", "TR0"])
@pytest.mark.parametrize(("ends", "allowed"), [(-1, False), (0, True), (1, True)])
def test_a_paper_that_ends_the_day_before_the_visit_blocks_it(
    worker: Worker, code: str, ends: int, allowed: bool
) -> None:
    cells = KINDS["cleaning"]
    hand_over(worker, cells, without=frozenset({code}))
    world.credential(worker, code, level=best(code, cells), valid_until=VISIT + ends * DAY)
    item = ServiceItem.objects.get(pk="CL01")
    against = found(worker, "cleaning", ORDINARY)
    assert (against == {}, qualified_on([worker.pk], item, VISIT) == {worker.pk}) == (allowed, allowed)


def test_of_a_series_every_visit_after_the_last_day_is_blocked(worker: Worker) -> None:
    hand_over(worker, KINDS["cleaning"], without=frozenset({"HX"}))
    world.credential(worker, "HX", level=1, valid_until=VISIT + 14 * DAY)
    weekly = [VISIT + 7 * n * DAY for n in range(5)]
    assert [sorted(found(worker, "cleaning", ORDINARY, day)) for day in weekly] == [[], [], [], ["exam_a"], ["exam_a"]]


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "day", "allowed"),
    [
        (date(2027, 3, 1), date(2028, 2, 29), date(2028, 2, 28), True),
        (date(2027, 3, 1), date(2028, 2, 29), date(2028, 2, 29), True),
        (date(2027, 3, 1), date(2028, 2, 29), date(2028, 3, 1), False),
        (date(2028, 2, 29), None, date(2028, 2, 28), False),
        (date(2028, 2, 29), None, date(2028, 2, 29), True),
    ],
)
def test_papers_of_a_leap_day(
    worker: Worker, valid_from: date, valid_until: date | None, day: date, allowed: bool
) -> None:
    hand_over(worker, KINDS["mutual_help"], without=frozenset({"HX"}), valid_from=date(2026, 1, 1))
    world.credential(worker, "HX", level=1, valid_from=valid_from, valid_until=valid_until)
    assert ("exam_a" not in found(worker, "mutual_help", ORDINARY, day)) == allowed


@pytest.mark.parametrize(("age", "allowed"), [(364, True), (365, True), (366, False)])
def test_a_child_protection_check_is_good_for_365_days_over_a_leap_day_too(
    worker: Worker, age: int, allowed: bool
) -> None:
    asked_on = date(2028, 1, 15)
    hand_over(worker, KINDS["infant_care"], without=frozenset({"BG2"}), valid_from=date(2026, 1, 1))
    world.credential(worker, "BG2", valid_from=asked_on)
    against = found(worker, "infant_care", ORDINARY, asked_on + age * DAY)
    assert against == ({} if allowed else {"child_protection_check": ("block", "law")})


def test_a_child_in_the_home_makes_the_platforms_rule_the_laws_and_is_told_once(worker: Worker) -> None:
    hand_over(worker, KINDS["cleaning"], without=frozenset({"BG2"}))
    assert found(worker, "cleaning", ORDINARY) == {"child_protection_check": ("block", "platform")}
    for context in (CONTEXTS["child"], Context(groups=frozenset({"infant", "everyone"}))):
        assert found(worker, "cleaning", context) == {"child_contact_check": ("block", "law")}


def test_a_row_may_speak_of_groups(worker: Worker) -> None:
    world.requirement("FA", condition="group", groups=["elder", "disabled"], reason_code="first_aid_for_the_frail")
    hand_over(worker, KINDS["cleaning"])
    assert found(worker, "cleaning", Context(groups=frozenset({"office"}))) == {}
    assert found(worker, "cleaning", Context(groups=frozenset({"elder"}))) == {
        "first_aid_for_the_frail": ("block", "law")
    }


# no combination of missing papers


@settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=200
)
@given(data=st.data())
def test_no_combination_of_missing_papers_is_ever_allowed(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    condition = data.draw(st.sampled_from(sorted(CONTEXTS)))
    asked = [cell for cell in applying(KINDS[kind], condition) if cell.strength != "W"]
    missing = data.draw(st.sets(st.sampled_from(asked), min_size=1))
    lost = {code for cell in missing for code in cell.codes}
    spoilt = data.draw(st.sampled_from(["absent", "lapsed", "not yet"]))
    papers = [
        _held(code, best(code, asked), spoilt if code in lost else "held")
        for code in sorted({code for cell in asked for code in cell.codes})
        if spoilt != "absent" or code not in lost
    ]
    answer = judge(_needs(kind), papers, papers, on_date=VISIT, context=CONTEXTS[condition], standing=Standing())
    assert answer.verdict == "block"
    assert {one.reason_code for one in answer.blocking} & {cell.reason for cell in missing} or any(
        cell.papers == other.papers for cell in missing for other in asked if other is not cell
    )


_NEEDS: dict[str, list[Need]] = {}


def _needs(kind: str) -> list[Need]:
    if kind not in _NEEDS:
        item = ServiceItem(pk="", kind_id=kind)
        _NEEDS[kind] = [replace(need, text="", mend="") for need in needs_of(item)]
    return _NEEDS[kind]


def _held(code: str, level: int | None, how: str) -> Paper:
    start = {"held": VISIT - 100 * DAY, "lapsed": VISIT - 200 * DAY, "not yet": VISIT + DAY}[how]
    return Paper(code, level, start, VISIT - DAY if how == "lapsed" else None)


def test_the_oracle_of_this_module_knows_levels() -> None:
    assert [_paper(one) for one in ("HX3", "HX-F", "SK-YL5", "SK-JD", "LIC-D", "TR0", "BG2")] == [
        ("HX", 3), ("HX-F", None), ("SK-YL", 5), ("SK-JD", None), ("LIC-D", None), ("TR0", None), ("BG2", None),
    ]  # fmt: skip
    assert Alternative(*_paper("HX3")) == Alternative("HX", 3)
