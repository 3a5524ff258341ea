"""Papers handed in and decided on, and workers bound to kinds."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from homeservice.foundation.models import AuditEntry, Upload
from homeservice.kernel.errors import DomainError
from providers.credentials.actions import (
    bind_worker_to_kind,
    decide_credential,
    submit_credential,
    unbind_worker_from_kind,
)
from providers.credentials.models import Credential
from providers.credentials.papers import levels_of, why_not_paper
from providers.credentials.queries import findings_for, gaps_of, spoken_papers
from tests import world

pytestmark = pytest.mark.django_db
TODAY = world.MONDAY


def submit(holder, **fields) -> Credential:
    values = {
        "code": "HX", "level": 2, "issuer": " 天河区疾控中心 ", "number": " TH-1 ", "valid_from": date(2026, 11, 1),
        "valid_until": None, "scan": None, "actor_id": 1, "at": world.NOW,
    }  # fmt: skip
    return submit_credential(holder=holder, **{**values, **fields})


def test_a_paper_counts_only_once_it_is_verified():
    world.requirement("HX", any_of=[{"code": "HX", "level": 1}])
    worker, item = world.worker(world.enterprise()), world.item()
    paper = submit(worker)
    assert findings_for(worker.pk, item, TODAY).verdict == "block"
    decide_credential(credential=paper, state="verified", reason="", actor_id=7, at=world.NOW)
    assert findings_for(worker.pk, item, TODAY).verdict == "allow"
    assert AuditEntry.objects.values_list("action", "actor_id").get() == ("credential_verified", 7)


def test_an_exam_without_an_end_holds_a_year():
    paper = submit(world.worker(world.enterprise()))
    assert (paper.valid_until, paper.issuer, paper.number) == (date(2027, 10, 31), "天河区疾控中心", "TH-1")


def test_the_same_number_of_the_same_issuer_is_refused_even_for_somebody_else():
    firm = world.enterprise()
    submit(world.worker(firm))
    with pytest.raises(DomainError) as refused:
        submit(world.worker(firm))
    assert (refused.value.code, refused.value.field) == ("credential_twice", "number")
    assert Credential.objects.filter(code="HX").count() == 1


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"code": "O-FD", "level": None}, "credential_wrong_holder", "code"),
        ({"level": None}, "credential_level", "level"),
        ({"level": 5}, "credential_level", "level"),
        ({"code": "SK-JW", "level": 1}, "credential_level", "level"),
        ({"code": "TR0", "level": 3}, "credential_level", "level"),
        ({"valid_from": date(2026, 11, 24)}, "credential_not_yet", "valid_from"),
        ({"valid_until": date(2026, 10, 31)}, "credential_validity_backwards", "valid_until"),
        ({"valid_from": date(2025, 1, 1), "valid_until": date(2026, 11, 22)}, "credential_lapsed", "valid_until"),
    ],
)
def test_a_wrong_paper_is_refused_at_its_field(changes, code, field):
    with pytest.raises(DomainError) as refused:
        submit(world.worker(world.enterprise()), **changes)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_scan_that_is_no_picture_is_refused_and_nothing_kept():
    bad = SimpleUploadedFile("scan.png", b"not a picture", content_type="image/png")
    with pytest.raises(DomainError) as refused:
        submit(world.worker(world.enterprise()), scan=bad)
    assert refused.value.code == "upload_type"
    assert (Upload.objects.count(), Credential.objects.filter(code="HX").count()) == (0, 0)


def test_an_enterprise_hands_in_its_licences_and_no_skills():
    firm = world.enterprise()
    assert submit(firm, code="O-FD", level=None).enterprise == firm
    refusal = why_not_paper("HX", 1, TODAY, None, of_enterprise=True, today=TODAY)
    assert refusal is not None
    assert refusal.code == "credential_wrong_holder"


def test_levels_are_those_of_the_occupation():
    assert (levels_of("SK-JW"), levels_of("SK-YD"), levels_of("HX"), levels_of("ID")) == (
        (5, 4, 3, 2), (4, 3, 2, 1), (1, 2, 3, 4), (),
    )  # fmt: skip


def test_a_paper_is_decided_on_once_and_refused_with_words():
    paper = submit(world.worker(world.enterprise()))
    with pytest.raises(DomainError) as wordless:
        decide_credential(credential=paper, state="refused", reason=" ", actor_id=7, at=world.NOW)
    decide_credential(credential=paper, state="refused", reason="印章不清", actor_id=7, at=world.NOW)
    with pytest.raises(DomainError) as late:
        decide_credential(credential=paper, state="verified", reason="", actor_id=7, at=world.NOW)
    paper.refresh_from_db()
    assert (wordless.value.code, late.value.code) == ("credential_reason_needed", "credential_decided")
    assert (paper.state, paper.reason) == ("refused", "印章不清")


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
    unbind_worker_from_kind(worker=worker, kind=elders)
    assert worker.kinds.count() == 0


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
