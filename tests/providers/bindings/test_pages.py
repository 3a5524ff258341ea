"""Bindings on both sides' pages: Bob manages the enterprise, Alice is its worker, Charlie manages another one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from providers.bindings.models import Authorisation, Binding
from providers.workers.models import Worker
from tests import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
SignIn = Callable[..., Client]


@pytest.fixture
def firm() -> Any:
    return world.enterprise("安心家政")


@pytest.fixture
def bob(firm: Any, sign_in: SignIn) -> Client:
    return sign_in(world.manager(firm))


@pytest.fixture
def charlie(sign_in: SignIn) -> Client:
    return sign_in(world.manager(world.enterprise("别家家政")))


@pytest.fixture
def worker(firm: Any) -> Worker:
    return world.worker(firm, "爱丽丝")


@pytest.fixture
def alice(worker: Worker, sign_in: SignIn) -> Client:
    return sign_in(worker.user)


def proposed(firm: Any, by: str, **fields: Any) -> Binding:
    asked = {"relation": "flexible", "state": "proposed", "proposed_by": by, "proposed_at": NOW}
    return Binding.objects.create(user=fields.pop("user", None) or world.user(), enterprise=firm, **{**asked, **fields})


def to(name: str, binding: Binding) -> str:
    return reverse(name, args=[binding.pk])


# the enterprise


@pytest.mark.parametrize("count", [1, 3])
def test_the_enterprises_page_takes_seven_queries_however_many(
    bob: Client, firm: Any, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        proposed(firm, "enterprise")
        proposed(firm, "worker", user=world.worker(world.enterprise(world.phone())).user)
        world.worker(firm)
    bob.get(reverse("enterprise_bindings"))
    with django_assert_num_queries(7):
        assert bob.get(reverse("enterprise_bindings")).status_code == 200


def test_an_invitation_is_sent_and_stands_with_a_masked_phone(bob: Client, firm: Any) -> None:
    asked = {"phone": "138 0013 8000", "relation": "agency", "note": "陈经理"}
    assert bob.post(reverse("enterprise_worker_invite"), asked).url == reverse("enterprise_bindings")
    binding = Binding.objects.get()
    assert (binding.enterprise, binding.relation, binding.proposed_by) == (firm, "agency", "enterprise")
    page = bob.get(reverse("enterprise_bindings")).content.decode()
    assert "138****8000" in page
    assert "13800138000" not in page


@pytest.mark.parametrize(("changes", "said"), [({"phone": "123"}, "手机号"), ({"note": "好" * 201}, "200")])
def test_a_wrong_invitation_is_told_and_nothing_typed_is_lost(bob: Client, changes: Any, said: str) -> None:
    asked = {"phone": "13800138000", "relation": "agency", "note": "陈经理", **changes}
    response = bob.post(reverse("enterprise_worker_invite"), asked)
    assert (response.status_code, Binding.objects.count()) == (422, 0)
    assert said in response.content.decode()
    assert f'value="{asked["phone"]}"' in response.content.decode()


def test_the_enterprise_does_not_read_the_name_of_one_who_has_not_joined(bob: Client, firm: Any) -> None:
    elsewhere = world.worker(world.enterprise("甲家政"), "欧阳娜娜")
    proposed(firm, "worker", user=elsewhere.user)
    page = bob.get(reverse("enterprise_bindings")).content.decode()
    assert "欧***" in page
    assert "欧阳娜娜" not in page


def test_an_invitation_is_taken_back_once(bob: Client, firm: Any) -> None:
    binding = proposed(firm, "enterprise")
    bob.post(to("enterprise_binding_take_back", binding))
    binding.refresh_from_db()
    assert binding.state == "withdrawn"
    again = bob.post(to("enterprise_binding_take_back", binding), follow=True).content.decode()
    assert "该邀请已失效" in again


def test_an_application_is_declined(bob: Client, firm: Any) -> None:
    binding = proposed(firm, "worker")
    bob.post(to("enterprise_binding_answer", binding), {"decline": "yes"})
    binding.refresh_from_db()
    assert binding.state == "declined"


def test_an_enterprise_cannot_say_yes_to_its_own_invitation(bob: Client, firm: Any) -> None:
    binding = proposed(firm, "enterprise")
    page = bob.post(to("enterprise_binding_answer", binding), follow=True).content.decode()
    assert "要由对方答复" in page
    binding.refresh_from_db()
    assert binding.state == "proposed"


@pytest.mark.parametrize(
    "name",
    [
        "enterprise_binding_answer", "enterprise_binding_take_back", "enterprise_binding_end",
        "enterprise_binding_end_answer",
    ],
)  # fmt: skip
def test_another_enterprise_finds_nothing_and_a_clerk_is_refused(
    charlie: Client, sign_in: SignIn, firm: Any, worker: Worker, name: str
) -> None:
    binding = Binding.objects.get()
    assert charlie.post(to(name, binding), {"reason": "x"}).status_code == 404
    assert sign_in(world.manager(firm, rights="clerk")).post(to(name, binding)).status_code == 403
    binding.refresh_from_db()
    assert binding.state == "in_force"


# both sides, to the end


def test_the_worker_leaves_once_the_enterprise_agrees(alice: Client, bob: Client, worker: Worker) -> None:
    binding = Binding.objects.get()
    assert alice.post(to("worker_binding_end", binding), {"reason": ""}).status_code == 422
    alice.post(to("worker_binding_end", binding), {"reason": "搬回老家"})
    assert "搬回老家" in bob.get(reverse("enterprise_bindings")).content.decode()
    page = alice.post(to("worker_binding_end_answer", binding), follow=True).content.decode()
    assert "要由对方答复" in page
    bob.post(to("enterprise_binding_end_answer", binding))
    worker.refresh_from_db()
    assert worker.enterprise is None
    assert "您还没有加入企业" in alice.get(reverse("worker_bindings")).content.decode()
    assert bob.get(reverse("enterprise_worker", args=[worker.pk])).status_code == 404


def test_the_enterprise_proposes_and_the_worker_keeps_it(alice: Client, bob: Client, worker: Worker) -> None:
    binding = Binding.objects.get()
    bob.post(to("enterprise_binding_end", binding), {"reason": "业务调整"})
    assert "业务调整" in alice.get(reverse("worker_bindings")).content.decode()
    alice.post(to("worker_binding_end_answer", binding), {"keep": "yes"})
    binding.refresh_from_db()
    assert (binding.state, binding.end_reason) == ("in_force", "")


def test_an_end_proposed_twice_is_told_beside_the_form(alice: Client, worker: Worker) -> None:
    binding = Binding.objects.get()
    alice.post(to("worker_binding_end", binding), {"reason": "搬家"})
    response = alice.post(to("worker_binding_end", binding), {"reason": "还是搬家"})
    assert response.status_code == 422
    assert "还是搬家" in response.content.decode()


# the worker


@pytest.mark.parametrize("count", [1, 3])
def test_the_workers_page_takes_five_queries_however_many_invitations(
    sign_in: SignIn, count: int, django_assert_num_queries: Any
) -> None:
    person = world.user("爱丽丝")
    for _ in range(count):
        proposed(world.enterprise(world.phone()), "enterprise", user=person)
    client = sign_in(person)
    client.get(reverse("worker_bindings"))
    with django_assert_num_queries(5):
        assert client.get(reverse("worker_bindings")).status_code == 200


def test_an_invitation_is_declined_and_an_application_taken_back(sign_in: SignIn, firm: Any) -> None:
    person = world.user("爱丽丝")
    invitation, application = proposed(firm, "enterprise", user=person), None
    client = sign_in(person)
    client.post(to("worker_binding_decline", invitation))
    application = proposed(firm, "worker", user=person)
    client.post(to("worker_binding_decline", application))
    assert list(Binding.objects.order_by("pk").values_list("state", flat=True)) == ["declined", "withdrawn"]


@pytest.mark.parametrize("name", ["worker_binding_decline", "worker_binding_end", "worker_binding_end_answer"])
def test_nobody_answers_for_another_person_not_even_their_manager(
    sign_in: SignIn, bob: Client, worker: Worker, name: str
) -> None:
    binding = Binding.objects.get()
    for client in (bob, sign_in(world.user("查理"))):
        assert client.post(to(name, binding), {"reason": "x"}).status_code == 404


# authorisation (domain §8.2, rule 22)


def test_a_worker_withdraws_with_one_tap_and_signs_again(alice: Client, worker: Worker) -> None:
    page = reverse("worker_authorisation")
    assert "生效" in alice.get(page).content.decode()
    alice.post(reverse("worker_authorisation_withdraw"))
    assert Authorisation.objects.get().withdrawn_at == NOW
    text = alice.get(page).content.decode()
    assert "未生效" in text
    signing = {"version": "2026-1", "signed_name": "爱丽丝", "agreed": "on"}
    wrong = alice.post(page, {**signing, "signed_name": "爱丽"})
    assert (wrong.status_code, 'value="爱丽"' in wrong.content.decode()) == (422, True)
    assert alice.post(page, signing).status_code == 302
    assert Authorisation.objects.filter(withdrawn_at=None).count() == 1


def test_only_workers_have_an_authorisation(sign_in: SignIn, bob: Client) -> None:
    for client in (sign_in(world.user()), bob):
        assert client.get(reverse("worker_authorisation")).status_code == 403
        assert client.post(reverse("worker_authorisation_withdraw")).status_code == 403


def test_anybody_reads_a_letter_in_both_languages(client: Client) -> None:
    world.letter(text_zh="# 授权书\n- **人脸识别不是唯一方式。**", text_en="# Letter")
    text = client.get(reverse("authorisation_letter", args=["2026-1"])).content.decode()
    assert "<strong>人脸识别不是唯一方式。</strong>" in text
    assert client.get(reverse("authorisation_letter", args=["1999-1"])).status_code == 404


# programs


def test_a_person_reads_their_own_bindings_by_token_and_nobody_elses(client: Client, worker: Worker) -> None:
    proposed(world.enterprise("甲家政"), "enterprise")
    token = AuthToken.objects.create(worker.user)[1]
    answer = client.get(reverse("api_worker_bindings"), headers={"Authorization": f"Token {token}"})
    assert [(row["enterprise"], row["state"]) for row in answer.json()["results"]] == [("安心家政", "in_force")]
    assert client.get(reverse("api_worker_bindings")).status_code == 401
