"""The types of papers as they are shipped: sound, complete, loaded twice without a change, never by half."""

import copy
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import CredentialCode
from providers.catalogue.actions import Loaded
from providers.credentials.loading import load_credential_types
from providers.credentials.models import CredentialType
from providers.credentials.table import type_faults
from providers.management.commands.load_catalogue import CREDENTIAL_TYPES

DOCUMENT = json.loads(CREDENTIAL_TYPES.read_text(encoding="utf-8"))
TYPES = {row["code"]: row for row in DOCUMENT["types"]}


def broken(code: str, /, **changes: Any) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    next(row for row in document["types"] if row["code"] == code).update(changes)
    return document


def test_every_code_has_its_type_in_order_and_in_both_languages():
    assert list(TYPES) == [code.value for code in CredentialCode]
    assert [row["position"] for row in DOCUMENT["types"]] == list(range(10, 430, 10))
    assert type_faults(DOCUMENT) == []
    for row in DOCUMENT["types"]:
        assert row["hint_en"].isascii(), row
        assert any("\u4e00" <= sign <= "\u9fff" for sign in row["hint_zh"]), row


def test_levels_are_not_alike_in_all_occupations():
    assert {code: row["levels"] for code, row in TYPES.items() if row["levels"]} == {
        "HX": [1, 2, 3, 4],
        **{key: [5, 4, 3, 2] for key in ["SK-JW", "SK-MY", "SK-ZH", "SK-SN"]},  # 家政服务员 and its trades: no 一级
        "SK-YD": [4, 3, 2, 1],
        **{key: [5, 4, 3] for key in ["SK-YY", "SK-CZ", "SK-YH"]},
        **{key: [5, 4, 3, 2, 1] for key in ["SK-BY", "SK-YL", "SK-PR", "SK-PC"]},
        "SK-JD": [5, 4, 3, 2],
        "MAR": [3, 2, 1],
    }


def test_skills_are_verified_at_the_national_register_and_exams_hold_a_year():
    skills = [row for code, row in TYPES.items() if code.startswith("SK-")]
    assert {row["register_url"] for row in skills} == {"https://osta.mohrss.gov.cn/"}
    assert {code: row["holds_months"] for code, row in TYPES.items() if row["holds_months"]} == {
        "HX": 12, "HX-F": 12, "BG2": 12, "FA": 36,
    }  # fmt: skip


def test_of_record_checks_only_result_date_and_reference_are_kept():
    assert [code for code, row in TYPES.items() if row["sensitive"]] == ["BG1", "BG2"]
    assert [code for code, row in TYPES.items() if not row["scan_needed"]] == ["BG1", "BG2"]


def test_institutions_licences_are_those_with_an_o():
    assert [code for code, row in TYPES.items() if row["of_enterprise"]] == [c for c in TYPES if c.startswith("O-")]


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_a_changed_type_is_changed_once():
    assert load_credential_types(document=DOCUMENT) == Loaded(42, 42, 0)
    assert load_credential_types(document=DOCUMENT) == Loaded(42, 0, 0)
    assert load_credential_types(document=broken("HX", holds_months=6)) == Loaded(42, 0, 1)
    assert (CredentialType.objects.get(pk="HX").rules.holds_months, CredentialType.history.count()) == (6, 43)


@pytest.mark.parametrize(
    ("code", "changes", "fault"),
    [
        ("HX", {"code": "ZZ"}, "ZZ: unknown paper"),
        ("HX", {"code": "ZZ"}, "HX: missing"),
        ("HX", {"code": "ID"}, "ID: twice"),
        ("HX", {"hint_en": " "}, "HX: a text is empty"),
        ("HX", {"number_pattern": "("}, "HX: the pattern of the number can't be read"),
        ("BG1", {"scan_needed": True}, "BG1: of a sensitive paper no scan is kept"),
        ("O-BL", {"levels": [1]}, "O-BL: an institution's licence has no levels"),
    ],
)
def test_a_broken_type_is_named(code, changes, fault):
    assert fault in type_faults(broken(code, **changes))


@pytest.mark.django_db
def test_a_broken_file_loads_nothing(tmp_path):
    with pytest.raises(DomainError) as refused:
        load_credential_types(document=broken("HX", hint_zh=""))
    assert (refused.value.code, CredentialType.objects.count()) == ("bad_credential_types", 0)
    file = tmp_path / "types.json"
    file.write_text(json.dumps(broken("HX", hint_zh="")), encoding="utf-8")
    with pytest.raises(CommandError, match="HX: a text is empty"):
        call_command("load_credential_types", file)
    out = StringIO()
    call_command("load_credential_types", stdout=out)
    assert out.getvalue() == "42 types of papers: 42 new, 0 changed.\n"
