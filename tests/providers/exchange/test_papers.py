"""Imports of papers: handed in as a whole file, and never verified by it."""

from datetime import date

import pytest

from homeservice.foundation.models import AuditEntry
from providers.credentials.models import Credential, CredentialType
from tests import world
from tests.providers.exchange.files import (
    PAPER_HEADINGS,
    id_number,
    paper_row,
    paper_types,
    worker_row,
    xlsx,
)
from tests.providers.exchange.runs import faults, on_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def test_papers_are_handed_in_and_never_verified(taken_over, firm, alice):
    paper_types()
    li, wang = on_file(firm, 1), on_file(firm, 2)
    rows = [
        paper_row(id_number(1)),
        paper_row(wang.user.phone, "A-2", code="母婴护理员", level="三级", valid_until="2030-12-31"),
    ]
    run = taken_over(xlsx(rows, PAPER_HEADINGS), "credentials")
    assert (run.state, run.rows_new) == ("done", 2)
    found = Credential.objects.exclude(code="ID").order_by("pk")
    assert list(found.values_list("worker_id", "code", "level", "state", "valid_until", "submitted_by_id")) == [
        (li.pk, "TR0", None, "submitted", None, alice.pk),
        (wang.pk, "SK-MY", 3, "submitted", date(2030, 12, 31), alice.pk),
    ]
    assert [paper.number for paper in found] == ["A-1", "A-2"]
    li.refresh_from_db()
    assert li.papers_changed_at == world.NOW
    assert AuditEntry.objects.filter(action="credential_submitted").count() == 2


def test_workers_entered_by_a_file_have_their_papers_in_the_next(taken_over):
    paper_types()
    taken_over(xlsx([worker_row(1)]))
    assert taken_over(xlsx([paper_row(id_number(1))], PAPER_HEADINGS), "credentials").state == "done"


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"holder": "13700000099"}, "holder", "not_your_worker"),
        ({"code": "营业执照"}, "code", "cell_not_a_choice"),
        ({"code": "SK-MY"}, "level", "credential_level"),
        ({"code": "SK-MY", "level": "1"}, "level", "credential_level"),
        ({"level": "3"}, "level", "credential_level"),
        ({"valid_from": "2026-12-01"}, "valid_from", "credential_not_yet"),
        ({"valid_until": "2026-11-22"}, "valid_until", "credential_lapsed"),
        ({"valid_until": "2025-11-22"}, "valid_until", "credential_validity_backwards"),
    ],
)
def test_each_wrong_cell_of_a_paper_is_named(checked, firm, change, column, code):
    paper_types()
    on_file(firm, 1)
    assert faults(checked(xlsx([paper_row(**{"holder": id_number(1), **change})], PAPER_HEADINGS), "credentials")) == [
        (2, column, code)
    ]


def test_a_kind_of_paper_that_the_platform_has_not_loaded_is_refused(checked, firm):
    on_file(firm, 1)
    CredentialType.objects.filter(pk="CARD").delete()
    run = checked(xlsx([paper_row(id_number(1), code="CARD")], PAPER_HEADINGS), "credentials")
    assert faults(run) == [(2, "code", "credential_unknown")]


def test_another_enterprises_worker_gets_no_papers_from_here(checked):
    paper_types()
    on_file(world.enterprise("别家"), 1)
    assert faults(checked(xlsx([paper_row(id_number(1))], PAPER_HEADINGS), "credentials")) == [
        (2, "holder", "not_your_worker")
    ]


def test_papers_that_are_on_file_change_nothing_and_another_holders_are_faults(taken_over, checked, firm):
    paper_types()
    on_file(firm, 1)
    on_file(firm, 2)
    rows = [paper_row(id_number(1), "A-1")]
    taken_over(xlsx(rows, PAPER_HEADINGS), "credentials")
    again = checked(
        xlsx([*rows, paper_row(id_number(1), "A-2"), paper_row(id_number(2), "A-2")], PAPER_HEADINGS), "credentials"
    )
    assert faults(again) == [(4, "number", "twice")]
    assert (again.rows_same, again.rows_new) == (1, 1)
    assert faults(checked(xlsx([paper_row(id_number(2), "A-1")], PAPER_HEADINGS), "credentials")) == [
        (2, "number", "credential_twice")
    ]
