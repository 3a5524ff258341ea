"""Reminders of papers that end: told once a step, made up for after an outage, and not where another paper holds on."""

from datetime import date, timedelta

import pytest

from communities.inbox.models import Notification
from homeservice.foundation.models import Upload
from homeservice.kernel import clock
from providers.credentials.keeping import forget_scans
from providers.credentials.models import Credential
from providers.credentials.reminders import remind_expiring
from providers.credentials.tasks import remind_expiring as task
from tests import world
from tests.providers.credentials.test_pages import scanned

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LAST = world.MONDAY + 60 * DAY


@pytest.fixture
def firm():
    return world.enterprise()


@pytest.fixture
def worker(firm):
    return world.worker(firm)


@pytest.fixture
def exam(worker):
    return world.credential(worker, "HX", level=1, valid_until=LAST)


def remind(days_before: int) -> list[str]:
    """What everybody has heard once the task ran so many days before the last one."""
    at = clock.at_local(LAST - days_before * DAY, world.time(7, 30))
    remind_expiring(at=at)
    return sorted(Notification.objects.values_list("dedupe_key", flat=True))


def heard(paper: Credential, *steps: str) -> list[str]:
    return sorted(f"credential:{paper.pk}:{step}" for step in steps)


def test_each_step_is_told_once_however_often_the_task_runs(exam):
    assert [remind(31), remind(30), remind(29), remind(8)] == [[], *([heard(exam, "ends:30")] * 3)]
    assert remind(7) == heard(exam, "ends:30", "ends:7")
    assert [remind(2), remind(1), remind(0)] == [
        heard(exam, "ends:30", "ends:7"), *([heard(exam, "ends:30", "ends:7", "ends:1")] * 2),
    ]  # fmt: skip
    assert [remind(-1), remind(-2), remind(-5)] == [heard(exam, "ends:30", "ends:7", "ends:1", "lapsed")] * 3


def test_after_an_outage_the_step_that_holds_now_is_told_and_the_missed_ones_not(exam):
    assert remind(5) == heard(exam, "ends:7")
    assert remind(-7) == heard(exam, "ends:7", "lapsed")


def test_a_lapse_of_long_ago_is_no_news(exam):
    assert remind(-8) == []


def test_the_worker_and_those_who_staff_are_told_in_their_language_without_names(exam, worker, firm):
    legal, operator = world.manager(firm), world.manager(firm, rights="operator")
    world.manager(firm, rights="clerk")
    world.manager(world.enterprise("别家"))
    remind(7)
    told = Notification.objects.order_by("recipient_id")
    assert sorted(one.recipient_id for one in told) == sorted([worker.user_id, legal.pk, operator.pk])
    assert {(one.title_text, one.url_name, tuple(one.url_args)) for one in told} == {
        ("证照即将到期：健康体检", "credential_history", (exam.pk,))
    }
    assert worker.real_name not in str(told.values())


def test_an_enterprises_licence_is_told_to_who_runs_the_office(firm):
    legal = world.manager(firm)
    world.manager(firm, rights="operator")
    licence = world.credential(firm, "O-FD", valid_until=LAST)
    assert remind(1) == heard(licence, "ends:1")
    assert Notification.objects.get().recipient_id == legal.pk


@pytest.mark.parametrize("state", ["verified", "submitted"])
def test_who_has_the_next_paper_already_is_not_reminded(exam, worker, state):
    world.credential(worker, "HX", level=1, state=state, valid_until=LAST + 300 * DAY)
    assert [remind(30), remind(-1)] == [[], []]


@pytest.mark.parametrize(
    "other",
    [{"state": "refused"}, {"state": "revoked"}, {"level": 2}, {"valid_until": LAST}],
    ids=["refused", "revoked", "of another class", "ending as early"],
)
def test_a_paper_that_does_not_hold_on_silences_no_reminder(exam, worker, other):
    world.credential(worker, "HX", **{"level": 1, "valid_until": LAST + 300 * DAY, **other})
    assert f"credential:{exam.pk}:ends:7" in remind(7)


def test_only_verified_papers_are_spoken_of(worker):
    for state in ("submitted", "refused", "revoked", "superseded"):
        world.credential(worker, "HX", level=1, state=state, valid_until=LAST)
    world.credential(worker, "TR0")
    assert remind(1) == []


def test_a_worker_without_an_enterprise_is_told_alone(exam, worker):
    type(worker).objects.filter(pk=worker.pk).update(enterprise=None)
    remind(1)
    assert Notification.objects.get().recipient_id == worker.user_id


def test_the_task_takes_the_clock(exam):
    with clock.frozen(clock.at_local(LAST - DAY, world.time(7, 30))):
        task()
    assert Notification.objects.get().dedupe_key == f"credential:{exam.pk}:ends:1"


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_takes_the_same_queries_however_many_papers(firm, count, django_assert_num_queries):
    for _ in range(count):
        world.credential(world.worker(firm), "HX", level=1, valid_until=LAST)
    at = clock.at_local(LAST - DAY, world.time(7, 30))
    with django_assert_num_queries(4):
        remind_expiring(at=at)


def test_scans_that_never_became_a_paper_are_forgotten_and_others_stay(
    worker, folder, django_capture_on_commit_callbacks
):
    paper = scanned(worker, valid_until=date(2027, 1, 1))
    lonely = scanned(worker, "FA", valid_until=None)
    Credential.objects.filter(pk=lonely.pk).update(scan=None)
    assert forget_scans(at=world.NOW + 2 * DAY) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert [forget_scans(at=world.NOW + 3 * DAY), forget_scans(at=world.NOW + 3 * DAY)] == [1, 0]
    assert list(Upload.objects.values_list("pk", flat=True)) == [paper.scan_id]
    assert len([file for file in folder.rglob("*") if file.is_file()]) == 1
