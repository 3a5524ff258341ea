"""What a division's code and name mean, and what a row of the official list must look like. Pure."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import lru_cache

CODE_DIGITS = 12
DIGITS_BY_LEVEL = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}
COMMUNITY_LEVEL = 5
COLUMNS = ("code", "level", "name", "lat", "lon", "coord_source")

# The committee is not the place: 华标社区居民委员会 is called 华标. The list itself has slips of the pen
# (居委会会, 居居委会, 居委委员会, 村民委会), which stay in the name and must not stay in the short name.
_COMMITTEE = re.compile(
    r"(?:居民区社区委员会|居民委员会|居委委员会|居委员会|(?<=社区)居居委会|(?:居民)?居委会{0,2}"
    r"|村民委员会|村民?委会|渔民委员会|渔委会)(?:社区)?$"
)
_KIND = re.compile(r"(?:虚拟社区|虚拟生活区|社区)$")
_SUFFIX_BY_LEVEL = {
    1: re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区)$"),
    2: re.compile(r"(?:市|地区|盟)$"),
    3: re.compile(r"(?:(?:壮族|瑶族|畲族|回族)*自治县|区|县|市)$"),
    4: re.compile(r"(?:街道办事处|街道|镇|(?:壮族|瑶族|畲族|回族)*乡)$"),
}


def area_code_of(code: str, level: int) -> str:
    """The first 2/4/6/9/12 digits by level. Never "trailing zeros cut": many real codes end in zeros."""
    return code[: DIGITS_BY_LEVEL[level]]


def parent_of(area_code: str, known: Container[str]) -> str | None:
    """The nearest shorter area code that is a row: Dongguan's streets hang on the city."""
    for digits in (9, 6, 4, 2):
        if digits < len(area_code) and area_code[:digits] in known:
            return area_code[:digits]
    return None


@lru_cache(maxsize=4096)  # a load asks for each street's name once a community
def short_name(name: str, level: int) -> str:
    """The name as people say it when the level is clear: 石牌 for 石牌街道, 华标 for 华标社区居民委员会."""
    if level == COMMUNITY_LEVEL:
        bare = _KIND.sub("", _COMMITTEE.sub("", name))
    else:
        bare = _SUFFIX_BY_LEVEL[level].sub("", name)
    return bare if len(bare) >= 2 else name


def spoken_name(name: str, level: int) -> str:
    """A community without its committee (华标社区, 石牌村); other levels keep their name."""
    found = _COMMITTEE.search(name) if level == COMMUNITY_LEVEL else None
    if not found or not found.start():
        return name
    place = name[: found.start()]
    kind = "村" if found.group().startswith(("村", "渔")) else "社区"
    return place if place.endswith(kind) else place + kind


def bigrams(text: str) -> list[str]:
    """The pairs of neighbouring characters, each once, in order."""
    return list(dict.fromkeys(text[i : i + 2] for i in range(len(text) - 1)))


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One sound row of the list."""

    line: int
    code: str
    level: int
    name: str
    lat: float
    lon: float
    coord_source: str

    @property
    def area_code(self) -> str:
        return area_code_of(self.code, self.level)


@dataclass(frozen=True, slots=True)
class BadRow:
    """What is wrong with one line (1 is the header)."""

    line: int
    wrong: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.wrong}"


def row_of(line: int, cells: list[str]) -> DivisionRow | BadRow:
    """The row that a line's cells stand for, or the first thing that is wrong with them."""
    if len(cells) != len(COLUMNS):
        return BadRow(line, f"has {len(cells)} columns instead of {len(COLUMNS)}")
    code, level, name, lat, lon, coord_source = (cell.strip() for cell in cells)
    wrong = (
        _why_not_code(code, level) or _why_not_name(name) or _why_not_degrees(lat, lon) or _why_not_source(coord_source)
    )
    if wrong:
        return BadRow(line, wrong)
    return DivisionRow(line, code, int(level), name, float(lat), float(lon), coord_source)


def wrong_among(rows: Iterable[DivisionRow], known: Container[str]) -> list[BadRow]:
    """What only shows among all rows: a code given twice, a division that hangs in the air.

    `known` holds the area codes of the list and of the database.
    """
    seen: dict[str, int] = {}
    bad = []
    for row in rows:
        if row.area_code in seen:
            bad.append(BadRow(row.line, f"repeats the code {row.code} of line {seen[row.area_code]}"))
        elif row.level > 1 and parent_of(row.area_code, known) is None:
            bad.append(BadRow(row.line, f"{row.code} {row.name} has no division above it"))
        seen.setdefault(row.area_code, row.line)
    return bad


def _why_not_code(code: str, level: str) -> str | None:
    if level not in {"1", "2", "3", "4", "5"}:
        return f"level {level!r} is not one of 1 to 5"
    if not re.fullmatch(r"[0-9]{12}", code):
        return f"code {code!r} is not 12 digits"
    if area_code_of(code, int(level)).ljust(CODE_DIGITS, "0") != code:
        return f"code {code} has digits below level {level}"
    return None


def _why_not_name(name: str) -> str | None:
    if not name:
        return "the name is empty"
    if len(name) > 60 or not name.isprintable():
        return "the name is longer than 60 characters or holds control characters"
    return None


def _why_not_degrees(lat: str, lon: str) -> str | None:
    try:
        inside = -90 <= float(lat) <= 90 and -180 <= float(lon) <= 180
    except ValueError:
        inside = False
    return None if inside else f"latitude {lat!r}, longitude {lon!r} are not a place on earth"


def _why_not_source(coord_source: str) -> str | None:
    return None if 0 < len(coord_source) <= 12 else f"coord_source {coord_source!r} is not 1 to 12 characters"
