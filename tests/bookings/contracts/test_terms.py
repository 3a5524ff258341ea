from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from bookings.contracts.actions import publish_terms
from bookings.contracts.models import Terms
from bookings.contracts.queries import terms_in_force
from bookings.contracts.rules import blocks_of, fingerprint
from homeservice.kernel.errors import DomainError

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2026, 1, 1)


def published(version: str = "2026-1", text_zh: str = "条款", valid_from: date = NEW_YEAR) -> Terms:
    return publish_terms(version=version, text_zh=text_zh, text_en="Terms", valid_from=valid_from)


def test_loading_the_terms_twice_keeps_one_row_with_the_hash_of_its_texts() -> None:
    call_command("load_terms", stdout=StringIO())
    call_command("load_terms", stdout=StringIO())
    terms = Terms.objects.get()
    assert terms.version == "2026-1"
    assert terms.sha256 == fingerprint(terms.text_zh, terms.text_en)


def test_both_languages_of_the_loaded_terms_have_the_same_structure() -> None:
    call_command("load_terms", stdout=StringIO())
    terms = Terms.objects.get()
    shapes = [[(block.kind, len(block.lines)) for block in blocks_of(text)] for text in (terms.text_zh, terms.text_en)]
    assert shapes[0] == shapes[1]
    for channel in ("12345", "12315"):
        assert channel in terms.text_zh
        assert channel in terms.text_en


def test_another_text_for_a_known_version_is_refused() -> None:
    published()
    with pytest.raises(DomainError) as refusal:
        published(text_zh="改过的条款")
    assert refusal.value.code == "terms_text_changed"
    assert Terms.objects.get().text_zh == "条款"


def test_another_first_day_for_a_known_version_is_refused() -> None:
    published()
    with pytest.raises(DomainError):
        published(valid_from=date(2026, 2, 1))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE bookings_terms SET text_zh = 'x'", "UPDATE bookings_terms SET sha256 = 'x'", "DELETE FROM bookings_terms"],
)
def test_the_database_itself_refuses_to_change_terms(statement: str) -> None:
    published()
    with pytest.raises(IntegrityError, match="publish a new version"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Terms.objects.get().text_zh == "条款"


def test_the_newest_version_whose_day_has_come_is_in_force() -> None:
    first, second = published(), published("2026-2", valid_from=date(2026, 7, 1))
    assert terms_in_force(on_date=date(2026, 6, 30)) == first
    assert terms_in_force(on_date=date(2026, 7, 1)) == second


def test_without_any_terms_in_force_it_says_so_loudly() -> None:
    published()
    with pytest.raises(Terms.DoesNotExist):
        terms_in_force(on_date=date(2025, 12, 31))


def test_anyone_reads_a_version_in_their_language(client: Client) -> None:
    publish_terms(
        version="2026-1", text_zh="# 订单条款\n\n**先服务**", text_en="# Order terms\n\nText", valid_from=NEW_YEAR
    )
    chinese = client.get("/terms/2026-1/")
    assert "<strong>先服务</strong>" in chinese.content.decode()
    client.cookies["language"] = "en"
    assert "Order terms" in client.get("/terms/2026-1/").content.decode()


def test_an_unknown_version_is_not_found(client: Client) -> None:
    assert client.get("/terms/1999-1/").status_code == 404
