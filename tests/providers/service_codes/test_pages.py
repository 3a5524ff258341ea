"""Pages of codes: Alice's code is scanned by anybody; Bob manages her enterprise; Charlie belongs elsewhere."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken
from PIL import Image

from homeservice.foundation.models import AuditEntry
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from homeservice.kernel import clock
from providers.bindings.models import Authorisation
from providers.service_codes import door
from providers.service_codes.models import CodeScan, DoorTokenUse, ServiceCode
from providers.service_codes.visitors import PHOTOS
from providers.workers.models import Worker
from tests import world
from tests.providers.service_codes.people import code_of, green, licensed, some_nonce

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def firm():
    return licensed()


@pytest.fixture
def alice(firm, tmp_path, monkeypatch) -> Worker:
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(tmp_path))
    worker = green(firm, "李小红", origin_province="湖南省", rating_sum=49, rating_count=10, visits_done=120, star=4)
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    file = SimpleUploadedFile("me.png", out.getvalue())
    worker.photo = store_upload(file, purpose=UploadPurpose.WORKER_PHOTO, owner_id=worker.user_id, at=world.NOW)
    worker.save()
    world.credential(worker, "SK-YL", level=3, number="SK20260001")
    return worker


@pytest.fixture
def code(alice) -> ServiceCode:
    return code_of(alice)


@pytest.fixture
def bob(firm, sign_in):
    return sign_in(world.manager(firm))


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(response.content.decode())))


def page(code: ServiceCode, client: Client | None = None):
    return (client or Client()).get(reverse("service_code", args=[code.public_id]), headers={"Accept-Language": "en"})


def fresh_token(code: ServiceCode) -> str:
    return door.issue(code_id=code.pk, nonce=some_nonce(), at=clock.now(), keys=settings.DOOR_KEYS)


def scan(code: ServiceCode, client: Client | None = None):
    """The consumer's view, opened by a fresh token."""
    return (client or Client()).post(reverse("service_code_door", args=[fresh_token(code)]), follow=True)


SECRET_FROM_ANYONE = ("李小红", "湖南省", "40–49", "SK20260001", "0001", "2027-05-31 ·")


# what anyone sees


def test_anyone_sees_the_public_fields_without_an_account_and_the_look_is_kept(code, alice):
    response = page(code)
    shown = text_of(response)

    assert response.status_code == 200
    for word in ("李**", "安心家政", "2027-05-31", "120", "4.9"):
        assert word in shown
    for word in (*SECRET_FROM_ANYONE, alice.user.phone, alice.credentials.get(code="ID").number):
        assert word not in shown
    assert response["Cache-Control"] == "private, no-store"
    assert "noindex" in response["X-Robots-Tag"]
    kept = CodeScan.objects.get()
    assert (kept.code, kept.view, kept.user, kept.at) == (code, "public", None, world.NOW)
    assert len(kept.visitor_digest) == 64


def test_an_unknown_code_is_not_found_and_leaves_nothing(db):
    assert Client().get(reverse("service_code", args=["a" * 26])).status_code == 404
    assert not CodeScan.objects.exists()


def test_the_colour_on_the_page_is_that_of_the_moment_not_that_of_the_last_computation(code, alice):
    alice.credentials.filter(code="INS").delete()
    response = page(code)

    assert ServiceCode.objects.get().colour == "green"
    assert response.context["colour"] == "yellow"
    assert "hs-tone-warn" in response.content.decode()


def test_of_a_worker_who_withdrew_the_authorisation_the_state_alone_is_shown(code):
    Authorisation.objects.update(withdrawn_at=world.NOW)
    for response in (page(code), scan(code)):
        assert response.status_code == 200
        assert response.context["shown"] == {"colour": "green"}
        for word in ("李", "安心家政", "service_code_photo", "120"):
            assert word not in text_of(response)


def test_the_photo_goes_with_a_page_for_a_quarter_of_an_hour_and_cannot_be_guessed(code, alice, monkeypatch):
    address = page(code).context["photo_url"]

    photo = Client().get(address)
    assert (photo.status_code, photo["Content-Type"]) == (200, "image/png")
    assert photo.getvalue()
    assert Client().get(reverse("service_code_photo", args=[str(alice.photo_id)])).status_code == 404
    monkeypatch.setattr(PHOTOS, "unsign", lambda value, max_age: type(PHOTOS).unsign(PHOTOS, value, max_age=-1))
    assert Client().get(address).status_code == 404


def test_a_reference_of_another_upload_shows_nothing(code, alice):
    paper = store_upload(
        SimpleUploadedFile("a.pdf", b"%PDF-1.7 secret"), purpose=UploadPurpose.CREDENTIAL, owner_id=1, at=world.NOW
    )
    assert Client().get(reverse("service_code_photo", args=[PHOTOS.sign(str(paper.pk))])).status_code == 404


