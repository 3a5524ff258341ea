"""Pages of import and export: Alice and the clerk act for one enterprise, Charlie for another one."""

import csv
from io import BytesIO, StringIO

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.urls import reverse
from openpyxl import load_workbook

from homeservice.foundation.models import AuditEntry
from providers.exchange.actions import check_next, forget_files, take_over_next
from providers.exchange.models import ImportRun
from providers.workers.models import Worker
from tests import world
from tests.providers.exchange.files import id_number, worker_row, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
ADDRESSES = ("enterprise_import", "enterprise_import_progress", "enterprise_import_report")
DECISIONS = ("enterprise_import_take_over", "enterprise_import_drop")


@pytest.fixture(autouse=True)
def _own_storage(tmp_path, monkeypatch):
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(tmp_path))


@pytest.fixture
def firm():
    return world.enterprise("安心家政")


@pytest.fixture
def alice(firm, sign_in):
    return sign_in(world.manager(firm))


def sent(client, rows) -> ImportRun:
    body = {"subject": "workers", "file": xlsx(rows), "attested": "on"}
    assert client.post(reverse("enterprise_import_new"), body).status_code == 302
    run = ImportRun.objects.order_by("-pk")[0]
    check_next(at=world.NOW)
    return run


def book(response):
    return load_workbook(BytesIO(response.content))


def test_a_file_is_sent_checked_and_taken_over(alice):
    run = sent(alice, [worker_row(1), worker_row(2)])
    page = alice.get(reverse("enterprise_import", args=[run.pk])).content.decode()
    assert "全部写入" in page
    assert alice.post(reverse("enterprise_import_take_over", args=[run.pk])).status_code == 302
    assert "<progress" in alice.get(reverse("enterprise_import", args=[run.pk])).content.decode()
    take_over_next(at=world.NOW)
    assert "已全部写入" in alice.get(reverse("enterprise_import", args=[run.pk])).content.decode()
    assert Worker.objects.count() == 2


def test_the_progress_asks_again_only_while_somebody_works_and_answers_304_in_between(alice):
    alice.post(
        reverse("enterprise_import_new"), {"subject": "workers", "file": xlsx([worker_row(1)]), "attested": "on"}
    )
    url = reverse("enterprise_import_progress", args=[ImportRun.objects.get().pk])
    first = alice.get(url)
    assert "hx-trigger" in first.content.decode()
    assert alice.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    check_next(at=world.NOW)
    second = alice.get(url, headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, "hx-trigger" in second.content.decode()) == (200, False)


def test_faults_stand_on_the_page_in_the_readers_language_and_in_the_file(alice):
    run = sent(alice, [worker_row(1), worker_row(2, phone="123", relation="老板")])
    chinese = alice.get(reverse("enterprise_import", args=[run.pk])).content.decode()
    alice.cookies["language"] = "en"
    english = alice.get(reverse("enterprise_import", args=[run.pk])).content.decode()
    alice.cookies["language"] = "zh-hans"
    assert "11 位" in chinese
    assert "11-digit" in english
    sheet = book(alice.get(reverse("enterprise_import_report", args=[run.pk]))).active
    marked = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment]
    assert (sheet.max_row, marked) == (3, ["A3", "D3"])
    assert "11 位" in sheet["A3"].comment.text
    assert AuditEntry.objects.filter(action="import_report").count() == 1


def test_a_refused_form_says_why(alice):
    refused = alice.post(reverse("enterprise_import_new"), {"subject": "workers", "file": xlsx([worker_row(1)])})
    assert (refused.status_code, list(refused.context["import_form"].errors)) == (422, ["attested"])
    nothing = alice.post(reverse("enterprise_import_new"), {"subject": "everything"})
    assert (nothing.status_code, sorted(nothing.context["import_form"].errors)) == (422, ["file", "subject"])
    assert ImportRun.objects.count() == 0


