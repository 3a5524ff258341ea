"""The eight-part file: Alice's own, and as Bob, her manager, sees it. Charlie manages another enterprise."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from communities.accounts.models import User
from homeservice.foundation.models import AuditEntry, Upload
from homeservice.kernel.errors import DomainError
from providers.bindings.actions import withdraw_authorisation
from providers.service_codes.models import ColourChange, ServiceCode
from providers.worker_file.actions import Entry, add_entry, remove_entry
from providers.worker_file.models import FileEntry
from providers.worker_file.queries import completeness_of, file_of
from providers.workers.models import Worker
from tests import world
from tests.world import MONDAY, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
SignIn = Callable[..., Client]

CONTRACT = {"kind": "labour_contract", "title": "劳动合同", "from_date": "2026-01-01", "to_date": "2028-12-31"}


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def status(client: Client, url: str) -> int:
    """The answer's code; a file that it opened is read to its end, which closes it."""
    answer = client.get(url)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return int(answer.status_code)


@pytest.fixture
def worker() -> Worker:
    return world.worker(world.enterprise("安心家政"), "爱丽丝", id_number="440199198506010026")


@pytest.fixture
def manager(worker: Worker) -> User:
    return world.manager(worker.enterprise)


@pytest.fixture
def bob(manager: User, sign_in: SignIn) -> Client:
    return sign_in(manager)


@pytest.fixture
def alice(worker: Worker, sign_in: SignIn) -> Client:
    return sign_in(worker.user)


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "JPEG")
    return SimpleUploadedFile("contract.jpg", out.getvalue(), content_type="image/jpeg")


def entry(worker: Worker, by: User, **fields: Any) -> FileEntry:
    given = Entry(**{"kind": "labour_contract", "title": "劳动合同", **fields})
    return add_entry(worker=worker, entry=given, scan=None, actor_id=by.pk, at=NOW)


def file_url(worker: Worker) -> str:
    return reverse("enterprise_worker_file", args=[worker.pk])


def new_url(worker: Worker) -> str:
    return reverse("enterprise_file_entry_new", args=[worker.pk])


# what stands where


def test_each_paper_and_entry_stands_in_its_part(worker: Worker, manager: User) -> None:
    for code in ("HX", "BG1", "SK-JW", "INS"):
        world.credential(worker, code, level={"HX": 2, "SK-JW": 4}.get(code))
    for kind in ("work", "labour_contract", "dispute", "claim", "star"):
        entry(worker, manager, kind=kind, title=kind)
    parts = file_of(worker, MONDAY).parts
    assert [[paper.code for paper in part.papers] for part in parts] == [
        ["ID"], ["SK-JW"], ["HX"], ["BG1"], [], [], ["INS"], [],
    ]  # fmt: skip
    assert [[one.kind for one in part.entries] for part in parts] == [
        [], ["work"], [], [], ["labour_contract"], ["dispute"], ["claim"], ["star"],
    ]  # fmt: skip


def test_a_lapsed_exam_is_shown_and_missing_all_the_same(worker: Worker) -> None:
    world.credential(worker, "HX", level=2, valid_until=date(2026, 11, 22))
    health = file_of(worker, MONDAY).parts[2]
    assert [paper.code for paper in health.papers] == ["HX"]
    assert [str(words) for words in health.missing] == ["有效的健康体检"]


def test_the_other_part_tells_letters_bindings_and_colours(worker: Worker) -> None:
    code = ServiceCode.objects.create(worker=worker, public_id="x", colour="yellow", issued_at=NOW, computed_at=NOW)
    ColourChange.objects.create(code=code, before="green", after="yellow", at=NOW)
    found = file_of(worker, MONDAY)
    assert [row.enterprise.name for row in found.bindings] == ["安心家政"]
    assert [row.letter_id for row in found.authorisations] == ["2026-1"]
    assert [row.after for row in found.colours] == ["yellow"]


def test_the_file_takes_eight_queries_however_much_is_in_it(
    worker: Worker, manager: User, django_assert_num_queries: Any
) -> None:
    for n in range(3):
        world.credential(worker, "FA")
        entry(worker, manager, title=str(n))
        with django_assert_num_queries(8):
            file_of(worker, MONDAY)


@pytest.mark.parametrize("count", [1, 3])
def test_completeness_of_many_takes_three_queries(count: int, django_assert_num_queries: Any) -> None:
    firm = world.enterprise()
    workers = [world.worker(firm) for _ in range(count)]
    with django_assert_num_queries(3):
        found = completeness_of(workers, MONDAY)
    assert {one.met for one in found.values()} == {2}  # identity and authorisation


def test_both_ways_of_counting_agree(worker: Worker, manager: User) -> None:
    world.credential(worker, "TR0")
    entry(worker, manager)
    assert completeness_of([worker], MONDAY)[worker.pk] == file_of(worker, MONDAY).completeness


# who sees it


def test_the_worker_reads_the_own_file_and_the_enterprise_the_same(alice: Client, bob: Client, worker: Worker) -> None:
    for text in (
        alice.get(reverse("worker_file")).content.decode(),
        bob.get(file_url(worker)).content.decode(),
    ):
        assert "爱丽丝" in text
        assert "440199********0026" in text
        assert "440199198506010026" not in text


def test_neither_a_report_nor_an_exams_number_is_shown(bob: Client, worker: Worker) -> None:
    world.credential(worker, "HX", level=2, number="REPORT-778899")
    world.credential(worker, "BG1", number="CASE-112233")
    text = bob.get(file_url(worker)).content.decode()
    assert "8899" not in text
    assert "2233" not in text