def test_who_collects_codes_is_answered_429_with_a_time_to_come_again(code, settings):
    settings.CODE_SCANS = {**settings.CODE_SCANS, "codes_10_min": 1}
    other = code_of(green(licensed("别家家政"), "周阿姨"))
    assert page(code).status_code == 200

    refused = page(other)
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert "周" not in text_of(refused)
    assert page(code).status_code == 200
    by_api = Client().get(reverse("api_service_code", args=[other.public_id]))
    assert (by_api.status_code, by_api["Retry-After"], by_api.json()["code"]) == (429, "600", "too_many")


def test_an_enterprises_page_is_open_and_free(firm, alice):
    code = code_of(firm)
    response = page(code)
    shown = text_of(response)

    for word in (firm.name, firm.social_credit_code, firm.complaint_phone, "2027-05-31"):
        assert word in shown
    assert response.context["facts"].admitted_workers == 1
    assert CodeScan.objects.get().code == code


@pytest.mark.parametrize("count", [1, 3])
def test_the_public_page_takes_the_same_queries_however_many_papers(code, alice, count, django_assert_num_queries):
    for _ in range(count):
        world.credential(alice, "SK-JW", level=5)
    client = Client()
    page(code, client)
    with django_assert_num_queries(14):
        page(code, client)


# at the door


def test_opening_the_link_uses_nothing_up_and_the_button_opens_the_consumers_view(code):
    client, address = Client(), reverse("service_code_door", args=[fresh_token(code)])
    assert client.get(address).status_code == 200
    assert client.get(address).status_code == 200
    assert not CodeScan.objects.exists()

    response = client.post(address, follow=True)
    shown = text_of(response)
    for word in ("李小红", "湖南省", "40–49", "****0001", "安心家政"):
        assert word in shown
    assert "SK20260001" not in shown
    assert [one.view for one in CodeScan.objects.all()] == ["consumer"]
    assert DoorTokenUse.objects.count() == 1


def test_the_view_is_that_browsers_alone_and_closes_after_a_quarter_of_an_hour(code):
    client = Client()
    address = scan(code, client).redirect_chain[-1][0]

    assert client.get(address).status_code == 200
    assert Client().get(address).status_code == 404
    with clock.frozen(world.NOW + timedelta(minutes=15)):
        assert client.get(address).status_code == 404


def test_a_scan_of_another_number_is_nobodys(code):
    client = Client()
    address = scan(code, client).redirect_chain[-1][0]
    number = str(CodeScan.objects.get().pk)

    assert number in address
    assert client.get(address.replace(f"/{number}:", f"/{int(number) + 1}:")).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_each_refusal_has_words_of_its_own(code, method):
    used = fresh_token(code)
    Client().post(reverse("service_code_door", args=[used]))
    forged = door.issue(code_id=code.pk, nonce=some_nonce(), at=world.NOW, keys={"site": b"x" * 32})
    old = door.issue(code_id=code.pk, nonce=some_nonce(), at=world.NOW - timedelta(minutes=2), keys=settings.DOOR_KEYS)
    said = {}
    for name, token in (("used", used), ("forged", forged), ("old", old)):
        response = getattr(Client(), method)(reverse("service_code_door", args=[token]))
        said[name] = (response.status_code, response.context["refusal"].code)
        assert "李" not in text_of(response)

    assert said == {
        "used": (422, "door_token_used"), "forged": (422, "door_token_forged"), "old": (422, "door_token_expired")
    }  # fmt: skip
    refusals = CodeScan.objects.filter(view="refused").count()
    assert refusals == (3 if method == "post" else 0)


# the worker


def test_the_workers_page_shows_a_token_that_works_and_renews_without_writing(code, alice, sign_in):
    client = sign_in(alice.user)
    first = client.get(reverse("worker_code"))
    fragment = client.get(reverse("worker_code"), headers={"HX-Request": "true"})

    assert first.context["colour"] == "green"
    assert "data:image/svg+xml" in first.content.decode()
    assert 'hx-trigger="every 30s"' in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert first.context["door_address"] != fragment.context["door_address"]
    assert not CodeScan.objects.exists()
    assert "李小红" in text_of(Client().post(fragment.context["door_address"], follow=True))


def test_reasons_come_with_what_mends_them(alice, sign_in):
    alice.credentials.filter(code="HX").delete()
    code_of(alice)
    response = sign_in(alice.user).get(reverse("worker_code"))

    assert response.context["colour"] == "yellow"
    assert len(response.context["reasons"]) == 1
    assert str(response.context["reasons"][0].mend) in unescape(response.content.decode())


def test_a_worker_who_is_not_admitted_yet_reads_when_the_code_comes(firm, sign_in):
    waiting = green(firm, "陈静", state="submitted")
    response = sign_in(waiting.user).get(reverse("worker_code"))

    assert response.status_code == 200
    assert "data:image/svg+xml" not in response.content.decode()
    assert sign_in(waiting.user).get(reverse("worker_scans")).status_code == 404


