"""What a sound catalogue is: pure checks of the data file, and how long a visit takes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from homeservice.kernel.clock import SLOT_MIN
from homeservice.kernel.vocabulary import Circumstance, Group, OrderMode, Place, Subsidy, Unit

ITEM_COUNT = 65  # domain §4
LONGEST_VISIT_MIN = 12 * 60  # what may be booked by time slot fits into one day's work
TEXTS = ("name", "summary")
LISTS = {"includes": (3, 6), "excludes": (2, 4), "steps": (4, 7)}
CHOICES = {"groups": Group, "modes": OrderMode, "subsidies": Subsidy, "circumstances": Circumstance}


def visit_minutes(quantity: int, *, least: int, duration_min: int, per_unit_min: int) -> int:
    """Minutes of one visit, rounded up to the half-hour grid on which visits start and end."""
    minutes = duration_min + per_unit_min * max(quantity - least, 0)
    return -(-minutes // SLOT_MIN) * SLOT_MIN


def faults_of(document: Mapping[str, Any], icons: frozenset[str]) -> list[str]:
    """Every reason not to load the catalogue, each naming its row; empty for a sound one."""
    kinds, items = document["kinds"], document["items"]
    faults = [f"{code}: twice" for code, times in Counter(row["code"] for row in [*kinds, *items]).items() if times > 1]
    if len(items) != ITEM_COUNT:
        faults.append(f"items: {len(items)} instead of {ITEM_COUNT}")
    known = {kind["code"] for kind in kinds}
    for row in [*kinds, *items]:
        faults += [f"{row['code']}: {fault}" for fault in _row_faults(row, icons)]
    for item in items:
        faults += [f"{item['code']}: {fault}" for fault in _item_faults(item, known)]
    return faults


def _row_faults(row: Mapping[str, Any], icons: frozenset[str]) -> Iterator[str]:
    if row["icon"] not in icons:
        yield f"no icon {row['icon']}"
    for name in TEXTS:
        for field in (f"{name}_zh", f"{name}_en"):
            if field in row and not row[field].strip():
                yield f"{field} is empty"


def _item_faults(item: Mapping[str, Any], kinds: set[str]) -> Iterator[str]:
    if item["kind"] not in kinds:
        yield f"no kind {item['kind']}"
    for name, (fewest, most) in LISTS.items():
        zh, en = item[f"{name}_zh"], item[f"{name}_en"]
        if len(zh) != len(en):
            yield f"{name} differ in number between the languages"
        if not fewest <= len(zh) <= most or not all(text.strip() for text in [*zh, *en]):
            yield f"{name} must be {fewest} to {most} texts"
    for name, choices in CHOICES.items():
        if unknown := set(item[name]) - set(choices.values):
            yield f"{name}: unknown {sorted(unknown)}"
    if item["unit"] not in Unit.values or item["place"] not in Place.values:
        yield "unknown unit or place"
    if not item["groups"]:
        yield "groups is empty"
    if item["school_subject"] and item["bookable"]:
        yield "tutoring in a school subject can't be booked"
    yield from _number_faults(item)


def _number_faults(item: Mapping[str, Any]) -> Iterator[str]:
    if item["duration_min"] % SLOT_MIN:
        yield f"duration_min is not on the {SLOT_MIN}-minute grid"
    if not 1 <= item["min_quantity"] <= item["max_quantity"]:
        yield "quantities are not a range"
    if not 0 <= item["price_low_fen"] <= item["price_high_fen"]:
        yield "prices are not a range"
    if not 1 <= item["crew_size"] <= 3:
        yield "crew_size is not 1 to 3"
    longest = visit_minutes(
        item["max_quantity"],
        least=item["min_quantity"],
        duration_min=item["duration_min"],
        per_unit_min=item["duration_per_unit_min"],
    )
    if item["bookable"] and longest > LONGEST_VISIT_MIN:
        yield f"the longest visit takes {longest} minutes"


def changed_fields(row: Any, values: Mapping[str, Any]) -> Sequence[str]:
    """The names of those values that the row does not hold yet."""
    return [name for name, value in values.items() if getattr(row, name) != value]
