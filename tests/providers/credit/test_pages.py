"""Pages of credit: Li works for Alice's enterprise, Charlie manages another one, Zhou and Wu review Tianhe."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from providers.credit.actions import file_objection, load_rules
from providers.credit.models import CreditEvent, Objection
from providers.enterprises.models import EnterpriseManager
from tests import world
from tests.providers.credit.test_actions import RULES, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def firm():
    return world.enterprise("安心家政")


@pytest.fixture
def li(firm):
    return world.worker(firm, "李阿姨")


@pytest.fixture
def zhou(sign_in, firm):
    return sign_in(world.staff(division=world.TIANHE, duty="reviewer"), second_factor=True)


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    return SimpleUploadedFile("决定书.png", out.getvalue(), content_type="image/png")


def typed(**changes) -> dict[str, object]:
    return {
        "rule": "worker_complaint_upheld", "occurred_date": "2026-11-20", "source": "association",
        "source_name": "市家政协会", "document_no": "12号", "summary": "投诉经核实成立", **changes,
    }  # fmt: skip


def test_a_worker_reads_the_score_line_by_line(li, sign_in):
    record(li)
    record(li, "worker_commended")
    page = sign_in(li.user).get(reverse("worker_credit"))
    assert page.context["explained"].score.value == 105
    assert [line.event.points for line in page.context["explained"].counting] == [10, -5]
    assert "投诉经核实成立" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_workers_page_takes_six_queries_however_much_is_on_record(li, sign_in, count, django_assert_num_queries):
    for number in range(count):
        record(li, document_no=str(number))
    client = sign_in(li.user)
    client.get(reverse("worker_credit"))
    with django_assert_num_queries(6):
        client.get(reverse("worker_credit"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_enterprises_page_takes_nine_queries_however_many_workers(firm, sign_in, count, django_assert_num_queries):
    record(firm, "enterprise_model")
    for _ in range(count):
        world.worker(firm)
    client = sign_in(world.manager(firm))
    client.get(reverse("enterprise_credit"))
    with django_assert_num_queries(9):
        assert len(client.get(reverse("enterprise_credit")).context["lines"]) == count


def test_a_worker_objects_and_another_one_can_not(li, firm, sign_in):
    event = record(li)
    url = reverse("credit_objection", args=[event.pk])
    assert sign_in(world.worker(firm, "别人").user).get(url).status_code == 404
    assert sign_in(world.manager(firm)).post(url, {"text": "x"}).status_code == 404
    client = sign_in(li.user)
    empty = client.post(url, {"text": ""})
    assert empty.status_code == 422
    assert client.post(url, {"text": "当天不是我"}).status_code == 302
    again = client.post(url, {"text": "还是不是我"})
    assert again.status_code == 422
    assert "还是不是我" in again.content.decode()
    assert Objection.objects.get().filed_by == li.user


def test_an_enterprise_objects_by_its_office_and_not_by_an_operator(firm, sign_in):
    event = record(firm, "enterprise_overcharge")
    url = reverse("credit_objection", args=[event.pk])
    assert sign_in(world.manager(firm, "operator")).get(url).status_code == 403
    assert sign_in(world.manager(world.enterprise("别家"))).post(url, {"text": "x"}).status_code == 404
    assert sign_in(world.manager(firm)).post(url, {"text": "已退款"}).status_code == 302


def test_reviewing_staff_find_a_holder_and_record(zhou, li):
    load_rules(document=RULES)
    found = zhou.post(reverse("review_credit"), {"q": li.user.phone})
    assert [one.pk for one in found.context["workers"]] == [li.pk]
    assert [one.pk for one in zhou.post(reverse("review_credit"), {"q": "安心"}).context["enterprises"]] == [
        li.enterprise_id
    ]
    url = reverse("credit_event_new", args=["worker", li.pk])
    assert zhou.post(url, typed(file=picture())).status_code == 302
    event = CreditEvent.objects.get()
    assert (event.worker, event.points, event.scan.purpose) == (li, -5, "evidence")


@pytest.mark.parametrize(
    "change",
    [
        {"occurred_date": "2026-11-24"}, {"occurred_date": "0001-01-01"}, {"rule": "enterprise_model"}, {"summary": "患乙肝"},
        {"summary": "长" * 301}, {"source_name": "x\x00" + "y" * 90}, {"source": "nobody"},
    ],
)  # fmt: skip
def test_a_slip_is_told_at_its_field_and_nothing_typed_is_lost(zhou, li, change):
    load_rules(document=RULES)
    answer = zhou.post(reverse("credit_event_new", args=["worker", li.pk]), typed(document_no="留住我", **change))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(change)
    assert "留住我" in answer.content.decode()
    assert CreditEvent.objects.count() == 0


def test_staff_elsewhere_a_desk_and_a_manager_are_refused(li, sign_in):
    event = record(li)
    objection = file_objection(event=event, text="不属实", actor_id=li.user_id, at=world.NOW)
    elsewhere = sign_in(world.staff(division=world.SHIPAI, duty="reviewer"), second_factor=True)
    desk = sign_in(world.staff(division=world.WUSHAN), second_factor=True)
    manager = sign_in(world.manager(li.enterprise))
    urls = [reverse("credit_event_new", args=["worker", li.pk]), reverse("objection_answer", args=[objection.pk])]
    assert [client.get(url).status_code for client in (elsewhere, desk, manager) for url in urls] == [
        404,
        404,
        404,
        404,
        403,
        403,
    ]
    assert elsewhere.post(reverse("review_credit"), {"q": li.user.phone}).context["workers"] == []


def test_an_objection_is_answered_by_somebody_else_than_who_recorded(zhou, li, sign_in):
    wu = world.staff(division=world.TIANHE, duty="reviewer")
    event = record(li, actor=wu)
    objection = file_objection(event=event, text="不属实", actor_id=li.user_id, at=world.NOW)
    url = reverse("objection_answer", args=[objection.pk])
    own = sign_in(wu, second_factor=True)
    assert own.post(url, {"outcome": "upheld", "answer": "属实"}).status_code == 422
    assert zhou.post(url, {"outcome": "maybe", "answer": "x"}).status_code == 422
    assert zhou.post(url, {"outcome": "upheld", "answer": "查无此事"}).status_code == 302
    event.refresh_from_db()
    assert event.state == "withdrawn"
    assert zhou.get(url).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_of_credit_takes_seven_queries(zhou, firm, count, django_assert_num_queries):
    for _ in range(count):
        event = record(world.worker(firm))
        file_objection(event=event, text="不属实", actor_id=event.worker.user_id, at=world.NOW)
    zhou.get(reverse("review_credit"))
    with django_assert_num_queries(7):
        assert len(zhou.get(reverse("review_credit")).context["objections"]) == count


def test_the_document_is_shown_to_the_holder_and_the_reviewers_only(zhou, li, sign_in):
    load_rules(document=RULES)
    zhou.post(reverse("credit_event_new", args=["worker", li.pk]), typed(file=picture()))
    url = reverse("credit_event_scan", args=[CreditEvent.objects.get().pk])
    stranger = sign_in(world.worker(world.enterprise("别家"), home_community_id=world.LVHE).user)
    own = sign_in(li.user).get(url).getvalue()
    assert own.startswith(b"\x89PNG")
    assert zhou.get(url).getvalue() == own
    assert stranger.get(url).status_code == 404


def test_everybody_reads_the_formula(client):
    load_rules(document=RULES)
    page = client.get(reverse("credit_formula")).content.decode()
    assert "拖欠或克扣家政服务员报酬" in page
    formula = client.get(reverse("api_credit_formula")).json()
    assert (formula["base"], formula["most_for"], len(formula["rules"])) == (100, 50, len(RULES["rules"]))


def test_an_enterprise_opens_no_document_about_its_workers(zhou, li, sign_in):
    load_rules(document=RULES)
    zhou.post(reverse("credit_event_new", args=["worker", li.pk]), typed(file=picture()))
    url = reverse("credit_event_scan", args=[CreditEvent.objects.get().pk])
    for rights in ("clerk", "legal_representative"):
        assert sign_in(world.manager(li.enterprise, rights)).get(url).status_code == 404


def test_a_reviewer_neither_records_nor_answers_in_their_own_cause(sign_in, firm):
    load_rules(document=RULES)
    wang = world.staff(division=world.TIANHE, duty="reviewer")
    EnterpriseManager.objects.create(enterprise=firm, user=wang, rights="clerk")
    event = record(world.worker(firm))
    objection = file_objection(event=event, text="不属实", actor_id=event.worker.user_id, at=world.NOW)
    own = sign_in(wang, second_factor=True)
    assert list(own.get(reverse("review_credit")).context["objections"]) == []
    for name, args in (
        ("objection_answer", [objection.pk]),
        ("credit_event_new", ["worker", event.worker.pk]),
        ("credit_event_new", ["enterprise", firm.pk]),
    ):
        assert own.post(reverse(name, args=args), {"outcome": "upheld", "answer": "属实"}).status_code == 404