def test_the_worker_sees_who_looked_without_names(code, alice, sign_in):
    reader = world.user("王小明", community_id=world.CHASHAN)
    page(code, sign_in(reader))
    scan(code)
    response = sign_in(alice.user).get(reverse("worker_scans"))

    assert [one.view for one in response.context["page"]] == ["consumer", "public"]
    assert "茶山社区居民委员会" in text_of(response)
    assert "王" not in text_of(response)
    counts = response.context["counts"]
    assert (counts.looks, counts.visitors, counts.refused) == (2, 1, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_looks_takes_the_same_queries_however_many(code, alice, sign_in, count, django_assert_num_queries):
    for _ in range(count):
        page(code, sign_in(world.user(community_id=world.CHASHAN)))
    client = sign_in(alice.user)
    client.get(reverse("worker_scans"))
    with django_assert_num_queries(9):
        client.get(reverse("worker_scans"))


# the enterprise


def test_the_institution_sees_its_own_workers_code_with_certificates_and_looks(code, alice, bob):
    page(code)
    response = bob.get(reverse("enterprise_worker_code", args=[alice.pk]))

    assert "SK20260001" in text_of(response)
    assert response.context["shown"]["background"][0].on_date is None
    assert response.context["counts"].looks == 1
    assert alice.user.phone not in text_of(response)


def test_another_enterprise_and_an_account_without_the_right_are_refused(code, alice, firm, sign_in):
    charlie, clerk = sign_in(world.manager(licensed("别家家政"))), sign_in(world.manager(firm, rights="clerk"))
    for name in ("enterprise_worker_code", "enterprise_worker_badge"):
        path = reverse(name, args=[alice.pk])
        assert (charlie.get(path).status_code, clerk.get(path).status_code) == (404, 403)


def test_the_enterprise_sees_its_own_code_with_its_qr_and_a_worker_without_one_is_said(firm, bob):
    without = bob.get(reverse("enterprise_code"))
    assert "data:image/svg+xml" not in without.content.decode()

    code = code_of(firm)
    response = bob.get(reverse("enterprise_code"))
    assert response.context["colour"] == "green"
    assert response.context["address"] == f"http://testserver{reverse('service_code', args=[code.public_id])}"
    waiting = green(firm, "陈静", state="submitted")
    assert bob.get(reverse("enterprise_worker_code", args=[waiting.pk])).status_code == 200


# on duty


def test_an_officer_says_why_first_and_the_log_keeps_it(code, alice, sign_in):
    officer = world.staff(division=world.TIANHE, duty="reviewer")
    client, path = sign_in(officer, second_factor=True), reverse("review_code", args=[code.public_id])

    asked = client.get(path)
    assert "李小红" not in text_of(asked)
    assert client.post(path, {"purpose": " "}).status_code == 422
    assert not AuditEntry.objects.exists()

    shown = client.post(path, {"purpose": "投诉核查 2026-11"})
    assert "SK20260001" in text_of(shown)
    assert "投诉核查 2026-11" in text_of(shown)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.purpose, entry.subject_id) == (
        "service_code_seen", officer.pk, "投诉核查 2026-11", str(code.pk)
    )  # fmt: skip


def test_an_officer_of_another_place_finds_nothing(code, sign_in):
    elsewhere = sign_in(world.staff(division=world.SHIPAI, duty="reviewer"), second_factor=True)

    assert elsewhere.post(reverse("review_code", args=[code.public_id]), {"purpose": "核查"}).status_code == 404


# programs


def test_the_api_shows_column_one_and_the_worker_their_own(code, alice):
    public = Client().get(reverse("api_service_code", args=[code.public_id]), headers={"Accept-Language": "en"}).json()

    assert (public["colour"], public["valid_until"], public["enterprise"]) == ("green", "2027-05-31", None)
    assert set(public["worker"]) == {
        "masked_name", "institution", "identity", "exam", "skills", "training", "record"
    }  # fmt: skip
    assert public["worker"]["exam"] == {"fits": True, "papers": []}
    assert public["worker"]["skills"][0]["number"] == ""
    assert public["worker"]["record"] == {"star": 4, "rating": 4.9, "orders": 120, "complaints": 0}

    token = AuthToken.objects.create(alice.user)[1]
    own = Client(headers={"Authorization": f"Token {token}"}).get(reverse("api_worker_code")).json()
    assert (own["public_id"], own["reasons"]) == (code.public_id, [])
    assert own["worker"]["full_name"] == "李小红"
    assert own["worker"]["skills"][0]["number"] == "****0001"
    assert {"phone", "id_number", "address"}.isdisjoint(own["worker"])


def test_the_api_of_an_enterprise_and_of_a_silent_worker(firm, code):
    of_firm = Client().get(reverse("api_service_code", args=[code_of(firm).public_id])).json()
    assert of_firm["worker"] is None
    assert of_firm["enterprise"]["social_credit_code"] == firm.social_credit_code
    assert of_firm["enterprise"]["licences"][0]["valid_until"] == date(2027, 5, 31).isoformat()

    Authorisation.objects.update(withdrawn_at=world.NOW)
    silent = Client().get(reverse("api_service_code", args=[code.public_id])).json()
    assert (silent["colour"], silent["worker"], silent["valid_until"]) == ("green", None, None)
