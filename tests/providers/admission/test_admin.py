"""The administration looks at admissions; states change on the desk only."""

import pytest
from django.urls import reverse

from providers.admission.models import AdmissionEvent, ReviewCase
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker
from tests import world
from tests.providers.admission import desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def admin(sign_in):
    world.divisions()
    return sign_in(world.user("管理员", is_staff=True, is_superuser=True), second_factor=True)


def page(model, name, *args):
    return reverse(f"admin:providers_{model._meta.model_name}_{name}", args=args)


@pytest.mark.parametrize("model", [Enterprise, Worker])
def test_the_state_can_be_read_and_not_changed(admin, model):
    firm = desk.firm(state="suspended")
    row = firm if model is Enterprise else desk.hand(firm, state="suspended")
    form = admin.get(page(model, "change", row.pk))
    assert form.status_code == 200
    assert not {"state", "state_reason"} & set(form.context["adminform"].form.fields)
    admin.post(page(model, "change", row.pk), {"state": "admitted"})
    row.refresh_from_db()
    assert row.state == "suspended"


@pytest.mark.parametrize("model", [AdmissionEvent, ReviewCase])
def test_cases_and_steps_are_looked_at_and_never_changed(admin, model):
    desk.submitted_firm()
    row = model.objects.get()
    assert admin.get(page(model, "changelist")).status_code == 200
    assert admin.get(page(model, "change", row.pk)).status_code == 200
    assert admin.post(page(model, "change", row.pk), {"step": "admit"}).status_code == 403
    assert admin.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert admin.get(page(model, "add")).status_code == 403
