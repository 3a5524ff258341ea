"""The gate asked of many workers: whole answers, in three queries."""

from datetime import date, timedelta

import pytest

from providers.credentials import queries
from providers.credentials.rules import ORDINARY, Context
from tests import world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY = world.MONDAY


@pytest.fixture
def service():
    world.requirement("ID")
    world.requirement("HX", any_of=[{"code": "HX", "level": 2}], reason_code="needs_exam_b")
    return world.item()


def test_each_worker_has_the_days_on_which_the_papers_hold(service):
    firm = world.enterprise()
    alice, bob, charlie = (world.worker(firm, name) for name in ("甲", "乙", "丙"))
    world.credential(alice, "HX", level=2)
    world.credential(bob, "HX", level=3, valid_until=MONDAY + 2 * DAY)
    world.credential(charlie, "HX", level=1)

    found = queries.qualified_periods([alice.pk, bob.pk, charlie.pk, -1], service, MONDAY, MONDAY + 14 * DAY)

    assert found == {
        alice.pk: [(MONDAY, MONDAY + 14 * DAY)],
        bob.pk: [(MONDAY, MONDAY + 3 * DAY)],
        charlie.pk: [],
        -1: [],
    }


@pytest.mark.parametrize("state", ["submitted", "refused", "revoked"])
def test_only_verified_papers_count(service, state):
    worker = world.worker(world.enterprise())
    world.credential(worker, "HX", level=4, state=state)
    assert queries.assess(worker.pk, service, ORDINARY, MONDAY).reason_codes == ("needs_exam_b",)


def test_an_items_own_extra_is_asked_beside_those_of_its_kind(service):
    world.requirement("LIC-HI", item_code="CL04", condition="height", reason_code="needs_height")
    windows = world.item("CL04")
    worker = world.worker(world.enterprise())
    world.credential(worker, "HX", level=2)

    assert queries.assess(worker.pk, windows, ORDINARY, MONDAY).verdict == "allow"
    at_height = queries.assess(worker.pk, windows, Context(at_height=True), MONDAY)
    assert at_height.reason_codes == ("needs_height",)
    assert queries.assess(worker.pk, service, Context(at_height=True), MONDAY).verdict == "allow"


def test_a_suspended_enterprise_blocks_all_its_workers_and_no_others(service):
    suspended, active = world.enterprise("甲家政", state="suspended"), world.enterprise("乙家政")
    theirs, other = world.worker(suspended), world.worker(active)
    for worker in (theirs, other):
        world.credential(worker, "HX", level=2)

    assert queries.qualified_on([theirs.pk, other.pk], service, MONDAY) == {other.pk}
    assert queries.assess(theirs.pk, service, ORDINARY, MONDAY).reason_codes == ("enterprise_not_active",)


def test_the_enterprises_licence_covers_its_own_workers_only():
    world.requirement("O-FD", holder="enterprise")
    licensed, other = world.enterprise("甲家政"), world.enterprise("乙家政")
    world.credential(licensed, "O-FD")
    ours, theirs = world.worker(licensed), world.worker(other)

    assert queries.qualified_on([ours.pk, theirs.pk], world.item(), MONDAY) == {ours.pk}
    assert queries.assess_enterprise(licensed, world.item(), MONDAY).verdict == "allow"
    assert queries.assess_enterprise(other, world.item(), MONDAY).reason_codes == ("needs_o-fd",)


@pytest.mark.parametrize("count", [1, 3])
def test_three_queries_however_many_workers(service, count, django_assert_num_queries):
    firm = world.enterprise()
    ids = [world.worker(firm).pk for _ in range(count)]
    with django_assert_num_queries(3):
        queries.qualified_periods(ids, service, MONDAY, MONDAY + 14 * DAY)
    with django_assert_num_queries(3):
        queries.assess_workers(ids, service, MONDAY)


def test_the_reason_is_told_in_the_readers_language(service, settings):
    worker = world.worker(world.enterprise())
    (finding,) = queries.assess(worker.pk, service, ORDINARY, date(2026, 11, 23)).findings
    assert str(finding.text) == "需要HX"


def test_every_kind_is_assessed_at_once(service, django_assert_num_queries):
    world.kind("pest_control")
    worker = world.worker(world.enterprise())
    with django_assert_num_queries(4):
        found = queries.assess_kinds(worker.pk, MONDAY)
    assert {code: answer.reason_codes for code, answer in found.items()} == {
        "cleaning": ("needs_exam_b",),
        "pest_control": (),
    }
    assert queries.assess(worker.pk, world.kind(), ORDINARY, MONDAY).reason_codes == ("needs_exam_b",)
