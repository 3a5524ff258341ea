"""The desk: cases opened, taken up, decided. Rita and Roy review in Tianhe; Alice represents the enterprise."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from communities.inbox.models import Notification
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.clock import at_local
from homeservice.kernel.errors import DomainError
from providers.admission.actions import (
    accept_case,
    appeal,
    blacklist,
    claim_case,
    claim_next,
    exit_,
    open_cases_of_waiting_papers,
    readmit,
    refuse_paper,
    release_case,
    return_case,
    submit_enterprise,
    submit_worker,
    suspend,
    suspend_unauthorised,
    verify_paper,
)
from providers.admission.models import AdmissionEvent, ReviewCase
from providers.admission.rules import CLAIM_HOLDS
from providers.admission.tasks import open_cases
from providers.bindings.models import Authorisation, Binding
from providers.credentials.models import Credential
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker
from tests import world
from tests.providers.admission import desk

pytestmark = pytest.mark.django_db

AT = world.NOW


@pytest.fixture
def rita():
    world.divisions()
    return world.staff(division=world.TIANHE, duty="reviewer")


@pytest.fixture
def roy():
    world.divisions()
    return world.staff(division=world.TIANHE, duty="reviewer")


def code_of(deed, **given) -> str:
    with pytest.raises(DomainError) as refused:
        deed(**given)
    return refused.value.code


def claimed(case: ReviewCase, by) -> ReviewCase:
    return claim_case(case=case, actor_id=by.pk, at=AT)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# submitting


def test_an_enterprise_is_submitted_with_its_licence_and_the_pledge():
    firm = desk.firm(licence=False)
    given = {"enterprise": firm, "actor_id": desk.boss(firm).pk, "at": AT}
    assert code_of(submit_enterprise, pledged=True, **given) == "business_licence_missing"
    desk.paper(firm, "O-BL", number=firm.social_credit_code)
    assert code_of(submit_enterprise, pledged=False, **given) == "pledge_missing"
    submit_enterprise(pledged=True, **given)
    case = desk.case_of(firm)
    assert (fresh(firm).state, case.area, case.is_clean, case.findings) == ("submitted", world.TIANHE, True, [])
    assert code_of(submit_enterprise, pledged=True, **given) == "step_not_possible"


def test_an_expired_licence_does_not_count():
    firm = desk.firm(licence=False)
    desk.paper(firm, "O-BL", valid_until=date(2026, 11, 22))
    assert code_of(submit_enterprise, enterprise=firm, pledged=True, actor_id=1, at=AT) == "business_licence_missing"


def test_a_case_is_due_after_five_working_days():
    case = desk.submitted_firm()
    assert case.due_at == at_local(date(2026, 12, 1), AT.min.time()) - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        (Authorisation, "authorisation_missing"),
        (Binding, "binding_missing"),
        (Credential, "identity_paper_missing"),
    ],
)
def test_a_worker_is_submitted_with_everything_only(missing, code):
    worker = desk.hand(desk.firm(), papers=())
    missing.objects.all().delete()
    assert code_of(submit_worker, worker=worker, actor_id=worker.user_id, at=AT) == code
    assert fresh(worker).state == "awaiting_authorisation"
    assert not ReviewCase.objects.exists()


def test_who_is_not_yet_18_waits():
    worker = desk.hand(desk.firm(), birth_date=date(2009, 1, 1))
    assert code_of(submit_worker, worker=worker, actor_id=worker.user_id, at=AT) == "worker_under_age"


def test_what_the_machine_finds_stands_on_the_case():
    firm = desk.firm()
    worker = desk.hand(firm, papers=())
    small = desk.paper(worker, "BG1", scan=desk.scan(size_bytes=900))
    other = desk.paper(desk.hand(firm, "张姐", papers=()), "BG1", number=small.number, issuer="深圳市")
    submit_worker(worker=worker, actor_id=worker.user_id, at=AT)
    case = desk.case_of(worker)
    assert not case.is_clean
    assert case.findings == [{"code": "scan_small", "paper": small.pk}, {"code": "twin", "paper": small.pk}]
    assert other.worker_id != worker.pk


def test_the_same_scan_for_two_people_is_found():
    firm = desk.firm()
    one, two = desk.hand(firm, papers=()), desk.hand(firm, "张姐", papers=())
    desk.paper(one, "BG1", scan=desk.scan(sha256="f" * 64))
    desk.paper(two, "BG1", scan=desk.scan(sha256="f" * 64))
    submit_worker(worker=one, actor_id=one.user_id, at=AT)
    assert [found["code"] for found in desk.case_of(one).findings] == ["scan_reused"]


# taking up


def test_a_case_is_one_reviewers_for_a_quarter_of_an_hour(rita, roy):
    case = desk.submitted_firm()
    claimed(case, rita)
    assert fresh(case.enterprise).state == "checking"
    assert code_of(claim_case, case=case, actor_id=roy.pk, at=AT) == "case_claimed"
    assert code_of(accept_case, case=case, actor_id=roy.pk, at=AT) == "case_claimed"
    later = AT + CLAIM_HOLDS
    assert code_of(accept_case, case=case, actor_id=rita.pk, at=later) == "case_unclaimed"
    assert claim_case(case=case, actor_id=roy.pk, at=later).claimed_by == roy
    assert AuditEntry.objects.filter(action="review_case_opened").count() == 2


def test_nothing_is_decided_by_one_who_has_not_taken_it_up(rita):
    case = desk.submitted_firm()
    paper = Credential.objects.get(code="O-BL")
    given = {"case": case, "actor_id": rita.pk, "at": AT}
    assert code_of(accept_case, **given) == "case_unclaimed"
    assert code_of(return_case, reason_codes=["blurred"], words="", **given) == "case_unclaimed"
    assert code_of(verify_paper, paper=paper, method="scan", **given) == "case_unclaimed"
    assert code_of(refuse_paper, paper=paper, reason_codes=["blurred"], words="", **given) == "case_unclaimed"


def test_the_next_case_is_the_first_that_nobody_holds(rita, roy):
    first, second = desk.submitted_firm("甲家政"), desk.submitted_firm("乙家政")
    rows = ReviewCase.objects.order_by("due_at", "pk")
    assert claim_next(cases=rows, actor_id=rita.pk, at=AT) == first
    assert claim_next(cases=rows, actor_id=roy.pk, at=AT) == second
    assert claim_next(cases=rows, actor_id=roy.pk, at=AT) is None
    release_case(case=first, actor_id=roy.pk)
    assert claim_next(cases=rows, actor_id=roy.pk, at=AT) is None
    release_case(case=first, actor_id=rita.pk)
    assert claim_next(cases=rows, actor_id=roy.pk, at=AT) == first


def test_taking_a_case_up_looks_at_it_with_todays_eyes(rita):
    case = desk.submitted_firm()
    Credential.objects.update(scan=None)
    assert claimed(case, rita).findings == [{"code": "scan_missing", "paper": Credential.objects.get().pk}]


# deciding


def test_accepting_verifies_what_waits_and_admits(rita):
    case = desk.submitted_hand(desk.firm(state="admitted"), papers=("BG1", "TR0"))
    claimed(case, rita)
    accept_case(case=case, actor_id=rita.pk, at=AT)
    worker, case = fresh(case.worker), fresh(case)
    assert (worker.state, case.outcome, case.closed_by, case.closed_at) == ("admitted", "accepted", rita, AT)
    assert set(worker.credentials.values_list("code", "state", "method")) == {
        ("ID", "verified", ""), ("BG1", "verified", "scan"), ("TR0", "verified", "scan")
    }  # fmt: skip
    assert list(worker.admission_events.order_by("pk").values_list("step", flat=True)) == ["submit", "take_up", "admit"]
    assert Notification.objects.filter(recipient=worker.user, title="You are admitted").count() == 1
    assert code_of(accept_case, case=case, actor_id=rita.pk, at=AT) == "case_closed"


def test_a_paper_without_a_scan_is_decided_by_itself_first(rita):
    case = desk.submitted_hand(desk.firm(), papers=())
    paper = desk.paper(case.worker, "BG1", scan=None)
    claimed(case, rita)
    assert code_of(accept_case, case=case, actor_id=rita.pk, at=AT) == "paper_undecided"
    verify_paper(case=case, paper=paper, method="register", actor_id=rita.pk, at=AT)
    accept_case(case=case, actor_id=rita.pk, at=AT)
    assert (fresh(case.worker).state, fresh(paper).method) == ("admitted", "register")


def test_nobody_is_admitted_whose_licence_was_refused(rita):
    case = desk.submitted_firm()
    claimed(case, rita)
    paper = Credential.objects.get(code="O-BL")
    refuse_paper(case=case, paper=paper, reason_codes=["seal_missing"], words="第二页", actor_id=rita.pk, at=AT)
    paper.refresh_from_db()
    assert (paper.state, paper.decided_by) == ("refused", rita)
    assert paper.reason.endswith("第二页")
    assert code_of(accept_case, case=case, actor_id=rita.pk, at=AT) == "business_licence_missing"
    assert fresh(case).closed_at is None


def test_a_returned_enterprise_reads_why_and_submits_again(rita):
    case = desk.submitted_firm()
    claimed(case, rita)
    assert code_of(return_case, case=case, reason_codes=[], words=" ", actor_id=rita.pk, at=AT) == "reason_missing"
    return_case(case=case, reason_codes=["cropped"], words="缺右下角", actor_id=rita.pk, at=AT)
    firm, boss = fresh(case.enterprise), desk.boss(case.enterprise)
    assert (firm.state, fresh(case).outcome) == ("returned", "returned")
    assert firm.state_reason.endswith("缺右下角")
    event = AdmissionEvent.objects.get(step="return")
    assert (event.reason_codes, event.reason, event.actor) == (["cropped"], "缺右下角", rita)
    assert Notification.objects.filter(recipient=boss, title="Your enterprise's papers need mending").exists()
    submit_enterprise(enterprise=firm, pledged=True, actor_id=boss.pk, at=AT)
    assert ReviewCase.objects.filter(enterprise=firm).count() == 2


def test_a_paper_of_somebody_else_is_not_decided_in_the_case(rita):
    case = claimed(desk.submitted_firm(), rita)
    stranger = desk.paper(desk.hand(desk.firm("别家家政")), "BG1")
    given = {"case": case, "paper": stranger, "actor_id": rita.pk, "at": AT}
    assert code_of(verify_paper, method="scan", **given) == "paper_elsewhere"


# papers handed in later


def test_papers_of_those_who_serve_come_onto_the_desk_once(rita):
    firm = desk.firm(state="admitted", licence=False)
    worker = desk.hand(firm, state="suspended")
    desk.hand(firm, "张姐", state="returned")
    assert open_cases_of_waiting_papers(at=AT) == 1
    assert open_cases_of_waiting_papers(at=AT) == 0
    case = desk.case_of(worker, "papers")
    assert (case.is_clean, case.area) == (True, world.TIANHE)
    claimed(case, rita)
    accept_case(case=case, actor_id=rita.pk, at=AT)
    assert fresh(worker).state == "suspended"
    assert worker.credentials.get(code="BG1").state == "verified"
    assert open_cases_of_waiting_papers(at=AT) == 0


def test_returning_later_papers_refuses_them_and_leaves_the_admission(rita):
    worker = desk.hand(desk.firm(state="admitted"), state="admitted")
    open_cases(), open_cases()
    case = claimed(desk.case_of(worker, "papers"), rita)
    return_case(case=case, reason_codes=["face_not_visible"], words="", actor_id=rita.pk, at=AT)
    assert (fresh(worker).state, worker.credentials.get(code="BG1").state, fresh(case).outcome) == (
        "admitted", "refused", "returned",
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_opening_cases_takes_the_same_queries_however_many(count, django_assert_num_queries):
    firm = desk.firm(state="admitted", licence=False)
    for _ in range(count):
        desk.hand(firm, state="admitted")
    with django_assert_num_queries(16):
        assert open_cases_of_waiting_papers(at=AT) == count


# those who serve


def test_an_enterprise_is_suspended_and_readmitted(rita):
    firm = desk.firm(state="admitted")
    Credential.objects.update(state="verified")
    given = {"holder": firm, "actor_id": rita.pk, "at": AT}
    assert code_of(suspend, reason="  ", **given) == "reason_missing"
    assert code_of(suspend, reason="长" * 301, **given) == "reason_too_long"
    suspend(reason="消防检查", **given)
    assert (fresh(firm).state, fresh(firm).state_reason) == ("suspended", "消防检查")
    appeal(holder=firm, statement="已经整改", actor_id=desk.boss(firm).pk, at=AT)
    readmit(reason="已整改", **given)
    assert (fresh(firm).state, ReviewCase.objects.get().outcome) == ("admitted", "accepted")


def test_nobody_is_readmitted_whose_licence_has_ended(rita):
    firm = desk.firm(state="suspended")
    Credential.objects.update(state="verified", valid_until=date(2026, 11, 22))
    given = {"holder": firm, "reason": "已整改", "actor_id": rita.pk, "at": AT}
    assert code_of(readmit, **given) == "business_licence_missing"


def test_leaving_withdraws_what_lies_on_the_desk():
    case = desk.submitted_firm()
    boss = desk.boss(case.enterprise)
    exit_(holder=case.enterprise, reason="歇业", actor_id=boss.pk, role="manager", at=AT)
    case.refresh_from_db()
    assert (fresh(case.enterprise).state, case.outcome, case.closed_by) == ("exited", "withdrawn", boss)


def test_an_appeal_is_granted_or_refused_in_words(rita):
    worker = desk.hand(desk.firm(state="admitted"), state="admitted", papers=())
    blacklist(holder=worker, reason="伪造证件", actor_id=rita.pk, at=AT)
    given = {"holder": worker, "actor_id": worker.user_id, "role": "worker", "at": AT}
    assert code_of(appeal, statement=" ", **given) == "statement_missing"
    assert code_of(appeal, statement="长" * 1001, **given) == "statement_too_long"
    appeal(statement="证件是真的", **given)
    assert code_of(appeal, statement="再次申诉", **given) == "appeal_open"
    case = claimed(desk.case_of(worker, "appeal"), rita)
    assert (case.statement, case.is_clean) == ("证件是真的", False)
    return_case(case=case, reason_codes=[], words="登记机关查无此证", actor_id=rita.pk, at=AT)
    assert (fresh(worker).state, fresh(case).outcome) == ("blacklisted", "refused")
    appeal(statement="登记机关已更正", **given)
    case = claimed(desk.case_of(worker, "appeal"), rita)
    assert code_of(accept_case, case=case, actor_id=rita.pk, at=AT) == "reason_missing"
    accept_case(case=case, words="登记机关已更正", actor_id=rita.pk, at=AT)
    assert fresh(worker).state == "returned"


def test_who_withdraws_the_authorisation_serves_no_more():
    firm = desk.firm(state="admitted")
    stays, leaves = desk.hand(firm, state="admitted"), desk.hand(firm, "张姐", state="admitted")
    Authorisation.objects.filter(worker=leaves).update(withdrawn_at=AT)
    Authorisation.objects.filter(worker=stays).update(withdrawn_at=AT)
    world.authorisation(stays)
    assert suspend_unauthorised(at=AT) == 1
    assert suspend_unauthorised(at=AT) == 0
    assert (fresh(stays).state, fresh(leaves).state) == ("admitted", "suspended")
    assert AdmissionEvent.objects.get(worker=leaves).actor is None


def test_a_step_is_never_changed_or_removed(rita):
    firm = desk.firm(state="admitted")
    suspend(holder=firm, reason="消防检查", actor_id=rita.pk, at=AT)
    for deed in (lambda rows: rows.update(reason="x"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed(AdmissionEvent.objects.all())
    assert (Enterprise.objects.count(), Worker.objects.count()) == (1, 0)


def test_of_an_enterprises_accounts_those_are_told_who_can_open_the_page(rita):
    firm = desk.firm(state="admitted")
    operator, clerk = world.manager(firm, rights="operator"), world.manager(firm, rights="clerk")
    suspend(holder=desk.hand(firm, state="admitted"), reason="投诉核查", actor_id=rita.pk, at=AT)
    suspend(holder=firm, reason="消防检查", actor_id=rita.pk, at=AT)

    told = [(note.recipient, note.url_name) for note in Notification.objects.order_by("pk")]
    assert {url: {who for who, page in told if page == url} for _who, url in told} == {
        "worker_admission": {firm.workers.get().user},
        "enterprise_worker": {desk.boss(firm), operator},
        "enterprise_office": {desk.boss(firm)},
    }
    assert clerk not in {who for who, _page in told}
