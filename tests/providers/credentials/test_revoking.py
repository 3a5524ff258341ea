"""Reviewing staff revoke a paper on its page, with a reason that its people read."""

import pytest
from django.urls import reverse

from communities.inbox.models import Notification
from providers.credentials.models import Credential
from providers.enterprises.models import EnterpriseManager
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def exam():
    firm = world.enterprise()
    world.manager(firm)
    return world.credential(world.worker(firm), "HX", level=1)


def page(exam: Credential) -> str:
    return reverse("credential_revoke", args=[exam.pk])


def test_a_reviewer_revokes_with_a_reason_and_its_people_are_told(exam, sign_in):
    rita = world.staff(division=world.TIANHE, duty="reviewer")
    browser = sign_in(rita, second_factor=True)
    assert page(exam) in browser.get(reverse("credential_history", args=[exam.pk])).content.decode()

    answer = browser.post(page(exam), {"reason": "医院确认该证明系伪造"})

    exam.refresh_from_db()
    assert (answer.status_code, exam.state, exam.reason) == (302, "revoked", "医院确认该证明系伪造")
    assert exam.decided_by == rita
    told = set(Notification.objects.values_list("recipient", flat=True))
    assert {exam.worker.user_id, exam.worker.enterprise.managers.get().user_id} <= told
    assert browser.get(page(exam)).status_code == 404


def test_without_a_reason_nothing_happens(exam, sign_in):
    browser = sign_in(world.staff(division=world.TIANHE, duty="reviewer"), second_factor=True)

    answer = browser.post(page(exam), {"reason": " "})

    exam.refresh_from_db()
    assert (answer.status_code, exam.state) == (422, "verified")


def test_another_districts_reviewer_a_desk_and_one_in_their_own_cause_are_refused(exam, sign_in):
    own = world.staff(division=world.TIANHE, duty="reviewer")
    EnterpriseManager.objects.create(enterprise=exam.worker.enterprise, user=own, rights="clerk")
    strangers = [
        world.staff(division=world.SHIPAI, duty="reviewer"), world.staff(division=world.TIANHE), own,
    ]  # fmt: skip

    codes = {sign_in(one, second_factor=True).post(page(exam), {"reason": "随便"}).status_code for one in strangers}

    exam.refresh_from_db()
    assert (codes, exam.state) == ({404}, "verified")
