"""Loading the official list of divisions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from communities.divisions.bulk import COLUMNS, upsert_divisions
from communities.divisions.models import Division
from communities.divisions.romanising import initials, sort_key
from communities.divisions.rules import BadRow, DivisionRow, bigrams, parent_of, row_of, short_name, wrong_among
from homeservice.kernel.errors import DomainError

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: rows of the file, those new or changed, and known divisions that it doesn't name."""

    rows: int
    new: int
    changed: int
    unnamed: int


@transaction.atomic
def load_divisions(
    *, lines: Iterable[tuple[int, list[str]]], on_progress: Callable[[int, int], None] = lambda done, total: None
) -> Loaded:
    """All of the list is in the table, or none of it. Loading it twice changes nothing.

    `lines` are (line number, cells) without the header. Divisions that the list doesn't name stay, since
    homes and bookings hang on them. Raises `bad_division_rows`, whose `rows` fact holds each `BadRow`;
    it speaks English, as commands do to operators.
    """
    rows = _sound_rows(lines)
    before = Division.objects.in_bulk()
    names = {code: division.name for code, division in before.items()} | {row.area_code: row.name for row in rows}
    divisions = [division for division in _divisions(rows, names) if _differs(division, before)]
    for start in range(0, len(divisions), BATCH):
        upsert_divisions(divisions[start : start + BATCH])
        on_progress(min(start + BATCH, len(divisions)), len(divisions))
    named = {row.area_code for row in rows}
    new = len(named - before.keys())
    return Loaded(len(rows), new=new, changed=len(divisions) - new, unnamed=len(before.keys() - named))


def settle_table() -> None:
    """The planner knows the table as it is now: fresh statistics, and nothing left in the list of words still to be
    sorted into the index, which would make searches read the whole table until the next vacuum."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('division_bigrams')")
        cursor.execute("ANALYZE communities_division")


def _sound_rows(lines: Iterable[tuple[int, list[str]]]) -> list[DivisionRow]:
    read = [row_of(line, cells) for line, cells in lines]
    bad = [row for row in read if isinstance(row, BadRow)]
    rows = [row for row in read if isinstance(row, DivisionRow)]
    known = {row.area_code for row in rows} | set(Division.objects.values_list("area_code", flat=True))
    bad = sorted([*bad, *wrong_among(rows, known)], key=lambda row: row.line)
    if bad:
        raise DomainError("bad_division_rows", "The list of divisions has rows that can't be read.", rows=bad)
    if not rows:
        raise DomainError("bad_division_rows", "The list of divisions is empty.", rows=[])
    return rows


def _divisions(rows: Sequence[DivisionRow], names: Mapping[str, str]) -> list[Division]:
    """The rows as model instances, from the province down. `names` of all area codes, by which paths are told."""
    return [_division(row, names) for row in sorted(rows, key=lambda row: (row.level, row.area_code))]


def _differs(division: Division, before: Mapping[str, Division]) -> bool:
    """Whether the row must be written: rewriting what is the same would only bloat the table and its indexes."""
    known = before.get(division.area_code)
    return known is None or any(getattr(known, name) != getattr(division, name) for name in COLUMNS)


def _division(row: DivisionRow, names: Mapping[str, str]) -> Division:
    levels_above = [(level, row.area_code[:digits]) for level, digits in ((1, 2), (2, 4), (3, 6), (4, 9))]
    above = [(level, names[code]) for level, code in levels_above if level < row.level and code in names]
    short = short_name(row.name, row.level)
    searched = "".join(short_name(name, level) for level, name in above if level > 1) + short
    return Division(
        area_code=row.area_code, code=row.code, level=row.level, name=row.name, short_name=short,
        path_name=" ".join(name for _level, name in above), parent_id=parent_of(row.area_code, names),
        pinyin=sort_key(short), initials=initials(short), bigrams=bigrams(searched),
        lat=row.lat, lon=row.lon, coord_source=row.coord_source,
    )  # fmt: skip
