"""The enterprise's office and the worker's own page: Alice represents the firm, Bob is her clerk, Charlie a stranger."""

import pytest
from django.urls import reverse
from knox.models import AuthToken

from providers.admission.actions import suspend
from providers.admission.models import AdmissionEvent, ReviewCase
from providers.enterprises.models import Enterprise
from tests import world
from tests.providers.admission import desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def firm():
    return desk.firm()


@pytest.fixture
def alice(firm, sign_in):
    return sign_in(desk.boss(firm))


@pytest.fixture
def officer():
    world.divisions()
    return world.staff(division=world.TIANHE, duty="reviewer")


def test_an_enterprise_is_submitted_with_the_pledge(alice, firm):
    assert alice.get(reverse("enterprise_submit")).status_code == 200
    refused = alice.post(reverse("enterprise_submit"), {})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["pledged"])
    assert alice.post(reverse("enterprise_submit"), {"pledged": "on"}).url == reverse("enterprise_office")
    firm.refresh_from_db()
    assert firm.state == "submitted"
    assert alice.post(reverse("enterprise_submit"), {"pledged": "on"}).status_code == 422


def test_the_office_says_what_to_do_next_and_why(alice, firm, officer):
    Enterprise.objects.update(state="returned", state_reason="图片不完整；缺右下角")
    AdmissionEvent.objects.create(
        enterprise=firm, step="return", from_state="checking", to_state="returned", reason_codes=["cropped"],
        reason="缺右下角", at=world.NOW, actor=officer,
    )  # fmt: skip
    page = alice.get(reverse("enterprise_office"))
    assert "缺右下角" in page.content.decode()
    assert len(page.context["mends"]) == 1
    assert [item["kind"] for item in page.context["timeline"]] == ["bad"]
    assert reverse("enterprise_submit") in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_office_takes_six_queries_however_much_happened(alice, firm, count, django_assert_num_queries):
    for _ in range(count):
        desk.paper(firm, "O-HR")
        AdmissionEvent.objects.create(
            enterprise=firm, step="submit", from_state="returned", to_state="submitted", at=world.NOW
        )
    with django_assert_num_queries(6):
        assert alice.get(reverse("enterprise_office")).status_code == 200


def test_a_clerk_reads_the_office_and_changes_nothing(firm, sign_in):
    bob = sign_in(world.manager(firm, rights="clerk"))
    page = bob.get(reverse("enterprise_office")).content.decode()
    assert firm.name in page
    for name in ("enterprise_submit", "enterprise_exit", "enterprise_appeal", "enterprise_facts"):
        assert reverse(name) not in page
        assert bob.post(reverse(name)).status_code == 403


def test_the_liaison_officers_phone_is_masked(alice, firm, officer):
    Enterprise.objects.update(key_contact=True, liaison=officer)
    page = alice.get(reverse("enterprise_office")).content.decode()
    assert officer.masked_phone in page
    assert officer.phone not in page


def test_leaving_needs_a_reason(alice, firm):
    refused = alice.post(reverse("enterprise_exit"), {"reason": ""})
    assert (refused.status_code, list(refused.context["exit_form"].errors)) == (422, ["reason"])
    refused = alice.post(reverse("enterprise_exit"), {"reason": "长" * 301})
    assert refused.status_code == 422
    assert "长" * 301 in refused.content.decode()
    assert alice.post(reverse("enterprise_exit"), {"reason": "歇业"}).status_code == 302
    firm.refresh_from_db()
    assert firm.state == "exited"


def test_an_appeal_goes_to_the_desk_once(alice, firm, officer):
    Enterprise.objects.update(state="admitted")
    assert alice.post(reverse("enterprise_appeal"), {"statement": "已整改"}).status_code == 422
    suspend(holder=firm, reason="消防检查", actor_id=officer.pk, at=world.NOW)
    refused = alice.post(reverse("enterprise_appeal"), {"statement": ""})
    assert (refused.status_code, list(refused.context["appeal_form"].errors)) == (422, ["statement"])
    assert alice.post(reverse("enterprise_appeal"), {"statement": "已整改"}).status_code == 302
    again = alice.post(reverse("enterprise_appeal"), {"statement": "再申诉一次"})
    assert again.status_code == 422
    assert ReviewCase.objects.get().statement == "已整改"
    assert reverse("enterprise_appeal") not in alice.get(reverse("enterprise_office")).content.decode()


def test_a_manager_submits_a_worker_of_the_enterprise_only(alice, firm):
    worker, stranger = desk.hand(firm), desk.hand(desk.firm("别家家政"))
    assert alice.post(reverse("enterprise_worker_submit", args=[worker.pk])).status_code == 302
    assert alice.post(reverse("enterprise_worker_submit", args=[stranger.pk])).status_code == 404
    worker.refresh_from_db()
    stranger.refresh_from_db()
    assert (worker.state, stranger.state) == ("submitted", "awaiting_authorisation")


def test_a_worker_reads_the_reason_and_appeals(firm, officer, sign_in):
    worker = desk.hand(firm, state="admitted")
    client = sign_in(worker.user)
    suspend(holder=worker, reason="健康证造假", reason_codes=["number_differs"], actor_id=officer.pk, at=world.NOW)
    assert "健康证造假" in client.get(reverse("worker_admission")).content.decode()
    refused = client.post(reverse("worker_appeal"), {"statement": " "})
    assert refused.status_code == 422
    assert client.post(reverse("worker_appeal"), {"statement": "证是真的"}).status_code == 302
    assert ReviewCase.objects.get(kind="appeal").worker == worker


# the API


def api(client, person, method="get", **body):
    headers = {"Authorization": f"Token {AuthToken.objects.create(person)[1]}"}
    return getattr(client, method)(reverse("api_enterprise"), headers=headers, content_type="application/json", **body)


def test_a_program_reads_the_office_and_changes_facts(client, firm):
    answer = api(client, desk.boss(firm)).json()
    assert (answer["state"], answer["division"], answer["steps"]) == ("awaiting_authorisation", world.TIANHE, [])
    answer = api(client, desk.boss(firm), "post", data={"address": "体育西路2号"})
    assert (answer.status_code, answer.json()["address"]) == (200, "体育西路2号")
    refused = api(client, desk.boss(firm), "post", data={"complaint_phone": "12"})
    assert (refused.status_code, refused.json()["code"]) == (422, "complaint_phone_invalid")
    refused = api(client, desk.boss(firm), "post", data={"division": "1"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")


def test_programs_of_a_clerk_and_of_a_resident_are_refused(client, firm):
    clerk = world.manager(firm, rights="clerk")
    assert api(client, clerk).status_code == 200
    assert api(client, clerk, "post", data={"address": "别处"}).status_code == 403
    assert api(client, world.user()).status_code == 403
    assert client.get(reverse("api_enterprise")).status_code == 401
