"""The reviewing desk: Rita reviews in Tianhe, Roy beside her, Shi in the next street only; Dora runs a desk."""

from datetime import timedelta

import pytest
from django.urls import reverse

from homeservice.foundation.models import AuditEntry
from homeservice.kernel import clock
from providers.admission.actions import claim_case
from providers.admission.models import ReviewCase
from providers.bindings.models import Binding
from providers.credentials.models import Credential
from providers.enterprises.models import Enterprise
from tests import world
from tests.providers.admission import desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def reviewer(sign_in, division=world.TIANHE):
    world.divisions()
    return sign_in(world.staff(division=division, duty="reviewer"), second_factor=True)


@pytest.fixture
def rita(sign_in):
    return reviewer(sign_in)


@pytest.fixture
def roy(sign_in):
    return reviewer(sign_in)


@pytest.fixture
def firm():
    return desk.firm(state="admitted", licence=False)


def at(name, *args):
    return reverse(name, args=args)


def found(answer) -> list[ReviewCase]:
    return list(answer.context["page"])


# the queue


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_six_queries_however_many_cases(rita, firm, count, django_assert_num_queries):
    for _ in range(count):
        desk.submitted_hand(firm)
    desk.submitted_firm("新家政")
    with django_assert_num_queries(6):
        assert len(found(rita.get(at("review_queue")))) == count + 1


def test_the_queue_is_narrowed_and_counted(rita, firm):
    shop = desk.submitted_firm("小店", org_type="shop")
    clean = desk.submitted_hand(firm)
    flagged = desk.submitted_hand(firm, "张姐", papers=())
    desk.paper(flagged.worker, "BG1", scan=None)
    ReviewCase.objects.filter(pk=flagged.pk).update(is_clean=False, due_at=world.NOW - timedelta(days=1))

    def narrowed(**query):
        return [case.pk for case in found(rita.get(at("review_queue"), query))]

    assert narrowed() == [flagged.pk, shop.pk, clean.pk]
    assert narrowed(checks="flagged") == narrowed(overdue="on") == [flagged.pk]
    assert narrowed(checks="clean") == [shop.pk, clean.pk]
    assert narrowed(org="shop") == narrowed(q="小店") == [shop.pk]
    assert narrowed(q="安心", kind="admission") == [flagged.pk, clean.pk]
    assert narrowed(kind="appeal") == narrowed(mine="on") == []
    assert narrowed(kind="nonsense", org="\x00") == [flagged.pk, shop.pk, clean.pk]
    counts = rita.get(at("review_queue")).context["found"]
    assert counts == {
        "all": 3, "fine": 2, "flagged": 1, "overdue": 1, "mine": 0, "admission": 3, "papers": 0, "appeal": 0
    }  # fmt: skip


def test_a_reviewer_of_another_street_and_a_desk_see_nothing_of_it(sign_in, firm):
    case = desk.submitted_hand(firm)
    dora = sign_in(world.staff(division=world.WUSHAN), second_factor=True)
    for stranger in (reviewer(sign_in, world.SHIPAI), dora):
        assert found(stranger.get(at("review_queue"))) == []
        assert stranger.get(at("review_case", case.pk)).status_code == 404
        for deed in ("review_claim", "review_accept", "review_return", "review_release"):
            assert stranger.post(at(deed, case.pk)).status_code == 404
        assert stranger.post(at("review_bulk"), {"case": [case.pk]}).context["outcomes"] == []
        assert stranger.get(at("review_enterprise", firm.pk)).status_code == 404
        assert stranger.post(at("review_worker_step", case.worker_id, "suspend"), {"reason": "x"}).status_code == 404
    case.refresh_from_db()
    assert (case.closed_at, case.claimed_by) == (None, None)


# one case


def test_numbers_and_scans_are_shown_to_who_has_taken_the_case_up(rita, roy, firm):
    case = desk.submitted_hand(firm)
    number = Credential.objects.get(worker=case.worker, code="BG1").number
    page = rita.get(at("review_case", case.pk)).content.decode()
    assert number not in page
    assert "李阿姨" not in page
    assert rita.post(at("review_claim", case.pk)).status_code == 302
    page = rita.get(at("review_case", case.pk)).content.decode()
    assert number in page
    assert "李阿姨" in page
    assert AuditEntry.objects.get(action="review_case_opened").subject_id == str(case.pk)
    assert number not in roy.get(at("review_case", case.pk)).content.decode()
    refused = roy.post(at("review_claim", case.pk))
    assert refused.status_code == 422
    assert roy.post(at("review_accept", case.pk)).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_a_case_takes_six_queries_however_many_papers(rita, firm, count, django_assert_num_queries):
    case = desk.submitted_hand(firm, papers=("BG1", "TR0", "FA")[:count])
    rita.post(at("review_claim", case.pk))
    with django_assert_num_queries(6):
        assert len(rita.get(at("review_case", case.pk)).context["papers"]) == count


