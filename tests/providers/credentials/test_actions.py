"""Papers handed in and decided on, and workers bound to kinds."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from communities.inbox.models import Notification
from homeservice.foundation.models import AuditEntry, Upload
from homeservice.kernel.errors import DomainError
from providers.credentials.actions import (
    bind_worker_to_kind,
    decide_credential,
    issue_credential,
    renew_credential,
    submit_credential,
    unbind_worker_from_kind,
)
from providers.credentials.models import Credential, CredentialType
from providers.credentials.queries import assess, gaps_of, spoken_papers
from providers.credentials.rules import ORDINARY
from providers.credentials.verifying import verify_scans
from tests import world

pytestmark = pytest.mark.django_db
TODAY = world.MONDAY


@pytest.fixture
def alice():
    """She manages the enterprise and hands papers in."""
    return world.user("爱丽丝")


@pytest.fixture
def office():
    """林主任 checks papers."""
    return world.user("林主任")


@pytest.fixture
def worker():
    return world.worker(world.enterprise())


def submit(holder, by, **fields) -> Credential:
    values = {
        "code": "HX", "level": 2, "issuer": " 天河区疾控中心 ", "number": " TH-1 ", "valid_from": date(2026, 11, 1),
        "valid_until": None, "scan": None, "actor_id": by.pk, "at": world.NOW,
    }  # fmt: skip
    return submit_credential(holder=holder, **{**values, **fields})


def decide(paper, state, by, **fields) -> None:
    values = {"reason": "", "method": "register", "actor_id": by.pk, "at": world.NOW}
    decide_credential(credential=paper, state=state, **{**values, **fields})


def renew(paper, by, **fields) -> Credential:
    values = {"valid_from": TODAY, "valid_until": date(2027, 11, 22), "scan": None, "actor_id": by.pk, "at": world.NOW}
    return renew_credential(credential=paper, **{**values, **fields})


def scan_of(worker) -> Upload:
    return Upload.objects.create(
        owner_id=worker.user_id, purpose="credential", file_name="scan.png", content_type="image/png", size_bytes=1,
        sha256="0" * 64, storage_key="credential/2026/11/scan.png", created_at=world.NOW,
    )  # fmt: skip


def log(paper) -> list[tuple[str, int, str, str]]:
    rows = AuditEntry.objects.filter(subject_id=str(paper.pk), action__startswith="credential_").order_by("pk")
    return [(row.action, row.actor_id, row.detail["method"], row.purpose) for row in rows]


def states(*papers) -> list[str]:
    return [Credential.objects.get(pk=paper.pk).state for paper in papers]


# handed in


def test_a_paper_counts_only_once_it_is_verified(worker, alice, office):
    world.requirement("HX", any_of=[{"code": "HX", "level": 1}])
    item = world.item()
    paper = submit(worker, alice)
    assert assess(worker.pk, item, ORDINARY, TODAY).verdict == "block"
    decide(paper, "verified", office)
    assert assess(worker.pk, item, ORDINARY, TODAY).verdict == "allow"
    paper.refresh_from_db()
    assert (paper.submitted_by, paper.submitted_at, paper.decided_by, paper.decided_at, paper.method) == (
        alice, world.NOW, office, world.NOW, "register",
    )  # fmt: skip
    assert log(paper) == [
        ("credential_submitted", alice.pk, "", ""), ("credential_verified", office.pk, "register", ""),
    ]  # fmt: skip


def test_an_exam_without_an_end_holds_a_year(worker, alice):
    paper = submit(worker, alice)
    assert (paper.valid_until, paper.issuer, paper.number) == (date(2027, 10, 31), "天河区疾控中心", "TH-1")


def test_the_same_number_of_the_same_issuer_is_refused_even_for_somebody_else(worker, alice):
    submit(worker, alice)
    with pytest.raises(DomainError) as refused:
        submit(world.worker(worker.enterprise), alice)
    assert (refused.value.code, refused.value.field) == ("credential_twice", "number")
    assert Credential.objects.filter(code="HX").count() == 1


def test_a_refused_paper_may_be_handed_in_again_and_a_revoked_one_not(worker, alice, office):
    decide(submit(worker, alice), "refused", office, reason="印章不清")
    again = submit(worker, alice)
    decide(again, "verified", office)
    decide(again, "revoked", office, reason="伪造")
    with pytest.raises(DomainError) as refused:
        submit(worker, alice)
    assert refused.value.code == "credential_twice"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"code": "O-FD", "level": None, "number": "JY14401060000001"}, "credential_wrong_holder", "code"),
        ({"code": "ZZ"}, "credential_unknown", "code"),
        ({"level": None}, "credential_level", "level"),
        ({"level": 5}, "credential_level", "level"),
        ({"code": "SK-JW", "level": 1}, "credential_level", "level"),
        ({"code": "TR0", "level": 3}, "credential_level", "level"),
        ({"issuer": " "}, "issuer_missing", "issuer"),
        ({"issuer": "发" * 81}, "issuer_too_long", "issuer"),
        ({"number": " "}, "credential_number_missing", "number"),
        ({"code": "LIC-D", "level": None, "number": "12345"}, "credential_number", "number"),
        ({"code": "ID", "level": None, "number": "44010619900101001"}, "id_number_form", "number"),
        ({"code": "ID", "level": None, "number": "440106199001010010"}, "id_number_check", "number"),
        ({"code": "ID", "level": None, "number": "440106202701010018"}, "id_number_birth", "number"),
        ({"code": "INS", "level": None}, "credential_end_missing", "valid_until"),
        ({"valid_from": date(2026, 11, 24)}, "credential_not_yet", "valid_from"),
        ({"valid_until": date(2026, 10, 31)}, "credential_validity_backwards", "valid_until"),
        ({"valid_from": date(2025, 1, 1), "valid_until": date(2026, 11, 22)}, "credential_lapsed", "valid_until"),
        ({"valid_from": date(2025, 11, 23)}, "credential_lapsed", "valid_until"),
    ],
)
def test_a_wrong_paper_is_refused_at_its_field(worker, alice, changes, code, field):
    with pytest.raises(DomainError) as refused:
        submit(worker, alice, **changes)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_scan_that_is_no_picture_is_refused_and_nothing_kept(worker, alice):
    bad = SimpleUploadedFile("scan.png", b"not a picture\0", content_type="image/png")
    with pytest.raises(DomainError) as refused:
        submit(worker, alice, scan=bad)
    assert refused.value.code == "upload_type"
    assert (Upload.objects.count(), Credential.objects.filter(code="HX").count()) == (0, 0)


def test_of_a_record_check_no_scan_is_kept(worker, alice):
    with pytest.raises(DomainError) as refused:
        submit(worker, alice, code="BG2", level=None, scan=SimpleUploadedFile("record.png", b"x"))
    assert (refused.value.code, refused.value.field, Upload.objects.count()) == ("credential_scan_unwanted", "scan", 0)
    paper = submit(worker, alice, code="BG2", level=None)
    assert (paper.valid_until, paper.scan) == (date(2027, 10, 31), None)


def test_an_enterprise_hands_in_its_licences_and_no_skills(alice):
    firm = world.enterprise()
    licence = submit(firm, alice, code="O-HR", level=None)
    assert (licence.enterprise, licence.worker) == (firm, None)
    firm.refresh_from_db()
    assert firm.papers_changed_at == world.NOW
    with pytest.raises(DomainError) as refused:
        submit(firm, alice)
    assert refused.value.code == "credential_wrong_holder"


def test_the_database_refuses_a_level_that_the_occupation_lacks(worker, alice):
    with pytest.raises(IntegrityError, match="credential_level_of_its_code"), transaction.atomic():
        world.credential(worker, "SK-JW", level=1)
    paper = world.credential(worker, "SK-JW", level=2)
    with pytest.raises(IntegrityError, match="credential_level_of_its_code"), transaction.atomic():
        Credential.objects.filter(pk=paper.pk).update(level=1)
    CredentialType.objects.filter(pk="SK-JW").update(levels=[5, 4, 3, 2, 1])
    assert world.credential(worker, "SK-JW", level=1).level == 1


# decided on


def test_a_paper_is_decided_on_once_and_refused_with_words(worker, alice, office):
    paper = submit(worker, alice)
    with pytest.raises(DomainError) as wordless:
        decide(paper, "refused", office, reason=" ")
    decide(paper, "refused", office, reason="印章不清")
    with pytest.raises(DomainError) as late:
        decide(paper, "verified", office)
    paper.refresh_from_db()
    assert (wordless.value.code, late.value.code) == ("credential_reason_needed", "credential_decided")
    assert (paper.state, paper.reason) == ("refused", "印章不清")


@pytest.mark.parametrize("method", ["", "guess", "scan"])
def test_who_verifies_says_how_and_compares_no_scan_that_is_not_there(worker, alice, office, method):
    paper = submit(worker, alice)
    with pytest.raises(DomainError) as refused:
        decide(paper, "verified", office, method=method)
    assert (refused.value.code, refused.value.field) == ("credential_method_missing", "method")
    assert states(paper) == ["submitted"]


def test_a_refusal_and_a_revocation_are_told_to_the_worker_and_those_who_staff(worker, alice, office):
    legal = world.manager(worker.enterprise)
    world.manager(worker.enterprise, rights="clerk")
    decide(submit(worker, alice), "refused", office, reason="印章不清")
    told = Notification.objects.order_by("recipient_id").values_list("recipient_id", "url_name")
    assert list(told) == [(worker.user_id, "credential_history"), (legal.pk, "credential_history")]


def test_each_step_marks_the_workers_papers_as_changed(worker, alice, office):
    paper = submit(worker, alice)
    later = world.NOW + timedelta(hours=1)
    decide(paper, "verified", office, at=later)
    worker.refresh_from_db()
    assert worker.papers_changed_at == later


def test_a_paper_that_the_platform_issues_counts_at_once(worker, office):
    world.requirement("TR0")
    paper = issue_credential(
        holder=worker, code="TR0", issuer="天河区家政培训中心", number="P-1", valid_from=TODAY, actor_id=office.pk, at=world.NOW
    )  # fmt: skip
    assert (paper.state, paper.method, paper.decided_by) == ("verified", "issued_here", office)
    assert assess(worker.pk, world.item(), ORDINARY, TODAY).verdict == "allow"
    assert log(paper) == [("credential_issued", office.pk, "issued_here", "")]
    with pytest.raises(DomainError) as twice:
        issue_credential(
            holder=worker, code="TR0", issuer="天河区家政培训中心", number="P-1", valid_from=TODAY, actor_id=None,
            at=world.NOW,
        )  # fmt: skip
    assert twice.value.code == "credential_twice"


# renewed


@pytest.fixture
def exam(worker):
    """It ends in a week."""
    return world.credential(
        worker, "HX", level=2, valid_from=date(2025, 12, 1), valid_until=date(2026, 11, 30), number="TH-1"
    )


def test_a_renewal_carries_on_the_paper_without_a_gap(worker, exam, alice, office):
    world.requirement("HX", any_of=[{"code": "HX", "level": 1}])
    item, last = world.item(), date(2026, 11, 30)
    renewal = renew(exam, alice, valid_from=date(2026, 12, 1), valid_until=None)

    def allowed() -> list[str]:
        return [assess(worker.pk, item, ORDINARY, last + timedelta(days=n)).verdict for n in (0, 1, 365, 366)]

    assert (renewal.number, renewal.number_index, renewal.level, renewal.renews) == ("TH-1", exam.number_index, 2, exam)
    assert allowed() == ["allow", "block", "block", "block"]
    decide(renewal, "verified", office)
    assert states(exam, renewal) == ["superseded", "verified"]
    assert allowed() == ["allow", "allow", "allow", "block"]


def test_a_paper_is_renewed_once_unless_its_renewal_was_refused(exam, alice, office):
    first = renew(exam, alice)
    with pytest.raises(DomainError) as twice:
        renew(exam, alice)
    decide(first, "refused", office, reason="照片不清")
    second = renew(exam, alice)
    decide(second, "verified", office)
    with pytest.raises(DomainError) as superseded:
        renew(exam, alice)
    third = renew(second, alice, valid_until=date(2027, 12, 31))
    decide(third, "verified", office)
    assert (twice.value.code, superseded.value.code) == ("credential_renewed", "credential_not_renewable")
    assert states(exam, first, second, third) == ["superseded", "refused", "superseded", "verified"]


def test_revoking_a_renewed_paper_takes_those_before_it_along(worker, exam, alice, office):
    renewal = renew(exam, alice)
    decide(renewal, "verified", office)
    decide(renewal, "revoked", office, reason="伪造")
    assert states(exam, renewal) == ["revoked", "revoked"]


def test_the_renewal_of_a_revoked_paper_cannot_be_verified(worker, exam, alice, office):
    renewal = renew(exam, alice)
    decide(exam, "revoked", office, reason="伪造")
    with pytest.raises(DomainError) as refused:
        decide(renewal, "verified", office)
    Credential.objects.filter(pk=renewal.pk).update(scan=scan_of(worker))
    with pytest.raises(DomainError) as in_bulk:
        verify_scans(paper_ids=[renewal.pk], actor_id=office.pk, at=world.NOW)
    assert {refused.value.code, in_bulk.value.code} == {"credential_renews_revoked"}
    assert states(renewal) == ["submitted"]


def test_many_scans_are_verified_at_once_and_renewals_supersede_as_one_by_one(worker, exam, alice, office):
    renewal, other = renew(exam, alice), submit(worker, alice, code="FA", level=None, number="FA-1")
    Credential.objects.filter(pk__in=[renewal.pk, other.pk]).update(scan=scan_of(worker))
    verify_scans(paper_ids=[renewal.pk, other.pk], actor_id=office.pk, at=world.NOW)
    assert states(exam, renewal, other) == ["superseded", "verified", "verified"]
    assert log(other)[-1] == ("credential_verified", office.pk, "checks", "")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_until": date(2026, 11, 30)}, "credential_renewal_not_longer"),
        ({"valid_from": date(2026, 12, 2)}, "credential_not_yet"),
        ({"valid_from": date(2027, 11, 23)}, "credential_not_yet"),
    ],
)
def test_a_renewal_that_renews_nothing_is_refused(exam, alice, changes, code):
    with pytest.raises(DomainError) as refused:
        renew(exam, alice, **changes)
    assert refused.value.code == code


def test_a_paper_without_an_end_or_not_yet_verified_is_not_renewed(worker, alice):
    for paper in (world.credential(worker, "TR0"), submit(worker, alice)):
        with pytest.raises(DomainError) as refused:
            renew(paper, alice)
        assert refused.value.code == "credential_not_renewable"


# bound and read


def test_a_worker_is_bound_through_the_gate_only():
    world.requirement("TR0", kind_code="elder_care")
    elders, worker = world.kind("elder_care"), world.worker(world.enterprise(), kinds=())
    with pytest.raises(DomainError) as refused:
        bind_worker_to_kind(worker=worker, kind=elders, at=world.NOW)
    assert (refused.value.code, [one.reason_code for one in refused.value.facts["findings"]]) == (
        "gate_blocks", ["needs_tr0"],
    )  # fmt: skip
    world.credential(worker, "TR0")
    bind_worker_to_kind(worker=worker, kind=elders, at=world.NOW)
    bind_worker_to_kind(worker=worker, kind=elders, at=world.NOW)
    assert list(worker.kinds.values_list("kind_id", flat=True)) == ["elder_care"]
    unbind_worker_from_kind(worker=worker, kind=elders, at=world.NOW)
    assert worker.kinds.count() == 0


def test_the_code_is_due_anew_once_a_worker_is_bound_and_once_the_kind_is_taken_away():
    elders, worker = world.kind("elder_care"), world.worker(world.enterprise(), kinds=())
    bind_worker_to_kind(worker=worker, kind=elders, at=world.NOW)
    worker.refresh_from_db()
    assert worker.papers_changed_at == world.NOW
    later = world.NOW + timedelta(hours=1)
    bind_worker_to_kind(worker=worker, kind=elders, at=later)
    worker.refresh_from_db()
    assert worker.papers_changed_at == world.NOW
    unbind_worker_from_kind(worker=worker, kind=elders, at=later)
    worker.refresh_from_db()
    assert worker.papers_changed_at == later


def test_gaps_are_what_blocks_now_and_what_will_within_thirty_days(django_assert_num_queries):
    for code in ("ID", "TR0", "HX"):
        world.requirement(code)
    firm = world.enterprise()
    worker, unbound = world.worker(firm), world.worker(firm, kinds=())
    world.credential(worker, "HX", valid_until=date(2026, 12, 10))
    with django_assert_num_queries(4):
        gaps = gaps_of([worker.pk, unbound.pk], TODAY)
    assert [one.reason_code for one in gaps[worker.pk].blocking] == ["needs_tr0"]
    assert [(one.reason_code, one.since) for one in gaps[worker.pk].coming] == [("needs_hx", date(2026, 12, 11))]
    assert (gaps[unbound.pk].blocking, gaps[unbound.pk].coming) == ((), ())


def test_residents_hear_of_papers_in_plain_words_without_numbers(django_assert_num_queries):
    worker = world.worker(world.enterprise())
    world.credential(worker, "SK-YL", level=3)
    world.credential(worker, "TR0", valid_until=date(2026, 11, 22))
    world.credential(worker, "BG1", state="submitted")
    with django_assert_num_queries(1):
        spoken = spoken_papers([worker.pk], TODAY)
    assert spoken == {worker.pk: ["已实名认证", "养老护理员 · 三级（高级）"]}


def test_a_papers_number_is_encrypted_at_rest_and_in_its_history_and_shown_masked():
    paper = world.credential(world.worker(world.enterprise()), "ID", number="440199199001010017")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM providers_credential UNION ALL SELECT number FROM providers_historicalcredential"
        )
        stored = [bytes(number) for (number,) in cursor.fetchall()]
    assert len(stored) == 4  # beside it the paper that every worker of these tests has
    assert all(b"440199199001010017" not in number for number in stored)
    assert (str(paper), paper.masked_number) == ("ID ****0017", "****0017")
