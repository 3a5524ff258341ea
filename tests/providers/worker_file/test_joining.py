"""Alice is invited and joins: letter, identity, worker, binding and identity paper together. Bob manages the firm."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from communities.accounts.actions import request_code
from communities.accounts.models import Consent, Identity, OneTimeCode, User
from homeservice.foundation.models import Upload
from providers.bindings.models import Authorisation, Binding
from providers.credentials.models import Credential
from providers.workers.models import Worker
from tests import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
SignIn = Callable[..., Client]

ID_NUMBER = "440199198506010026"
SIGNED = {
    "version": "2026-1", "signed_name": "爱丽丝", "agreed": "on", "id_number": ID_NUMBER, "consented": "on",
    "community": world.CHASHAN,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _ground(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    world.divisions()
    world.letter()
    world.credential_types()


def invitation(alice: User | None = None, firm: Any = None, **fields: Any) -> Binding:
    firm = firm or world.enterprise("安心家政")
    asked = {"relation": "employee", "state": "proposed", "proposed_by": "enterprise", "proposed_at": NOW}
    user = alice or world.user("")
    return Binding.objects.create(user=user, enterprise=firm, **{**asked, **fields})


def join(sign_in: SignIn, binding: Binding, **changes: Any) -> Any:
    return sign_in(binding.user).post(reverse("worker_join", args=[binding.pk]), {**SIGNED, **changes})


def test_who_is_invited_reads_the_whole_letter_and_joins_on_one_page(sign_in: SignIn) -> None:
    binding = invitation()
    page = sign_in(binding.user).get(reverse("worker_join", args=[binding.pk])).content.decode()
    for words in ("授权书", "身份证号码", "安心家政", "住在哪里"):
        assert words in page
    assert join(sign_in, binding).url == reverse("worker_bindings")
    worker = Worker.objects.get()
    assert (worker.user, worker.enterprise, worker.real_name) == (binding.user, binding.enterprise, "爱丽丝")
    assert Authorisation.objects.get().signed_name == "爱丽丝"
    binding.refresh_from_db()
    assert binding.state == "in_force"


def test_a_verified_identity_becomes_a_paper_that_counts(sign_in: SignIn) -> None:
    binding = invitation()
    join(sign_in, binding)
    paper = Credential.objects.get()
    assert (paper.code, paper.state, paper.method, paper.number) == ("ID", "verified", "register", ID_NUMBER)
    assert (paper.decided_by, Identity.objects.get().state) == (binding.user, "verified")
    assert Consent.objects.get(kind="identity").user == binding.user


def test_a_person_whose_identity_is_verified_types_no_number_again(sign_in: SignIn) -> None:
    alice = world.verified(world.user("爱丽丝"), ID_NUMBER)
    binding = invitation(alice)
    page = sign_in(alice).get(reverse("worker_join", args=[binding.pk])).content.decode()
    assert "id_id_number" not in page
    response = join(sign_in, binding, id_number="", consented="", signed_name="别人")
    assert (response.status_code, Worker.objects.count()) == (422, 0)
    join(sign_in, binding, id_number="", consented="")
    assert (Worker.objects.get().id_number, Credential.objects.get().code) == (ID_NUMBER, "ID")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agreed": ""}, "授权书"),
        ({"signed_name": ""}, "请填写"),
        ({"id_number": "44019919850601002"}, "18"),
        ({"id_number": "440199198506010027"}, "身份证"),
        ({"id_number": "440199299006010027"}, "出生日期"),
        ({"id_number": "440199200811240012"}, "18 周岁"),
        ({"id_number": "440106198506010022"}, "440199"),
        ({"consented": ""}, "同意"),
        ({"community": ""}, "社区"),
        ({"version": "1999-1"}, "授权书已更新"),
    ],
)
def test_a_slip_is_told_nothing_typed_is_lost_and_nobody_is_kept(
    sign_in: SignIn, changes: dict[str, str], said: str
) -> None:
    binding = invitation()
    response = join(sign_in, binding, **changes)
    text = response.content.decode()
    assert (response.status_code, Worker.objects.count(), Authorisation.objects.count()) == (422, 0, 0)
    assert said in text
    for name in ("signed_name", "id_number"):
        if typed := {**SIGNED, **changes}[name]:
            assert f'value="{typed}"' in text
    binding.refresh_from_db()
    assert binding.state == "proposed"


def test_the_community_is_found_without_a_script_and_what_was_typed_stays(sign_in: SignIn) -> None:
    text = join(sign_in, invitation(), q="茶山", find="yes", community="").content.decode()
    assert f'value="{world.CHASHAN}"' in text
    assert 'value="爱丽丝"' in text
    assert not Worker.objects.exists()


def test_an_identity_that_nobody_could_check_is_left_to_the_desk(sign_in: SignIn, settings: Any) -> None:
    settings.IDENTITY_VERIFIER = "communities.accounts.identity.RefusingVerifier"
    join(sign_in, invitation())
    assert Worker.objects.get().id_number == ID_NUMBER
    assert not Credential.objects.exists()


def test_the_id_number_of_another_account_is_refused(sign_in: SignIn) -> None:
    world.verified(world.user("别人"), ID_NUMBER)
    response = join(sign_in, invitation())
    assert (response.status_code, Worker.objects.count()) == (422, 0)


def test_an_authorised_worker_who_is_free_says_yes_with_one_button(sign_in: SignIn) -> None:
    worker = world.worker(world.enterprise("甲家政"))
    Binding.objects.update(
        state="ended", ending_proposed_by="worker", ending_proposed_at=NOW, ended_at=NOW, end_reason="搬家"
    )
    Worker.objects.update(enterprise=None)
    binding = invitation(worker.user, world.enterprise("乙家政"), relation="flexible")
    client = sign_in(worker.user)
    assert "id_signed_name" not in client.get(reverse("worker_join", args=[binding.pk])).content.decode()
    assert client.post(reverse("worker_join", args=[binding.pk]), {}).status_code == 302
    worker.refresh_from_db()
    assert (worker.enterprise.name, worker.relation) == ("乙家政", "flexible")


def test_a_worker_of_another_enterprise_is_told_by_whom_before_anything_is_checked(sign_in: SignIn) -> None:
    worker = world.worker(world.enterprise("甲家政"))
    binding = invitation(worker.user, world.enterprise("乙家政"))
    response = sign_in(worker.user).post(reverse("worker_join", args=[binding.pk]), {})
    assert response.status_code == 422
    assert "甲家政" in response.content.decode()


def test_nobody_answers_the_invitation_of_another(sign_in: SignIn) -> None:
    binding = invitation()
    charlie = sign_in(world.user("查理"))
    assert charlie.get(reverse("worker_join", args=[binding.pk])).status_code == 404
    assert charlie.post(reverse("worker_join", args=[binding.pk]), SIGNED).status_code == 404
    own = invitation(world.user("鲍勃"), world.enterprise("丙家政"), proposed_by="worker")
    assert sign_in(own.user).post(reverse("worker_join", args=[own.pk]), SIGNED).status_code == 404


# applying


def test_a_person_applies_signs_and_is_taken_on(sign_in: SignIn) -> None:
    firm = world.enterprise("安心家政")
    alice, bob = world.user(""), world.manager(firm)
    client = sign_in(alice)
    assert "安心家政" in client.get(reverse("worker_apply"), {"q": "安心"}).content.decode()
    asked = {**SIGNED, "relation": "flexible", "note": "会煲汤"}
    assert client.post(reverse("worker_apply_to", args=[firm.pk]), asked).url == reverse("worker_bindings")
    binding = Binding.objects.get()
    assert (binding.state, binding.proposed_by, binding.note) == ("proposed", "worker", "会煲汤")
    assert Worker.objects.get().enterprise is None
    assert Credential.objects.get().code == "ID"
    sign_in(bob).post(reverse("enterprise_binding_answer", args=[binding.pk]))
    assert Worker.objects.get().enterprise == firm


def test_an_application_with_a_slip_keeps_what_was_typed(sign_in: SignIn) -> None:
    firm = world.enterprise()
    asked = {**SIGNED, "relation": "flexible", "note": "好" * 201}
    response = sign_in(world.user("")).post(reverse("worker_apply_to", args=[firm.pk]), asked)
    assert (response.status_code, Binding.objects.count(), Worker.objects.count()) == (422, 0, 0)
    assert ID_NUMBER in response.content.decode()


def test_nobody_applies_to_an_enterprise_that_is_not_admitted(sign_in: SignIn) -> None:
    firm = world.enterprise(state="checking")
    assert sign_in(world.user("")).get(reverse("worker_apply_to", args=[firm.pk])).status_code == 404


# in person


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "JPEG")
    return SimpleUploadedFile("letter.jpg", out.getvalue(), content_type="image/jpeg")


def code_for(binding: Binding, purpose: str = "binding") -> str:
    return request_code(phone=binding.user.phone, ip="203.0.113.7", at=NOW, purpose=purpose).code


def confirm(client: Client, binding: Binding, **changes: Any) -> Any:
    given = {**SIGNED, "scan": picture(), **changes}
    return client.post(reverse("enterprise_binding_in_person", args=[binding.pk]), given)


def test_a_worker_without_skill_at_phones_signs_on_paper_and_reads_a_code_out(sign_in: SignIn) -> None:
    binding = invitation()
    bob = world.manager(binding.enterprise)
    client = sign_in(bob)
    client.post(reverse("enterprise_binding_code", args=[binding.pk]))
    assert OneTimeCode.objects.get().purpose == "binding"
    OneTimeCode.objects.all().delete()
    assert confirm(client, binding, code=code_for(binding)).url == reverse("enterprise_bindings")
    signed = Authorisation.objects.get()
    assert (signed.channel, signed.recorded_by, signed.scan.purpose) == ("desk", bob, "authorisation")
    assert Worker.objects.get().enterprise == binding.enterprise
    assert Consent.objects.get(kind="identity").recorded_by == bob


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "000000"}, "验证码"),
        ({"scan": ""}, "授权书照片"),
        ({"agreed": ""}, "授权书"),
        ({"id_number": "440199200811240012"}, "18 周岁"),
    ],
)
def test_a_manager_alone_binds_nobody(sign_in: SignIn, changes: dict[str, str], said: str) -> None:
    binding = invitation()
    client = sign_in(world.manager(binding.enterprise))
    code = code_for(binding)
    response = confirm(client, binding, **{"code": code, **changes})
    assert (response.status_code, Worker.objects.count(), Upload.objects.count()) == (422, 0, 0)
    assert said in response.content.decode()
    if "code" not in changes:
        assert confirm(client, binding, code=code).status_code == 302


def test_a_sign_in_code_is_no_yes(sign_in: SignIn) -> None:
    binding = invitation()
    client = sign_in(world.manager(binding.enterprise))
    assert confirm(client, binding, code=code_for(binding, "sign_in")).status_code == 422
    assert not Worker.objects.exists()


def test_another_enterprise_and_a_clerk_are_refused(sign_in: SignIn) -> None:
    binding = invitation()
    url = reverse("enterprise_binding_in_person", args=[binding.pk])
    assert sign_in(world.manager(world.enterprise("别家家政"))).get(url).status_code == 404
    assert sign_in(world.manager(binding.enterprise, rights="clerk")).get(url).status_code == 403


def test_no_identity_paper_vouches_for_a_worker_who_was_entered_with_another_number(sign_in: SignIn) -> None:
    alice = world.verified(world.user("爱丽丝"), ID_NUMBER)
    binding = invitation(alice)
    entered = {"user": alice, "id_number": "11010519491231002X", "state": "awaiting_authorisation"}
    worker = world.worker(binding.enterprise, "爱丽丝", authorised=False, **entered)
    worker.credentials.all().delete()
    alice.bindings.filter(state="in_force").delete()
    response = join(sign_in, binding)
    binding.refresh_from_db()
    assert (response.status_code, binding.state) == (422, "proposed")
    assert not Credential.objects.filter(worker=worker).exists()