def test_without_authorisation_the_enterprise_sees_no_file_and_the_worker_still_does(
    alice: Client, bob: Client, worker: Worker, manager: User
) -> None:
    row = entry(worker, manager)
    withdraw_authorisation(worker=worker, actor_id=worker.user_id, at=NOW)
    response = bob.get(file_url(worker))
    assert (response.status_code, "440199" in response.content.decode()) == (403, False)
    assert bob.post(reverse("file_entry_remove", args=[row.pk]), {"reason": "x"}).status_code == 404
    assert alice.get(reverse("worker_file")).status_code == 200


def test_the_former_enterprise_another_one_and_a_clerk_see_nothing(
    bob: Client, sign_in: SignIn, worker: Worker, manager: User
) -> None:
    row = entry(worker, manager)
    urls = [file_url(worker), new_url(worker), reverse("file_entry_remove", args=[row.pk])]
    charlie = sign_in(world.manager(world.enterprise("别家家政")))
    clerk = sign_in(world.manager(worker.enterprise, rights="clerk"))
    assert [charlie.get(url).status_code for url in urls] == [404, 404, 404]
    assert [clerk.get(url).status_code for url in urls] == [403, 403, 404]
    Worker.objects.update(enterprise=None)
    assert [bob.get(url).status_code for url in urls] == [404, 404, 404]


# entries


def test_the_enterprise_adds_a_contract_with_its_scan(bob: Client, manager: User, worker: Worker) -> None:
    assert bob.post(new_url(worker), {**CONTRACT, "scan": picture()}).url == file_url(worker)
    row = FileEntry.objects.get()
    assert (row.part, row.kind, row.recorded_by, row.recorded_at) == (5, "labour_contract", manager, NOW)
    answer = bob.get(reverse("file_entry_scan", args=[row.pk]))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "请填写"),
        ({"title": "合" * 81}, "80"),
        ({"to_date": "2025-12-31"}, "早于"),
        ({"kind": "work", "to_date": "2027-01-01"}, "晚于"),
        ({"kind": "nonsense"}, "nonsense"),
        ({"scan": SimpleUploadedFile("x.pdf", b"<html></html>")}, "PDF"),
    ],
)
def test_a_wrong_entry_is_told_and_nothing_typed_is_lost(
    bob: Client, worker: Worker, changes: dict[str, Any], said: str
) -> None:
    response = bob.post(new_url(worker), {**CONTRACT, "note": "三年期", **changes})
    text = response.content.decode()
    assert (response.status_code, FileEntry.objects.count(), Upload.objects.count()) == (422, 0, 0)
    assert said in text
    assert "三年期" in text


def test_a_worker_adds_own_history_and_no_contract(alice: Client, worker: Worker) -> None:
    url = reverse("worker_file_entry_new")
    assert alice.post(url, CONTRACT).status_code == 422
    work = {"kind": "work", "title": "月嫂", "organisation": "从前家政", "from_date": "2020-01-01"}
    assert alice.post(url, work).url == reverse("worker_file")
    assert FileEntry.objects.get().recorded_by == worker.user


def test_nobody_strikes_what_another_has_written(alice: Client, bob: Client, worker: Worker, manager: User) -> None:
    theirs, own = entry(worker, manager), entry(worker, worker.user, kind="work", title="月嫂")
    assert alice.post(reverse("file_entry_remove", args=[theirs.pk]), {"reason": "x"}).status_code == 404
    assert bob.post(reverse("file_entry_remove", args=[own.pk]), {"reason": "x"}).status_code == 404
    assert not FileEntry.objects.exclude(removed_at=None).exists()


def test_an_entry_is_removed_with_a_reason_and_kept(bob: Client, manager: User, worker: Worker) -> None:
    row = entry(worker, manager, title="写错的合同")
    url = reverse("file_entry_remove", args=[row.pk])
    assert bob.post(url, {"reason": " "}).status_code == 422
    assert bob.post(url, {"reason": "录错了人"}).url == file_url(worker)
    row.refresh_from_db()
    assert (row.removed_at, row.removed_reason) == (NOW, "录错了人")
    assert "写错的合同" not in bob.get(file_url(worker)).content.decode()
    assert AuditEntry.objects.filter(action="file_entry_removed", purpose="录错了人").count() == 1
    with pytest.raises(DomainError) as refused:
        remove_entry(entry=row, reason="再来", actor_id=manager.pk, at=NOW)
    assert refused.value.code == "entry_removed"


def test_nothing_is_entered_about_a_worker_who_has_not_signed() -> None:
    worker = world.worker(world.enterprise(), authorised=False)
    with pytest.raises(DomainError) as refused:
        entry(worker, worker.user)
    assert refused.value.code == "authorisation_missing"


def test_the_document_of_an_entry_is_for_the_two_sides_only(
    alice: Client, bob: Client, sign_in: SignIn, worker: Worker
) -> None:
    bob.post(new_url(worker), {**CONTRACT, "scan": picture()})
    url = reverse("file_entry_scan", args=[FileEntry.objects.get().pk])
    assert [status(client, url) for client in (alice, bob)] == [200, 200]
    charlie = sign_in(world.manager(world.enterprise("别家家政")))
    other = sign_in(world.worker(worker.enterprise, "周阿姨").user)
    assert [status(client, url) for client in (charlie, other)] == [404, 404]
    withdraw_authorisation(worker=worker, actor_id=worker.user_id, at=NOW)
    assert [status(client, url) for client in (alice, bob)] == [200, 404]
