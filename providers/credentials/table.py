"""The enforcement table's data file: what it says, and what is wrong with it. Pure.

The file names each need once (papers that would do, texts) and then, row by row, which kind or item has it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from homeservice.kernel.vocabulary import CredentialCode
from providers.credentials.papers import is_of_enterprise, levels_of

CONDITIONS = frozenset(
    {"always", "child", "care_level_2", "height", "refrigerant", "wiring", "lock_opening", "medical_act"}
)
TEXTS = ("text_zh", "text_en", "mend_zh", "mend_en")


def rows_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows as columns of `Requirement`."""
    valid_from = date.fromisoformat(document["valid_from"])
    return [_row(row, document["needs"][row["need"]], valid_from) for row in document["rows"]]


def faults_of(document: Mapping[str, Any], kinds: set[str], items: Mapping[str, str]) -> list[str]:
    """Every reason not to load the table. `items` maps an item's code to its kind's."""
    needs, rows = document["needs"], document["rows"]
    faults = [f"{name}: {fault}" for name, need in needs.items() for fault in _need_faults(need)]
    for row in rows:
        where = f"{row['kind']} {row['item_code']} {row['need']}"
        faults += [f"{where}: {fault}" for fault in _row_faults(row, needs, kinds, items)]
    named = Counter((row["kind"], row["item_code"], row["need"]) for row in rows)
    faults += [f"{' '.join(key)}: twice" for key, times in named.items() if times > 1]
    asked = {row["kind"] for row in rows}
    return faults + [f"{kind}: nothing is required" for kind in sorted(kinds - asked)]


def _row(row: Mapping[str, Any], need: Mapping[str, Any], valid_from: date) -> dict[str, Any]:
    return {
        "kind_id": row["kind"],
        "item_code": row["item_code"],
        "reason_code": row["need"],
        "holder": row["holder"],
        "any_of": need["any_of"],
        "condition": row["condition"],
        "effect": row["effect"],
        "basis": row["basis"],
        "max_age_days": need.get("max_age_days"),
        "valid_from": valid_from,
        **{name: need[name] for name in TEXTS},
    }


def _need_faults(need: Mapping[str, Any]) -> Iterator[str]:
    if not need["any_of"]:
        yield "names no paper"
    for paper in need["any_of"]:
        code, level = paper["code"], paper["level"]
        if code not in CredentialCode.values:
            yield f"unknown paper {code}"
        elif level is not None and level not in levels_of(code):
            yield f"{code} has no level {level}"
    if not all(need[name].strip() for name in TEXTS):
        yield "a text is empty"


def _row_faults(
    row: Mapping[str, Any], needs: Mapping[str, Any], kinds: set[str], items: Mapping[str, str]
) -> Iterator[str]:
    if row["need"] not in needs:
        yield "unknown need"
        return
    if row["kind"] not in kinds:
        yield "unknown kind"
    if row["item_code"] and items.get(row["item_code"]) != row["kind"]:
        yield "the item is not of this kind"
    if row["condition"] not in CONDITIONS or row["effect"] not in ("block", "warn"):
        yield "unknown condition or effect"
    if row["basis"] not in ("law", "platform") or row["holder"] not in ("worker", "enterprise"):
        yield "unknown basis or holder"
    papers = needs[row["need"]]["any_of"]
    if any(is_of_enterprise(paper["code"]) != (row["holder"] == "enterprise") for paper in papers):
        yield "the papers are not this holder's"