def test_the_template_has_its_columns_choices_and_instructions(alice):
    found = book(alice.get(reverse("enterprise_import_template", args=["workers"])))
    table, words, _choices = found.worksheets
    assert [cell.value for cell in table[1]][:4] == ["手机号 *", "姓名 *", "身份证号 *", "用工关系 *"]
    assert len(table.data_validations.dataValidation) == 3
    assert words.max_row > 12
    assert alice.get(reverse("enterprise_import_template", args=["anything"])).status_code == 404


def test_a_report_of_a_deleted_file_asks_for_it_again(alice):
    run = sent(alice, [worker_row(1, phone="1")])
    forget_files(at=world.NOW.replace(year=2027))
    assert alice.get(reverse("enterprise_import_report", args=[run.pk])).status_code == 302


def test_another_enterprise_and_a_clerk_are_refused(alice, firm, sign_in):
    run = sent(alice, [worker_row(1)])
    charlie, clerk = sign_in(world.manager(world.enterprise("别家"))), sign_in(world.manager(firm, "clerk"))
    for name in ADDRESSES:
        url = reverse(name, args=[run.pk])
        assert (charlie.get(url).status_code, clerk.get(url).status_code) == (404, 403)
    for name in DECISIONS:
        url = reverse(name, args=[run.pk])
        assert (charlie.post(url).status_code, clerk.post(url).status_code) == (404, 403)
    assert clerk.post(reverse("enterprise_export"), {"subject": "workers", "form": "csv"}).status_code == 403
    assert ImportRun.objects.get().state == "ready"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_five_queries_however_many_files(alice, count, django_assert_num_queries):
    for _ in range(count):
        sent(alice, [worker_row(1)])
    alice.get(reverse("enterprise_imports"))
    with django_assert_num_queries(5):
        assert len(alice.get(reverse("enterprise_imports")).context["page"]) == count


# exports


def rows_of(response) -> list[list[str]]:
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def export(client, **body):
    return client.post(reverse("enterprise_export"), {"subject": "workers", "form": "csv", **body})


def test_a_masked_table_needs_no_purpose_and_the_log_knows(alice, firm):
    world.worker(firm, "=陈静", id_number=id_number(1))
    world.worker(world.enterprise("别家"), "安娜")
    heading, row = rows_of(export(alice))
    assert heading[:3] == ["姓名", "手机号", "身份证号"]
    assert row[0] == "'=**"
    assert row[2] == f"{id_number(1)[:6]}********{id_number(1)[-4:]}"
    entry = AuditEntry.objects.get(action="export")
    assert (entry.purpose, entry.detail) == ("", {"what": "workers", "rows": 1, "full": False})


def test_full_names_and_numbers_need_a_purpose_which_the_log_keeps(alice, firm):
    worker = world.worker(firm, "=陈静", id_number=id_number(1))
    refused = export(alice, full="on", purpose=" ")
    assert (refused.status_code, list(refused.context["export_form"].errors)) == (422, ["purpose"])
    _heading, row = rows_of(export(alice, full="on", purpose="办理保险"))
    assert row[:3] == ["'=陈静", worker.user.phone, id_number(1)]
    entry = AuditEntry.objects.get(action="export")
    assert (entry.purpose, entry.detail["full"]) == ("办理保险", True)


def test_papers_are_exported_as_a_workbook_with_masked_numbers(alice, firm):
    worker = world.worker(firm, "陈静")
    world.credential(worker, "SK-MY", level=3, number="SK-20260001")
    sheet = book(export(alice, subject="credentials", form="xlsx")).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [line[5] for line in lines if line[3]] == ["****0001"]
    assert {line[0] for line in lines} == {"陈*"}


@pytest.mark.parametrize("count", [1, 3])
def test_an_export_takes_five_queries_however_many_rows(alice, firm, count, django_assert_num_queries):
    for _ in range(count):
        world.worker(firm)
    export(alice)
    with django_assert_num_queries(5):
        assert len(rows_of(export(alice))) == count + 1
