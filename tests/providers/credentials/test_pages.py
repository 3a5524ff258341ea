"""The pages of papers: Alice manages the enterprise, the worker works for it, Charlie manages another one, the
reviewer checks papers of Tianhe."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext
from PIL import Image

from homeservice.foundation.models import AuditEntry, Upload
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from providers.bindings.actions import withdraw_authorisation
from providers.credentials.models import Credential
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

EXAM = {
    "code": "HX", "level": "2", "issuer": "天河区疾控中心", "number": "TH-2026-1", "valid_from": "2026-11-01",
    "valid_until": "",
}  # fmt: skip


@pytest.fixture
def firm():
    return world.enterprise("安心家政")


@pytest.fixture
def worker(firm):
    return world.worker(firm, "李阿姨")


@pytest.fixture
def alice(firm, sign_in):
    return sign_in(world.manager(firm))


@pytest.fixture
def charlie(sign_in):
    return sign_in(world.manager(world.enterprise("别家家政")))


@pytest.fixture
def reviewer(sign_in):
    return sign_in(world.staff(division=world.TIANHE, duty="reviewer"), second_factor=True)


def png(name: str = "exam.png") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


def scanned(worker, code: str = "HX", **fields) -> Credential:
    scan = store_upload(png(), purpose=UploadPurpose.CREDENTIAL, owner_id=worker.user_id, at=world.NOW)
    return world.credential(worker, code, scan=scan, **{"valid_until": date(2026, 11, 30), **fields})


# handed in


def test_a_manager_hands_in_a_workers_paper(alice, worker):
    answer = alice.post(reverse("credential_new", args=[worker.pk]), {**EXAM, "scan": png()})
    assert answer.url == reverse("enterprise_worker", args=[worker.pk])
    paper = Credential.objects.get(code="HX")
    assert (paper.worker, paper.level, paper.state, paper.valid_until) == (worker, 2, "submitted", date(2027, 10, 31))
    assert paper.scan.file_name == "exam.png"


def test_a_worker_hands_in_their_own(worker, sign_in):
    me = sign_in(worker.user)
    answer = me.post(reverse("worker_paper_new"), {**EXAM, "scan": png()})
    assert (answer.status_code, Credential.objects.get(code="HX").worker) == (302, worker)
    assert me.get(reverse("worker_paper_new")).status_code == 200


def test_the_legal_representative_hands_in_licences_and_a_clerk_may_not(alice, firm, sign_in):
    path = reverse("enterprise_licence_new")
    given = {
        "code": "O-FD", "issuer": "天河区市场监督管理局", "number": "jy 14401060000001", "valid_from": "2025-01-01",
        "valid_until": "2029-12-31", "scan": png(),
    }  # fmt: skip
    assert alice.post(path, given).status_code == 302
    licence = Credential.objects.get(code="O-FD")
    assert (licence.enterprise, licence.number) == (firm, "JY14401060000001")
    assert sign_in(world.manager(firm, rights="operator")).get(path).status_code == 403


def test_the_kind_may_be_chosen_by_the_address(alice, worker):
    page = alice.get(reverse("credential_new", args=[worker.pk]), {"code": "BG2"}).content.decode()
    assert '<option value="BG2" selected>' in page
    assert "每年查询一次" in page


# bad input: the message at its field, 422, and nothing lost


def typed_is_kept(page: str, given: dict[str, str]) -> bool:
    return all(escape(value) in page for name, value in given.items() if name not in ("code", "level"))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"code": "ID", "level": "", "number": "44010619900101001"}, "number", "18 位"),
        ({"code": "ID", "level": "", "number": "440106199001010010"}, "number", "校验"),
        ({"code": "ID", "level": "", "number": "440106202801010010"}, "number", "出生日期"),
        ({"code": "LIC-D", "level": "", "number": "12"}, "number", "核对"),
        ({"code": "SK-JW", "level": "1"}, "level", "五级"),
        ({"level": ""}, "level", "A 类"),
        ({"code": "TR0", "level": "3"}, "level", "等级"),
        ({"valid_from": "2027-01-01"}, "valid_from", "晚于今天"),
        ({"valid_from": "昨天"}, "valid_from", "2026-11-23"),
        ({"valid_until": "2026-10-01"}, "valid_until", "早于"),
        ({"code": "INS", "level": ""}, "valid_until", "有效期"),
        ({"number": ""}, "number", "请填写"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_typed_is_lost(alice, worker, changes, field, words):
    given = {**EXAM, **changes}
    answer = alice.post(reverse("credential_new", args=[worker.pk]), {**given, "scan": png()})
    page = answer.content.decode()
    assert answer.status_code == 422
    (said,) = answer.context["form"].errors[field]
    assert words in said
    assert typed_is_kept(page, given)
    assert Credential.objects.exclude(code="ID").count() == 0


def test_a_number_that_is_on_file_is_refused_at_the_number(alice, worker):
    alice.post(reverse("credential_new", args=[worker.pk]), {**EXAM, "scan": png()})
    answer = alice.post(reverse("credential_new", args=[worker.pk]), {**EXAM, "scan": png()})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["number"])
    assert typed_is_kept(answer.content.decode(), EXAM)
    assert Credential.objects.filter(code="HX").count() == 1


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (lambda: SimpleUploadedFile("scan.jpg", b"\xff\xd8\xff" + b"x" * 40 * 1024 * 1024), "10 MB"),
        (lambda: SimpleUploadedFile("scan.png", b"<html><script>alert(1)</script></html>", "image/png"), "JPEG"),
        (lambda: SimpleUploadedFile("scan.png", b"\x89PNG\r\n\x1a\n<html>", "image/png"), "无法打开"),
        (lambda: SimpleUploadedFile("scan.png", b""), "空"),
    ],
    ids=["forty megabytes", "HTML by the name of PNG", "HTML behind a PNG's first bytes", "empty"],
)
def test_a_scan_that_is_none_is_refused_at_the_scan(alice, worker, file: Callable[[], SimpleUploadedFile], words):
    answer = alice.post(reverse("credential_new", args=[worker.pk]), {**EXAM, "scan": file()})
    (said,) = answer.context["form"].errors["scan"]
    assert (answer.status_code, words in said) == (422, True), said
    assert typed_is_kept(answer.content.decode(), EXAM)
    assert (Upload.objects.count(), Credential.objects.filter(code="HX").count()) == (0, 0)


def test_a_paper_without_its_scan_is_refused_and_a_record_check_with_one(alice, worker):
    path = reverse("credential_new", args=[worker.pk])
    assert list(alice.post(path, EXAM).context["form"].errors) == ["scan"]
    check = {**EXAM, "code": "BG2", "level": ""}
    assert list(alice.post(path, {**check, "scan": png()}).context["form"].errors) == ["scan"]
    assert alice.post(path, check).status_code == 302
    assert Upload.objects.count() == 0


def test_a_chosen_scan_is_kept_while_something_else_is_mended(alice, worker):
    path = reverse("credential_new", args=[worker.pk])
    refused = alice.post(path, {**EXAM, "number": "", "scan": png("体检.png")})
    token = refused.context["form"]["kept"].value()
    assert "体检.png" in refused.content.decode()
    assert alice.post(path, {**EXAM, "kept": token}).status_code == 302
    assert Credential.objects.get(code="HX").scan.file_name == "体检.png"
    assert Upload.objects.count() == 1


def test_a_kept_scan_is_of_no_use_to_somebody_else_nor_for_a_second_paper(alice, worker, charlie):
    path = reverse("credential_new", args=[worker.pk])
    token = alice.post(path, {**EXAM, "number": "", "scan": png()}).context["form"]["kept"].value()
    stranger = world.worker(world.enterprise("丙家政"))
    theirs = Client()
    theirs.force_login(world.manager(stranger.enterprise))
    stolen = theirs.post(reverse("credential_new", args=[stranger.pk]), {**EXAM, "kept": token})
    assert list(stolen.context["form"].errors) == ["scan"]
    assert alice.post(path, {**EXAM, "kept": token}).status_code == 302
    again = alice.post(path, {**EXAM, "number": "TH-2", "kept": token})
    assert list(again.context["form"].errors) == ["scan"]
    assert list(alice.post(path, {**EXAM, "number": "TH-3", "kept": "forged"}).context["form"].errors) == ["scan"]


# renewed


def test_a_worker_renews_a_paper_and_sees_its_life(worker, sign_in, django_assert_num_queries):
    paper, me = scanned(worker, level=2), sign_in(worker.user)
    page = me.get(reverse("credential_renew", args=[paper.pk]))
    assert paper.masked_number in page.content.decode()
    given = {"valid_from": "2026-11-20", "valid_until": "2027-11-19", "scan": png("新.png")}
    answer = me.post(reverse("credential_renew", args=[paper.pk]), given)
    renewal = Credential.objects.get(renews=paper)
    assert answer.url == reverse("credential_history", args=[renewal.pk])
    assert (renewal.number, renewal.state) == (paper.number, "submitted")
    life = me.get(answer.url)
    assert [one["title"] for one in life.context["timeline"]] == ["提交了续期"]
    assert [one.pk for one in life.context["chain"]] == [renewal.pk, paper.pk]
    twice = me.post(reverse("credential_renew", args=[paper.pk]), given | {"scan": png()})
    assert (twice.status_code, Credential.objects.filter(renews=paper).count()) == (422, 1)


def test_a_renewal_that_ends_no_later_is_refused_at_its_field(worker, sign_in):
    paper = scanned(worker, level=2)
    given = {"valid_from": "2026-11-20", "valid_until": "2026-11-30", "scan": png()}
    answer = sign_in(worker.user).post(reverse("credential_renew", args=[paper.pk]), given)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["valid_until"])
    assert 'value="2026-11-30"' in answer.content.decode()


# who may look


def test_the_life_of_a_paper_is_for_its_holder_their_enterprise_and_reviewing_staff(
    alice, charlie, reviewer, worker, firm, sign_in
):
    path = reverse("credential_history", args=[scanned(worker, level=2).pk])
    others = {
        "clerk": sign_in(world.manager(firm, rights="clerk")),
        "charlie": charlie,
        "colleague": sign_in(world.worker(firm, "王阿姨").user),
        "reviewer elsewhere": sign_in(world.staff(division=world.SHIPAI, duty="reviewer"), second_factor=True),
        "street": sign_in(world.staff(division=world.WUSHAN), second_factor=True),
    }
    assert [one.get(path).status_code for one in (alice, reviewer, sign_in(worker.user))] == [200, 200, 200]
    assert {name: one.get(path).status_code for name, one in others.items()} == dict.fromkeys(others, 404)
    assert sign_in(world.user()).get(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_a_scan_goes_to_those_who_see_the_paper_is_kept_nowhere_and_staffs_look_is_logged(
    alice, charlie, reviewer, worker
):
    paper = scanned(worker, level=2)
    path = reverse("credential_scan", args=[paper.pk])
    answer = alice.get(path)
    assert answer.getvalue().startswith(b"\x89PNG")
    assert [answer[name] for name in ("Cache-Control", "X-Content-Type-Options", "Content-Type")] == [
        "no-store", "nosniff", "image/png",
    ]  # fmt: skip
    assert charlie.get(path).status_code == 404
    assert AuditEntry.objects.filter(action="credential_scan_seen").count() == 0
    reviewer.get(path).getvalue()
    seen = AuditEntry.objects.get(action="credential_scan_seen")
    assert (seen.subject_id, seen.detail) == (str(paper.pk), {"code": "HX"})


def test_the_scan_of_a_record_check_from_before_is_for_the_holder_and_reviewing_staff_only(
    alice, reviewer, worker, sign_in
):
    path = reverse("credential_scan", args=[scanned(worker, "BG2").pk])
    answers = [one.get(path) for one in (alice, reviewer, sign_in(worker.user))]
    assert [answer.status_code for answer in answers] == [404, 200, 200]
    for answer in answers[1:]:
        answer.getvalue()
    paper = Credential.objects.get(code="BG2")
    assert alice.get(reverse("credential_history", args=[paper.pk])).context["scanned"] is False


def test_a_paper_without_a_scan_has_none_to_open(alice, worker):
    assert alice.get(reverse("credential_scan", args=[world.credential(worker, "TR0").pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_life_takes_the_same_queries_however_long(alice, worker, count, django_assert_num_queries):
    first = scanned(worker, level=2)
    for n in range(1, count):
        world.credential(
            worker, "HX", level=2, number=first.number, renews=Credential.objects.get(pk=first.pk), state="refused",
            valid_until=date(2027, n, 1),
        )  # fmt: skip
    path = reverse("credential_history", args=[first.pk])
    alice.get(path)
    with django_assert_num_queries(10):
        assert alice.get(path).status_code == 200


# without the worker's authorisation


def test_without_the_authorisation_the_enterprise_opens_no_paper_and_nobody_hands_one_in(alice, worker, sign_in):
    paper = scanned(worker)
    withdraw_authorisation(worker=worker, actor_id=worker.user_id, at=world.NOW)
    stored = Upload.objects.count()

    for name in ("credential_history", "credential_scan", "credential_renew"):
        assert alice.get(reverse(name, args=[paper.pk])).status_code == 404
    refused = alice.post(reverse("credential_new", args=[worker.pk]), {**EXAM, "scan": png()})
    assert refused.url == reverse("enterprise_worker", args=[worker.pk])
    li = sign_in(worker.user)
    assert li.get(reverse("credential_history", args=[paper.pk])).status_code == 200
    assert li.post(reverse("worker_paper_new"), {**EXAM, "scan": png()}).status_code == 302
    assert li.post(reverse("credential_renew", args=[paper.pk]), {"valid_from": "2026-11-20", "scan": png()}).url == (
        reverse("credential_history", args=[paper.pk])
    )
    assert (Upload.objects.count(), set(worker.credentials.values_list("code", flat=True))) == (stored, {"ID", "HX"})


def test_the_page_says_that_the_signature_comes_first(worker, sign_in):
    withdraw_authorisation(worker=worker, actor_id=worker.user_id, at=world.NOW)
    answer = sign_in(worker.user).get(reverse("worker_paper_new"), follow=True)
    said = "The worker must sign the authorisation before anything about them is entered."
    assert escape(gettext(said)) in answer.content.decode()