def test_deciding_opens_the_next_case_with_the_same_filters(rita, firm):
    first, second = desk.submitted_hand(firm), desk.submitted_hand(firm, "张姐")
    answer = rita.post(at("review_next"), {"narrowed": "kind=admission&q=安心"})
    assert answer.url.startswith(at("review_case", first.pk) + "?kind=admission")
    answer = rita.post(at("review_accept", first.pk), {"narrowed": "kind=admission"})
    assert answer.url == at("review_case", second.pk) + "?kind=admission"
    answer = rita.post(at("review_return", second.pk), {"reasons": ["blurred"], "narrowed": "kind=admission"})
    assert answer.url == at("review_queue")
    assert {case.outcome for case in ReviewCase.objects.all()} == {"accepted", "returned"}


def test_a_return_without_a_reason_keeps_what_was_chosen(rita, firm):
    case = desk.submitted_hand(firm)
    rita.post(at("review_claim", case.pk))
    refused = rita.post(at("review_return", case.pk), {})
    assert (refused.status_code, list(refused.context["case_form"].errors)) == (422, ["reasons"])
    refused = rita.post(at("review_return", case.pk), {"reasons": ["other", "expired"]})
    page = refused.content.decode()
    assert list(refused.context["case_form"].errors) == ["reason"]
    assert page.count('value="expired"') == page.count('value="expired" id="id_reasons_5" data-reason="6" checked') + 1
    refused = rita.post(at("review_return", case.pk), {"reasons": ["made_up"], "reason": "看不清"})
    assert refused.status_code == 422
    assert "看不清" in refused.content.decode()


def test_papers_are_decided_one_by_one(rita, firm):
    case = desk.submitted_hand(firm, papers=("BG1", "TR0"))
    check, training = Credential.objects.filter(worker=case.worker, state="submitted").order_by("code")
    rita.post(at("review_claim", case.pk))
    refused = rita.post(at("review_paper", case.pk, check.pk), {"reason": "印章不清"})
    assert refused.status_code == 302
    assert rita.post(at("review_paper", case.pk, training.pk), {"verify": "yes", "method": ""}).status_code == 422
    assert (
        rita.post(at("review_paper", case.pk, training.pk), {"verify": "yes", "method": "original"}).status_code == 302
    )
    assert dict(Credential.objects.filter(pk__in=[check.pk, training.pk]).values_list("code", "state")) == {
        "BG1": "refused", "TR0": "verified"
    }  # fmt: skip
    assert "印章不清" in rita.get(at("review_case", case.pk)).context["case_form"].initial["reason"]
    stranger = desk.paper(desk.hand(firm, "张姐", papers=()), "BG1")
    assert rita.post(at("review_paper", case.pk, stranger.pk), {"verify": "yes", "method": "scan"}).status_code == 404


def test_a_claim_that_has_run_out_says_so(rita, firm):
    case = desk.submitted_hand(firm)
    rita.post(at("review_claim", case.pk))
    with clock.frozen(world.NOW + timedelta(minutes=16)):
        assert rita.post(at("review_accept", case.pk)).status_code == 422
        page = rita.get(at("review_case", case.pk))
        assert not page.context["mine"]


# many at a time


def test_accepting_many_asks_first_and_reports_each(rita, roy, firm):
    cases = [desk.submitted_hand(firm, name) for name in ("李阿姨", "张姐", "王姐")]
    claim_case(case=cases[2], actor_id=world.user().pk, at=world.NOW)
    asked = rita.get(at("review_bulk"), {"case": [case.pk for case in cases] + ["x", "9" * 30]})
    assert ([one.pk for one in asked.context["ready"]], len(asked.context["left_out"])) == (
        [cases[0].pk, cases[1].pk],
        1,
    )
    assert ReviewCase.objects.filter(closed_at__isnull=False).count() == 0
    done = rita.post(at("review_bulk"), {"case": [case.pk for case in cases]})
    assert [line.refusal.code if line.refusal else "" for line in done.context["outcomes"]] == ["", "", "case_claimed"]
    again = roy.post(at("review_bulk"), {"case": [cases[0].pk]})
    assert [line.refusal.code for line in again.context["outcomes"]] == ["case_closed"]


# those who serve


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_take_the_same_queries_however_many(rita, count, django_assert_num_queries):
    for number in range(count):
        desk.hand(desk.firm(f"第{number}家政", key_contact=True))
    with django_assert_num_queries(6):
        assert len(found(rita.get(at("review_enterprises")))) == count
    with django_assert_num_queries(6):
        assert len(found(rita.get(at("review_workers")))) == count


