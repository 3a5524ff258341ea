"""Finding divisions: by code, by name or pinyin, by place, and by descending the tree."""

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from communities.divisions.models import Division
from communities.divisions.rules import DIGITS_BY_LEVEL, bigrams, short_name
from homeservice.kernel.geo import Earth, metres_between
from homeservice.kernel.scope import within

SEARCH_LIMIT = 20
MAX_QUERY_CHARACTERS = 40
ABOVE = (Division.Level.CITY, Division.Level.COUNTY, Division.Level.STREET)
_LATIN = re.compile(r"[a-z]+")
# `石牌街道华标社区` is two names; the suffix ends the first one.
_NAME_END = re.compile(r"(?<=[省市区县镇乡])(?=..)|(?<=街道)(?=..)")
_COMMUNITY_SUFFIX = re.compile(r"(?:社区|居民委员会|村民委员会|居委会|村委会)+$")


def division_by_code(area_code: str) -> Division | None:
    """The division with that area code; None for what is no code. One query."""
    return Division.objects.filter(pk=area_code).first() if area_code.isdecimal() else None


def community_by_code(area_code: str) -> Division | None:
    """The community with that area code; None for other levels and for what is no code. One query."""
    known = Division.objects.filter(level=Division.Level.COMMUNITY)
    return known.filter(pk=area_code).first() if area_code.isdecimal() else None


def breadcrumb(division: Division) -> list[Division]:
    """From the province down to the division itself. One query."""
    codes = [division.area_code[:digits] for digits in DIGITS_BY_LEVEL.values()]
    return list(Division.objects.filter(pk__in=codes).order_by("level"))


def children_of(area_code: str | None) -> list[Division]:
    """What lies directly under a division, in pinyin order; the cities for None. One query.

    The platform serves one province or several: their cities are the top of what a person chooses from.
    """
    if area_code is None:
        rows = Division.objects.filter(level=Division.Level.CITY)
    else:
        rows = Division.objects.filter(parent_id=area_code)
    return list(rows.order_by("pinyin", "pk"))


def communities_near(lat: float, lon: float, limit: int = 5) -> list[Any]:
    """The communities nearest to a place, each with `distance_m`. One query, walked off the GiST index."""
    here = Earth(Value(lat), Value(lon))
    return list(
        Division.objects.filter(level=Division.Level.COMMUNITY)
        .annotate(distance_m=metres_between(Earth(F("lat"), F("lon")), here))
        .order_by("distance_m", "pk")[:limit]
    )


def find_communities(text: str, *, near: Division | None = None, limit: int = SEARCH_LIMIT) -> list[Division]:
    """Communities for what a person typed: names, streets, pinyin or its initials, alone or together.

    Two Chinese characters suffice, one finds what begins with it. All words must fit: a Chinese word any
    name from the city down, a Latin one the community or something above it. First those whose short name
    is exactly the last word (or whose street is, in the city of `near`), then those that begin with it; among
    equals those nearer to the person's own community `near`, then by pinyin. One query for Chinese words, one
    more for Latin ones, and one more if a single word finds nothing.
    """
    words = words_of(text.replace("\x00", ""))
    if not words:
        return []
    found = list(_ranked(_fitting(words), words[-1], near)[:limit])
    if not found and len(words) == 1:
        found = list(_ranked(_fitting_apart(words[0]), words[0][-2:], near)[:limit])
    return found


def words_of(text: str) -> list[str]:
    """`石牌街道华标社区` as [石牌, 华标]: words without what kind of division they are."""
    lowered = re.sub("['’\x00]", "", text.strip().lower())[:MAX_QUERY_CHARACTERS]
    parts = [part for chunk in re.split(r"[\s,，、·/-]+", lowered) for part in _NAME_END.split(chunk) if part]
    return [word for word in map(_bare, parts) if word]


def _bare(word: str) -> str:
    """The word without its suffix, whatever level it may be of; a bare suffix (社区) or a province says nothing."""
    if _COMMUNITY_SUFFIX.fullmatch(word) or word.endswith("省"):
        return ""
    if _COMMUNITY_SUFFIX.search(word):
        return short_name(word, Division.Level.COMMUNITY)
    for level in (Division.Level.STREET, Division.Level.COUNTY):
        bare = short_name(word, level)
        if bare != word:
            return bare
    return word


def _communities() -> QuerySet[Division]:
    return Division.objects.filter(level=Division.Level.COMMUNITY)


def _fitting(words: Sequence[str]) -> QuerySet[Division]:
    """Communities that fit each word."""
    latin = [word for word in words if _LATIN.fullmatch(word)]
    areas = _areas_spelt(latin) if latin else {}
    rows = _communities()
    for word in words:
        rows = rows.filter(_fits_latin(word, areas[word]) if word in areas else _fits_characters(word))
    return rows


def _fits_characters(word: str) -> Q:
    if len(word) == 1:
        return Q(short_name__startswith=word)
    return Q(bigrams__contains=bigrams(word))


def _fits_latin(word: str, areas: Sequence[str]) -> Q:
    """The community's own initials or pinyin begin so, or it lies in one of the areas that are spelt so."""
    return Q(initials__startswith=word) | Q(pinyin__startswith=word) | within("area_code", tuple(areas))


def _areas_spelt(words: Sequence[str]) -> dict[str, list[str]]:
    """The cities, districts and streets whose pinyin is each word, or its initials if other words narrow it.

    Asked beforehand: as a subquery for each community it took a hundred times as long.
    """
    spelling = Q(pinyin__in=words) | (Q(initials__in=words) if len(words) > 1 else Q(pk__in=[]))
    rows = Division.objects.filter(spelling, level__in=ABOVE).values_list("area_code", "pinyin", "initials")
    areas: dict[str, list[str]] = {word: [] for word in words}
    for area_code, pinyin, first_letters in rows:
        for word in {pinyin, first_letters} & areas.keys():
            areas[word].append(area_code)
    return areas


def _fitting_apart(word: str) -> QuerySet[Division]:
    """For `天河华标`, where the names don't touch: any cut of the word into two names of two or more."""
    if _LATIN.search(word):
        return Division.objects.none()
    cuts = Q(pk__in=[])
    for cut in range(2, len(word) - 1):
        cuts |= Q(bigrams__contains=bigrams(word[:cut]) + bigrams(word[cut:]))
    return _communities().filter(cuts)


def _ranked(rows: QuerySet[Division], word: str, near: Division | None) -> QuerySet[Division]:
    exact = Q(short_name=word) | Q(pinyin=word) | Q(initials=word)
    if near:  # who names a street of their own city means that street
        exact |= (Q(parent__short_name=word) | Q(parent__pinyin=word)) & Q(area_code__startswith=near.city_code)
    fit = Case(
        When(exact, then=Value(0)),
        When(Q(short_name__startswith=word) | Q(pinyin__startswith=word) | Q(initials__startswith=word), then=Value(1)),
        When(short_name__contains=word, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return rows.annotate(fit=fit, away=_away_from(near)).order_by("fit", "away", "pinyin", "pk")


def _away_from(near: Division | None) -> Case | Value:
    """0 in the person's own street, 1 in the district, 2 in the city, 3 elsewhere."""
    if near is None:
        return Value(0)
    steps = [When(area_code__startswith=near.area_code[:digits], then=Value(n)) for n, digits in enumerate((9, 6, 4))]
    return Case(*steps, default=Value(3), output_field=IntegerField())
