"""API v1 of papers: types for everybody, workers' papers for their enterprise's programs alone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from providers.bindings.actions import withdraw_authorisation
from providers.credentials.models import Credential
from tests import world
from tests.providers.credentials.test_pages import png

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
EXAM = {"code": "HX", "level": 2, "issuer": "天河区疾控中心", "number": "TH-1", "valid_from": "2026-11-01"}


@pytest.fixture
def worker():
    return world.worker(world.enterprise())


def program(person) -> Client:
    return Client(headers={"Authorization": f"Token {AuthToken.objects.create(person)[1]}"})


@pytest.fixture
def alice(worker):
    return program(world.manager(worker.enterprise))


def path(worker) -> str:
    return reverse("api_worker_credentials", args=[worker.pk])


def post(client, worker, **changes):
    return client.post(path(worker), {**EXAM, **changes}, content_type="application/json")


def test_types_are_for_everybody(worker):
    rows = {row["code"]: row for row in Client().get(reverse("api_credential_types")).json()}
    assert len(rows) == 42
    assert (rows["SK-JW"]["levels"], rows["SK-JW"]["name"], rows["HX"]["holds_months"], rows["BG2"]["sensitive"]) == (
        [5, 4, 3, 2], "家政服务员", 12, True,
    )  # fmt: skip
    assert rows["SK-YL"]["register_url"] == "https://osta.mohrss.gov.cn/"


def test_a_program_hands_in_a_paper_and_reads_it_back_masked(alice, worker):
    answer = post(alice, worker)
    assert answer.status_code == 201
    body = answer.json()
    assert {name: body[name] for name in ("code", "level", "number", "valid_until", "state", "submitted_at")} == {
        "code": "HX", "level": 2, "number": "****TH-1", "valid_until": "2027-10-31", "state": "submitted",
        "submitted_at": "2026-11-23T09:00:00+08:00",
    }  # fmt: skip
    assert [row["code"] for row in alice.get(path(worker)).json()["results"]] == ["HX", "ID"]


def test_a_scan_comes_as_a_form(alice, worker):
    assert alice.post(path(worker), {**EXAM, "scan": png()}).status_code == 201
    assert Credential.objects.get(code="HX").scan.file_name == "exam.png"
    bad = SimpleUploadedFile("scan.png", b"<html>", "image/png")
    refused = alice.post(path(worker), {**EXAM, "number": "TH-2", "scan": bad})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["scan"])


def test_a_refused_paper_names_code_and_field(alice, worker):
    post(alice, worker)
    wrong = [{}, {"code": "ZZ"}, {"level": 5}, {"valid_from": "gestern"}]
    answers = [post(alice, worker, **changes) for changes in wrong]
    assert [(one.status_code, one.json()["code"], list(one.json()["errors"])) for one in answers] == [
        (422, "credential_twice", ["number"]), (422, "credential_unknown", ["code"]), (422, "credential_level", ["level"]),
        (422, "invalid_input", ["valid_from"]),
    ]  # fmt: skip


def test_others_are_refused(worker):
    clerk, worker_self = world.manager(worker.enterprise, rights="clerk"), worker.user
    stranger = world.manager(world.enterprise("别家"))
    answers = [post(program(one), worker).status_code for one in (clerk, worker_self, world.user(), stranger)]
    assert answers == [403, 403, 403, 404]
    assert Client().get(path(worker)).status_code == 401
    assert Credential.objects.filter(code="HX").count() == 0


def test_without_the_authorisation_there_is_nothing_to_read_and_nothing_is_taken(alice, worker):
    withdraw_authorisation(worker=worker, actor_id=worker.user_id, at=world.NOW)

    assert alice.get(path(worker)).json()["results"] == []
    answer = post(alice, worker)
    assert (answer.status_code, answer.json()["code"]) == (409, "authorisation_missing")
    assert not worker.credentials.filter(code="HX").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many_papers(alice, worker, count, django_assert_num_queries):
    for _ in range(count):
        world.credential(worker, "TR0")
    alice.get(path(worker))
    with django_assert_num_queries(5):
        alice.get(path(worker))