def test_the_lists_are_narrowed_by_name_and_state(rita, firm):
    desk.firm("别家", state="suspended")
    worker = desk.hand(firm, state="admitted")
    assert [one.name for one in found(rita.get(at("review_enterprises"), {"state": "suspended"}))] == ["别家"]
    assert found(rita.get(at("review_enterprises"), {"q": "安心"})) == [firm]
    assert found(rita.get(at("review_enterprises"), {"q": firm.social_credit_code.lower()})) == [firm]
    assert found(rita.get(at("review_workers"), {"q": "安心", "state": "admitted"})) == [worker]
    assert found(rita.get(at("review_workers"), {"q": "别家"})) == []


@pytest.mark.parametrize(
    ("step", "state"), [("suspend", "suspended"), ("exit", "exited"), ("blacklist", "blacklisted")]
)
def test_a_step_says_what_will_happen_and_needs_a_reason(rita, firm, step, state):
    page = at("review_enterprise_step", firm.pk, step)
    assert rita.get(page).status_code == 200
    refused = rita.post(page, {"reason": " "})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    assert rita.post(page, {"reason": "消防检查"}).url == at("review_enterprise", firm.pk)
    assert Enterprise.objects.get().state == state
    again = rita.post(page, {"reason": "再一次"})
    assert again.status_code == 422
    assert "再一次" in again.content.decode()


def test_a_worker_is_suspended_and_readmitted(rita, firm):
    worker = desk.hand(firm, state="admitted", papers=())
    for step, state in (("suspend", "suspended"), ("readmit", "admitted")):
        assert rita.post(at("review_worker_step", worker.pk, step), {"reason": "投诉核查"}).status_code == 302
        worker.refresh_from_db()
        assert worker.state == state
    assert rita.get(at("review_worker_step", worker.pk, "vanish")).status_code == 404


def test_the_office_ends_the_binding_of_a_worker_whom_nobody_lets_go(rita, firm, sign_in):
    worker = desk.hand(firm, state="admitted", papers=())
    page = at("review_worker_step", worker.pk, "unbind")
    assert page in rita.get(at("review_worker", worker.pk)).content.decode()
    stranger = sign_in(world.staff(division=world.SHIPAI, duty="reviewer"), second_factor=True)
    assert stranger.post(page, {"reason": "企业已退出"}).status_code == 404
    refused = rita.post(page, {"reason": " "})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    assert firm.name in refused.content.decode()

    assert rita.post(page, {"reason": "企业已退出"}).url == at("review_worker", worker.pk)
    worker.refresh_from_db()
    ended = Binding.objects.get(user=worker.user)
    assert (worker.enterprise, ended.state, ended.end_reason) == (None, "ended", "企业已退出")
    assert page not in rita.get(at("review_worker", worker.pk)).content.decode()
    again = rita.post(page, {"reason": "再一次"})
    assert (again.status_code, "再一次" in again.content.decode()) == (422, True)
    assert rita.get(at("review_enterprise_step", firm.pk, "unbind")).status_code == 404


def test_contact_grades_and_representation_are_entered_and_refusals_kept(rita, firm):
    officer = world.staff(division=world.TIANHE)
    page = at("review_enterprise_contact", firm.pk)
    assert rita.post(page, {"liaison": officer.pk}).status_code == 422
    assert rita.post(page, {"key_contact": "on", "liaison": world.user().pk}).status_code == 422
    assert rita.post(page, {"key_contact": "on", "liaison": officer.pk}).status_code == 302
    grades = {"star": "4", "credit_grade": "3A", "source": "商务局公告", "source_date": "2026-10-01"}
    refused = rita.post(at("review_enterprise_grades", firm.pk), {**grades, "source_date": "2027-01-01"})
    assert (refused.status_code, list(refused.context["grades_form"].errors)) == (422, ["source_date"])
    assert 'value="商务局公告"' in refused.content.decode()
    assert rita.post(at("review_enterprise_grades", firm.pk), grades).status_code == 302
    bob = world.user("鲍勃")
    hand_over = at("review_enterprise_representative", firm.pk)
    assert rita.post(hand_over, {"phone": "13912345678", "reason": "新执照"}).status_code == 422
    assert rita.post(hand_over, {"phone": bob.phone, "reason": "新执照"}).status_code == 422
    world.verified(bob)
    assert rita.post(hand_over, {"phone": bob.phone, "reason": "新执照"}).status_code == 302
    firm.refresh_from_db()
    assert (firm.key_contact, firm.liaison, firm.star, firm.credit_grade, firm.legal_representative) == (
        True, officer, 4, "3A", "鲍勃"
    )  # fmt: skip
