"""Nobody decides in their own cause: Rita reviews in Tianhe, and is a worker and acts for an enterprise there as well."""

import pytest
from django.urls import reverse

from homeservice.kernel.errors import DomainError
from providers.admission.actions import open_cases_of_waiting_papers
from providers.admission.models import ReviewCase
from providers.enterprises.actions import hand_over_representation
from providers.enterprises.models import EnterpriseManager
from tests import world
from tests.providers.admission import desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

STEPS = ("suspend", "readmit", "exit", "blacklist")
REASON = {"reason": "自己说了算"}


@pytest.fixture
def rita(db):
    world.divisions()
    return world.staff(division=world.TIANHE, duty="reviewer")


@pytest.fixture
def browser(sign_in, rita):
    return sign_in(rita, second_factor=True)


@pytest.fixture
def firm(rita):
    """The enterprise that Rita is a clerk of."""
    row = desk.firm()
    EnterpriseManager.objects.create(enterprise=row, user=rita, rights="clerk")
    return row


def closed(browser, name, *args, **typed) -> None:
    """There is nothing behind the address, neither to read nor, where it can be asked at all, to do."""
    address = reverse(name, args=args)
    answers = {browser.get(address).status_code, browser.post(address, typed).status_code}
    assert {404} <= answers <= {404, 405}


def test_a_reviewer_finds_no_case_of_the_enterprise_that_they_act_for(browser, rita, firm):
    firm.state = "admitted"
    firm.save()
    case = desk.submitted_hand(firm)
    strangers = desk.submitted_hand(desk.firm("别家", state="admitted", licence=False))
    assert [row.pk for row in browser.get(reverse("review_queue")).context["page"]] == [strangers.pk]
    for name in ("review_case", "review_claim", "review_accept", "review_return"):
        closed(browser, name, case.pk, **REASON)
    browser.post(reverse("review_bulk"), {"case": [case.pk]})
    case.refresh_from_db()
    assert (case.closed_at, case.claimed_by_id, case.worker.state) == (None, None, "submitted")


def test_a_reviewer_takes_up_no_case_of_their_own(browser, rita):
    own = desk.hand(desk.firm(state="admitted", licence=False), user=world.verified(rita))
    ReviewCase.objects.create(
        kind="appeal", worker=own, area=world.TIANHE, statement="请复核", opened_at=world.NOW, due_at=world.NOW
    )
    browser.post(reverse("review_next"))
    assert ReviewCase.objects.get().claimed_by_id is None


@pytest.mark.parametrize("step", STEPS)
def test_a_reviewer_takes_no_step_with_their_own_enterprise_nor_its_workers(browser, firm, step):
    worker = desk.hand(firm, state="suspended")
    closed(browser, "review_enterprise_step", firm.pk, step, **REASON)
    closed(browser, "review_worker_step", worker.pk, step, **REASON)
    firm.refresh_from_db()
    worker.refresh_from_db()
    assert (firm.state, worker.state) == ("awaiting_authorisation", "suspended")


def test_a_reviewer_gives_their_own_enterprise_no_star(browser, firm):
    closed(
        browser,
        "review_enterprise_grades",
        firm.pk,
        star=5,
        credit_grade="AAA",
        source="自封",
        source_date="2026-11-01",
    )
    firm.refresh_from_db()
    assert firm.star is None


def test_a_reviewer_hands_no_enterprise_over_to_themselves(rita):
    row = desk.firm("别家")
    with pytest.raises(DomainError) as refused:
        hand_over_representation(
            enterprise=row, to=world.verified(rita), reason="换法人", actor_id=rita.pk, at=world.NOW
        )
    assert (refused.value.code, refused.value.field) == ("hand_over_to_oneself", "phone")
    assert desk.boss(row) != rita


def test_a_case_follows_a_worker_who_moves_to_another_enterprise(browser):
    case = desk.submitted_hand(desk.firm(state="admitted", licence=False))
    browser.post(reverse("review_claim", args=[case.pk]))
    case.worker.enterprise = world.enterprise("别家", division_id=world.LVHE)
    case.worker.save()
    ReviewCase.objects.filter(pk=case.pk).update(area="440305")
    open_cases_of_waiting_papers(at=world.NOW)
    case.refresh_from_db()
    assert (case.area, case.claimed_by_id) == (world.LVHE, None)
