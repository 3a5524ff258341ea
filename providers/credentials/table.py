"""The enforcement table's data file: what it says, and what is wrong with it. Pure.

The file names each need once (papers that would do, texts) and then, row by row, which kind or item has it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from homeservice.kernel.vocabulary import Circumstance, CredentialCode, Group
from providers.credentials.papers import PaperType

CONDITIONS = frozenset({"always", "child", "care_level_2", "group", *Circumstance.values})
Types = Mapping[str, PaperType]
TEXTS = ("text_zh", "text_en", "mend_zh", "mend_en")


def rows_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows as columns of `Requirement`."""
    valid_from = date.fromisoformat(document["valid_from"])
    return [_row(row, document["needs"][row["need"]], valid_from) for row in document["rows"]]


def type_faults(document: Mapping[str, Any]) -> list[str]:
    """Every reason not to load the types of papers."""
    rows = document["types"]
    faults = [f"{code}: twice" for code, times in Counter(row["code"] for row in rows).items() if times > 1]
    faults += [f"{code}: missing" for code in sorted(set(CredentialCode.values) - {row["code"] for row in rows})]
    return faults + [f"{row['code']}: {fault}" for row in rows for fault in _type_faults(row)]


def faults_of(document: Mapping[str, Any], kinds: set[str], items: Mapping[str, str], types: Types) -> list[str]:
    """Every reason not to load the table. `items` maps an item's code to its kind's, `types` a paper's code to its type."""
    needs, rows = document["needs"], document["rows"]
    faults = [f"{name}: {fault}" for name, need in needs.items() for fault in _need_faults(need, types)]
    for row in rows:
        where = f"{row['kind']} {row['item_code']} {row['need']}"
        faults += [f"{where}: {fault}" for fault in _row_faults(row, needs, kinds, items, types)]
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
        "groups": row.get("groups", []),
        "effect": row["effect"],
        "basis": row["basis"],
        "max_age_days": need.get("max_age_days"),
        "valid_from": valid_from,
        **{name: need[name] for name in TEXTS},
    }


def _type_faults(row: Mapping[str, Any]) -> Iterator[str]:
    if row["code"] not in CredentialCode.values:
        yield "unknown paper"
    if row["of_enterprise"] and row["levels"]:
        yield "an institution's licence has no levels"
    if row["sensitive"] and row["scan_needed"]:
        yield "of a sensitive paper no scan is kept"
    try:
        re.compile(row["number_pattern"])
    except re.error:
        yield "the pattern of the number can't be read"
    if not all(row[name].strip() for name in ("hint_zh", "hint_en")):
        yield "a text is empty"


def _need_faults(need: Mapping[str, Any], types: Types) -> Iterator[str]:
    if not need["any_of"]:
        yield "names no paper"
    for paper in need["any_of"]:
        code, level = paper["code"], paper["level"]
        if code not in types:
            yield f"unknown paper {code}"
        elif level is not None and level not in types[code].levels:
            yield f"{code} has no level {level}"
    if not all(need[name].strip() for name in TEXTS):
        yield "a text is empty"


def _row_faults(
    row: Mapping[str, Any], needs: Mapping[str, Any], kinds: set[str], items: Mapping[str, str], types: Types
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
    of_enterprise = row["holder"] == "enterprise"
    if any(paper["code"] in types and types[paper["code"]].of_enterprise != of_enterprise for paper in papers):
        yield "the papers are not this holder's"
    if (row["condition"] == "group") != bool(row.get("groups")) or not set(row.get("groups", ())) <= set(Group.values):
        yield "the groups don't fit the condition"
