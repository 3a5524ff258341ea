"""The administration pages of supply: every list opens in few queries, and no real name is on one."""

import pytest
from django.contrib import admin
from django.urls import reverse

from homeservice.foundation.models import AuditEntry
from providers.admin import __all__ as pages
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def officer(sign_in):
    return sign_in(world.user("科长", is_staff=True, is_superuser=True), second_factor=True)


def models() -> list[type]:
    return [model for model, page in admin.site._registry.items() if type(page).__name__ in pages]


def path(model: type, name: str, *args: object) -> str:
    return reverse(f"admin:providers_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def firm():
    firm = world.enterprise("安心家政")
    world.manager(firm)
    worker = world.worker(firm, "陈美玲", kinds=("cleaning",))
    worker.leaves.create(period=(world.NOW, world.NOW.replace(day=25)))
    world.listing(firm)
    world.requirement("TR0")
    return firm


def test_every_model_has_a_list_that_opens_and_searches_without_real_names(officer, firm):
    assert len(models()) == len(set(pages))
    for model in models():
        for query in ({}, {"q": "13900000000"}, {"q": "安心"}):
            response = officer.get(path(model, "changelist"), query)
            assert response.status_code == 200, model
            assert "陈美玲" not in response.content.decode()


def test_every_row_opens_with_its_history(officer, firm):
    opened = {model: model.objects.order_by("pk").first() for model in models()}
    rows = {model: row for model, row in opened.items() if row}
    assert len(rows) >= 13
    for model, row in rows.items():
        assert officer.get(path(model, "change", row.pk)).status_code == 200, model
        assert officer.get(path(model, "history", row.pk)).status_code == 200, model


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_workers_takes_seven_queries(officer, firm, count, django_assert_num_queries):
    for _ in range(count):
        world.worker(firm)
    url = path(firm.workers.model, "changelist")
    officer.get(url)
    with django_assert_num_queries(7):
        officer.get(url)


def test_a_whole_phone_number_finds_its_worker(officer, firm):
    worker, other = world.worker(firm, "李四"), world.worker(firm, "王五")
    response = officer.get(path(type(worker), "changelist"), {"q": worker.user.phone})
    assert list(response.context["cl"].queryset) == [worker]
    assert other.pk != worker.pk


def test_a_mistyped_credit_code_is_told_at_its_field(officer, firm):
    form = {
        "name": "新企业", "social_credit_code": "91350100M000100Y44", "org_type": "employer", "division": world.TIANHE,
        "complaint_phone": "020-1", "outlet_mode": "independent", "managers-TOTAL_FORMS": "0", "managers-INITIAL_FORMS": "0",
    }  # fmt: skip
    wrong = officer.post(path(type(firm), "add"), form)
    assert "最后一位校验不符" in wrong.content.decode()
    right = officer.post(path(type(firm), "add"), {**form, "social_credit_code": "91350100M000100Y43"})
    assert right.status_code == 302


def test_papers_are_verified_from_the_list_and_refused_only_with_words(officer, firm):
    worker = firm.workers.get()
    paper = world.credential(worker, "TR0", state="submitted")
    url = path(type(paper), "changelist")
    officer.post(url, {"action": "refuse", "_selected_action": [paper.pk]})
    paper.refresh_from_db()
    assert paper.state == "submitted"
    officer.post(url, {"action": "verify_by_original", "_selected_action": [paper.pk]})
    paper.refresh_from_db()
    assert paper.state == "verified"
    assert (paper.method, list(AuditEntry.objects.values_list("action", flat=True))) == (
        "original",
        ["credential_verified"],
    )


def test_an_enterprises_manager_is_kept_out(firm, sign_in):
    manager = sign_in(firm.managers.get().user)
    assert manager.get(path(type(firm), "changelist")).status_code == 302
