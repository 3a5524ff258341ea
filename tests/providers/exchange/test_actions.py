"""Imports: a whole file or nothing. Alice sends, Li is on file already."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from communities.accounts.models import User, phone_index
from communities.inbox.models import Notification
from homeservice.foundation.models import AuditEntry, Upload
from homeservice.kernel.crypto import blind_index
from homeservice.kernel.errors import DomainError
from providers.bindings.models import Binding
from providers.exchange.actions import (
    check_next,
    drop_import,
    forget_files,
    order_take_over,
    start_import,
    take_over_next,
)
from providers.exchange.models import ImportRun
from providers.exchange.rules import LEASE
from providers.workers.models import Worker
from tests import world
from tests.providers.exchange.files import (
    WORKER_HEADINGS,
    id_number,
    text_file,
    worker_row,
    xlsx,
)
from tests.providers.exchange.runs import faults, on_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


# workers


@pytest.mark.parametrize("form", ["xlsx", "utf-8-sig", "utf-8", "gb18030"])
def test_new_workers_await_their_own_signature_and_have_an_invitation(taken_over, firm, alice, form):
    rows = [worker_row(1), worker_row(2, relation="灵活就业", languages="", community=world.CHASHAN)]
    run = taken_over(xlsx(rows) if form == "xlsx" else text_file(rows, encoding=form))
    assert (run.state, run.rows, run.rows_done, run.rows_new, run.rows_changed, run.rows_same) == (
        "done",
        2,
        2,
        2,
        0,
        0,
    )
    first, second = Worker.objects.order_by("pk")
    assert (first.real_name, first.state, first.enterprise, first.sex, first.birth_date, first.languages) == (
        "王1", "awaiting_authorisation", None, "male" if int(id_number(1)[16]) % 2 else "female", date(1985, 1, 1),
        ["普通话", "粤语"],
    )  # fmt: skip
    assert (first.home_community_id, first.service_radius_m, first.transport, second.languages) == (
        world.CHASHAN, 3000, "ebike", [],
    )  # fmt: skip
    ties = Binding.objects.order_by("pk").values_list("user_id", "state", "proposed_by", "proposer_id", "relation")
    assert list(ties) == [
        (first.user_id, "proposed", "enterprise", alice.pk, "employee"),
        (second.user_id, "proposed", "enterprise", alice.pk, "flexible"),
    ]
    assert Notification.objects.filter(recipient__in=[first.user_id, second.user_id]).count() == 2
    assert first.history.count() == 1
    entered = AuditEntry.objects.filter(action="worker_entered", subject_id=first.pk).get()
    assert entered.detail == {"attested": True, "letter_date": "2026-11-01"}


def test_a_file_with_one_broken_row_enters_nobody(checked, alice):
    run = checked(xlsx([worker_row(1), worker_row(2, id_number="440106198501011234"), worker_row(3)]))
    assert (run.state, run.rows, run.faults_count) == ("faulty", 3, 1)
    assert faults(run) == [(3, "id_number", "id_number_check")]
    with pytest.raises(DomainError) as refused:
        order_take_over(run=run, actor_id=alice.pk, at=world.NOW)
    assert refused.value.code == "import_not_ready"
    assert not take_over_next(at=world.NOW)
    assert (Worker.objects.count(), Binding.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"phone": ""}, "phone", "cell_missing"),
        ({"phone": "12345"}, "phone", "phone_invalid"),
        ({"real_name": "长" * 41}, "real_name", "cell_too_long"),
        ({"id_number": "44010619850101123"}, "id_number", "id_number_form"),
        ({"id_number": 4.4010619850101123e17}, "id_number", "cell_lost_digits"),
        ({"id_number": id_number(1, "20270101")}, "id_number", "id_number_birth"),
        ({"id_number": id_number(1, "20100101")}, "id_number", "worker_too_young"),
        ({"relation": "老板"}, "relation", "cell_not_a_choice"),
        ({"letter_date": ""}, "letter_date", "cell_missing"),
        ({"letter_date": "昨天"}, "letter_date", "cell_not_a_date"),
        ({"letter_date": "2026-11-24"}, "letter_date", "letter_ahead"),
        ({"community": "没有这个社区"}, "community", "community_unknown"),
        ({"community": "440106002999"}, "community", "community_unknown"),
        ({"radius_km": "51"}, "radius_km", "service_radius"),
        ({"radius_km": "很远"}, "radius_km", "cell_not_a_number"),
        ({"languages": "a" * 21}, "languages", "words"),
    ],
)
def test_each_wrong_cell_is_named_by_row_and_column(checked, change, column, code):
    run = checked(xlsx([worker_row(1, **change)]))
    assert faults(run) == [(2, column, code)]


def test_the_same_person_twice_in_a_file_is_named_with_the_row(checked):
    run = checked(xlsx([worker_row(1), worker_row(2), worker_row(3, phone="13700000001", id_number=id_number(2))]))
    assert faults(run) == [(4, "id_number", "twice"), (4, "phone", "twice")]
    assert {fault.params["row"] for fault in run.faults.all()} == {2, 3}


def test_what_is_on_file_is_compared_by_phone_number_name_and_binding(checked, firm):
    other = world.enterprise("别家家政")
    on_file(other, 1)
    on_file(firm, 2)
    on_file(firm, 4)
    left = on_file(None, 6, state="blacklisted")
    rows = [
        worker_row(1),
        worker_row(2, phone="13799999999"),
        worker_row(3, phone="13700000004"),
        worker_row(4, real_name="别名", phone="13700000004"),
        worker_row(6),
    ]
    run = checked(xlsx([rows[0], rows[1], rows[2], rows[4]]))
    assert faults(run) == [
        (2, "id_number", "worker_bound"), (3, "phone", "worker_other_phone"), (4, "phone", "worker_other_person"),
        (5, "id_number", "worker_left"),
    ]  # fmt: skip
    assert faults(checked(xlsx([rows[3]]))) == [(2, "real_name", "worker_other_name")]
    assert left.user.bindings.count() == 0


def test_own_workers_are_changed_where_the_row_says_more_and_nothing_is_emptied(taken_over, firm):
    on_file(firm, 1)
    on_file(firm, 2, languages=["客家话"], skills=["收纳"])
    run = taken_over(xlsx([worker_row(1), worker_row(2, radius_km="8", languages="", transport="公共交通")]))
    assert (run.rows_new, run.rows_changed, run.rows_same) == (0, 1, 1)
    changed = Worker.objects.get(id_number_index=blind_index(id_number(2), purpose="id_number"))
    assert (changed.service_radius_m, changed.transport, changed.languages, changed.skills) == (
        8000,
        "transit",
        ["客家话"],
        ["收纳"],
    )
    assert (changed.history.count(), Binding.objects.filter(state="proposed").count()) == (2, 0)


def test_a_known_person_without_an_enterprise_is_invited_and_nothing_of_theirs_changed(taken_over):
    worker = on_file(None, 1, service_radius_m=9000)
    run = taken_over(xlsx([worker_row(1)]))
    worker.refresh_from_db()
    assert (run.rows_new, worker.service_radius_m, Worker.objects.count()) == (1, 9000, 1)
    assert worker.user.bindings.get().state == "proposed"


def test_sending_the_same_file_again_is_a_fault_and_no_second_invitation(taken_over, checked):
    taken_over(xlsx([worker_row(1)]))
    assert faults(checked(xlsx([worker_row(1)]))) == [(2, "phone", "binding_open")]
    assert Binding.objects.count() == 1


def test_what_has_changed_since_the_check_is_found_before_anything_is_written(checked, alice, firm):
    run = checked(xlsx([worker_row(1), worker_row(2)]))
    on_file(world.enterprise("别家"), 2)
    order_take_over(run=run, actor_id=alice.pk, at=world.NOW)
    assert take_over_next(at=world.NOW)
    run.refresh_from_db()
    assert (run.state, faults(run)) == ("faulty", [(3, "id_number", "worker_bound")])
    assert not User.objects.filter(phone_index=phone_index("13700000001")).exists()
    assert Binding.objects.filter(enterprise=firm).count() == 0


# files


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (lambda: xlsx([]), "file_empty"),
        (lambda: xlsx([[""] * 12, [None] * 12]), "file_empty"),
        (lambda: SimpleUploadedFile("x.xlsx", b"PK\x03\x04 no workbook"), "file_unreadable"),
        (lambda: xlsx([worker_row(1)[:11]], WORKER_HEADINGS[1:]), "column_missing"),
        (lambda: xlsx([[*worker_row(1), "x"]], [*WORKER_HEADINGS, "血型"]), "column_unknown"),
    ],
)
def test_a_file_that_is_no_filled_template_is_told_so(checked, file, code):
    run = checked(file())
    assert run.state == "faulty"
    assert {fault[2] for fault in faults(run)} == {code}


def test_more_rows_than_allowed_are_refused(checked, monkeypatch):
    monkeypatch.setattr("providers.exchange.sheets.MOST_ROWS", 2)
    assert faults(checked(xlsx([worker_row(n) for n in range(3)]))) == [(1, "", "file_too_long")]


def test_headings_are_known_in_both_languages_and_in_any_order(checked):
    row = worker_row(1)
    english = ["Full name", "Mobile number *", *WORKER_HEADINGS[2:]]
    assert checked(xlsx([[row[1], row[0], *row[2:]]], english)).state == "ready"


def test_a_file_of_another_type_is_refused_at_once(send):
    with pytest.raises(DomainError) as refused:
        send(SimpleUploadedFile("x.png", b"\x89PNG\r\n\x1a\n"))
    assert (refused.value.code, refused.value.field) == ("upload_type", "file")


def test_without_the_attestation_nothing_is_kept(firm, alice):
    with pytest.raises(DomainError) as refused:
        start_import(
            enterprise=firm,
            subject="workers",
            file=xlsx([worker_row(1)]),
            attested=False,
            actor_id=alice.pk,
            at=world.NOW,
        )
    assert (refused.value.code, Upload.objects.count()) == ("authorisation_missing", 0)


def test_a_fourth_file_waits_for_the_others(send):
    for _ in range(3):
        send(xlsx([worker_row(1)]))
    with pytest.raises(DomainError) as refused:
        send(xlsx([worker_row(1)]))
    assert refused.value.code == "imports_open"


# its life


def test_a_run_that_somebody_works_on_is_left_alone_until_its_lease_ends(send):
    run = send(xlsx([worker_row(1)]))
    ImportRun.objects.filter(pk=run.pk).update(due_at=world.NOW + LEASE)
    assert not check_next(at=world.NOW)
    assert check_next(at=world.NOW + LEASE)


def test_a_dropped_file_is_deleted_and_never_entered(checked, alice, django_capture_on_commit_callbacks):
    run = checked(xlsx([worker_row(1)]))
    key = run.file.storage_key
    with django_capture_on_commit_callbacks(execute=True):
        drop_import(run=run, actor_id=alice.pk, at=world.NOW)
    run.refresh_from_db()
    assert (run.state, default_storage.exists(key)) == ("dropped", False)
    with pytest.raises(DomainError):
        order_take_over(run=run, actor_id=alice.pk, at=world.NOW)
    with pytest.raises(DomainError) as refused:
        drop_import(run=run, actor_id=alice.pk, at=world.NOW)
    assert refused.value.code == "import_not_open"


def test_files_go_after_thirty_days_and_their_reports_stay(checked, django_capture_on_commit_callbacks):
    run = checked(xlsx([worker_row(1, phone="1")]))
    key = run.file.storage_key
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_files(at=world.NOW + timedelta(days=29)) == 0
        assert forget_files(at=world.NOW + timedelta(days=30)) == 1
        assert forget_files(at=world.NOW + timedelta(days=31)) == 0
    assert not default_storage.exists(key)
    assert run.faults.count() == 1
    assert Upload.objects.get().file_name == ""


def test_a_file_that_was_deleted_before_it_was_taken_over_says_so(checked, alice):
    run = checked(xlsx([worker_row(1)]))
    forget_files(at=world.NOW + timedelta(days=30))
    order_take_over(run=run, actor_id=alice.pk, at=world.NOW)
    take_over_next(at=world.NOW)
    run.refresh_from_db()
    assert (run.state, faults(run)) == ("faulty", [(1, "", "file_gone")])


@pytest.mark.parametrize("count", [1, 30])
def test_a_check_takes_thirteen_queries_however_many_rows(send, count, django_assert_num_queries):
    send(xlsx([worker_row(n) for n in range(count)]))
    with django_assert_num_queries(13):
        check_next(at=world.NOW)


def test_a_log_and_a_message_hold_nobodys_number(taken_over):
    taken_over(xlsx([worker_row(1)]))
    told = str(list(AuditEntry.objects.values("detail", "purpose"))) + str(list(Notification.objects.values("params")))
    assert id_number(1) not in told
    assert "13700000001" not in told


@pytest.mark.parametrize("state", ["exited", "blacklisted"])
def test_an_enterprise_that_left_invites_nobody_by_a_file_either(send, firm, alice, state):
    run = send(xlsx([worker_row(1)]))
    check_next(at=world.NOW)
    firm.state = state
    firm.save()
    for act in (lambda: order_take_over(run=run, actor_id=alice.pk, at=world.NOW), lambda: send(xlsx([worker_row(2)]))):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "enterprise_gone"
    assert (Worker.objects.count(), Binding.objects.count(), ImportRun.objects.count()) == (0, 0, 1)


def test_a_file_without_a_heading_leaves_no_number_of_anybody_in_its_report(checked):
    row = worker_row(1)
    run = checked(text_file([row], row))
    kept = str(list(run.faults.values("params", "message")))
    assert "13700000001" not in kept
    assert row[2] not in kept
