"""Clean cases accepted together: each case's outcome is told, and the number of queries stays the same."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError
from providers.admission.actions import accept_cases, claim_case, open_cases_of_waiting_papers
from providers.admission.models import ReviewCase
from providers.credentials.models import Credential
from providers.workers.models import Worker
from tests import world
from tests.providers.admission import desk

pytestmark = pytest.mark.django_db

AT = world.NOW


@pytest.fixture
def rita():
    world.divisions()
    return world.staff(division=world.TIANHE, duty="reviewer")


def accept(cases, by):
    outcomes = accept_cases(case_ids=[case.pk for case in cases], actor_id=by.pk, at=AT)
    return [one.refusal.code if one.refusal else "accepted" for one in outcomes]


def test_clean_cases_are_accepted_and_each_of_the_others_says_why(rita):
    firm = desk.firm(state="admitted", licence=False)
    fine, found = desk.submitted_hand(firm), desk.submitted_hand(firm, "张姐", papers=())
    held, closed = desk.submitted_hand(firm, "王姐"), desk.submitted_hand(firm, "赵姐")
    lapsing, new = desk.submitted_hand(firm, "孙姐"), desk.submitted_firm("新家政")
    found.worker.authorisations.all().delete()
    claim_case(case=held, actor_id=world.user().pk, at=AT)
    ReviewCase.objects.filter(pk=closed.pk).update(closed_at=AT, outcome="returned")
    Credential.objects.filter(worker=lapsing.worker, code="BG1").update(scan=None)  # since the case was opened
    assert accept([fine, found, held, closed, lapsing, new], rita) == [
        "accepted", "case_not_clean", "case_claimed", "case_closed", "case_not_clean", "accepted",
    ]  # fmt: skip
    states = {case.pk: (case.worker or case.enterprise) for case in ReviewCase.objects.all()}
    assert [states[one.pk].state for one in (fine, found, held, closed, lapsing, new)] == [
        "admitted", "submitted", "checking", "submitted", "submitted", "admitted",
    ]  # fmt: skip
    assert fine.worker.credentials.get(code="BG1").state == "verified"
    assert lapsing.worker.credentials.get(code="BG1").state == "submitted"


def test_an_appeal_is_never_accepted_with_others(rita):
    firm = desk.firm(state="suspended")
    case = ReviewCase.objects.create(
        kind="appeal", enterprise=firm, area=world.TIANHE, opened_at=AT, due_at=AT, is_clean=False
    )
    assert accept([case], rita) == ["case_appeal"]


def test_a_renewal_takes_the_place_of_what_it_renews(rita):
    worker = desk.hand(desk.firm(state="admitted", licence=False), state="admitted", papers=())
    old = world.credential(worker, "BG1")
    new = desk.paper(worker, "BG1", number=old.number, renews=old)
    open_cases_of_waiting_papers(at=AT)
    assert accept([desk.case_of(worker, "papers")], rita) == ["accepted"]
    assert (Credential.objects.get(pk=new.pk).state, Credential.objects.get(pk=old.pk).state) == (
        "verified",
        "superseded",
    )
    assert Credential.history.filter(id=new.pk).count() == 2
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"credential_verified", "credential_superseded"}


def test_at_most_two_hundred_at_a_time(rita):
    with pytest.raises(DomainError) as refused:
        accept_cases(case_ids=range(201), actor_id=rita.pk, at=AT)
    assert refused.value.code == "too_many_cases"


def test_a_hundred_cases_take_the_queries_of_two(rita):
    firm = desk.firm(state="admitted", licence=False)

    def spent(count: int) -> int:
        cases = [desk.submitted_hand(firm, f"服务员{number}") for number in range(count)]
        with CaptureQueriesContext(connection) as queries:
            assert accept(cases, rita) == ["accepted"] * count
        return len(queries)

    assert (spent(2), spent(100)) == (38, 38)
    assert Worker.objects.filter(state="admitted").count() == 102


def test_a_renewal_with_the_scan_of_the_old_paper_is_not_clean(rita):
    worker = desk.hand(desk.firm(state="admitted", licence=False), state="admitted", papers=())
    old = desk.scan()
    before = desk.paper(worker, "BG1", state="verified", scan=old)
    same = desk.scan(sha256=old.sha256)
    after = desk.paper(worker, "BG1", number=before.number, renews=before, scan=same, valid_until=date(2029, 1, 1))
    open_cases_of_waiting_papers(at=AT)
    case = ReviewCase.objects.get(worker=worker)
    assert (case.is_clean, case.findings) == (False, [{"code": "scan_old", "paper": after.pk}])


def test_an_identity_paper_of_another_number_is_not_clean(rita):
    worker = desk.hand(
        desk.firm(state="admitted", licence=False), state="admitted", papers=(), id_number="11010519491231002X"
    )
    paper = desk.paper(worker, "ID", number="440199198506010026")
    open_cases_of_waiting_papers(at=AT)
    assert ReviewCase.objects.get(worker=worker).findings == [{"code": "other_id_number", "paper": paper.pk}]
