"""The real list of Guangdong: loading it, finding communities in it, and what a division's holder may see.

All tests that need the 28,743 rows stand in this one file, which loads them once and takes them out again.
"""

import time
from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, QuerySet

from communities.divisions.models import Division
from communities.divisions.queries import (
    breadcrumb,
    children_of,
    communities_near,
    division_by_code,
    find_communities,
)
from homeservice.kernel.geo import distance_m
from homeservice.kernel.scope import NOBODY, Scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guangdong")]

HUABIAO = "440106006009"
HUABIAO_PATH = ["44", "4401", "440106", "440106006", HUABIAO]


@pytest.fixture(scope="module")
def guangdong(django_db_setup: None, django_db_blocker) -> Iterator[float]:
    """The whole list, with fresh statistics; the seconds that loading took."""
    with django_db_blocker.unblock():
        begun = time.monotonic()
        call_command("load_divisions", verbosity=0)
        took = time.monotonic() - begun
    yield took
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE communities_division CASCADE")


@pytest.fixture
def huabiao() -> Division:
    return Division.objects.get(pk=HUABIAO)


def plan_of(rows: QuerySet[Division]) -> str:
    return rows.explain()


def names(found: list[Division]) -> list[str]:
    return [division.short_name for division in found]


def test_the_list_is_whole() -> None:
    levels = Division.objects.values_list("level").annotate(Count("pk")).order_by("level")
    assert list(levels) == [(1, 1), (2, 21), (3, 122), (4, 1757), (5, 26842)]


def test_tianhe_has_its_streets_and_communities() -> None:
    tianhe = Division.objects.filter(area_code__startswith="440106")
    assert (tianhe.filter(level=4).count(), tianhe.filter(level=5).count()) == (21, 230)
    assert Division.objects.filter(area_code__startswith="4401", level=5).count() == 2851


def test_every_division_but_the_province_hangs_on_a_shorter_code_one_level_up_or_on_the_city() -> None:
    steps = Division.objects.filter(level__gt=1).values_list("parent__level", "level").annotate(Count("pk"))
    assert sorted(steps) == [(1, 2, 21), (2, 3, 122), (2, 4, 59), (3, 4, 1698), (4, 5, 26842)]


def test_rare_characters_stay_as_they_are() -> None:
    for name in ("南漖社区居委会会", "輋𣒍村委会", "(土郎)头村民委员会"):
        assert Division.objects.filter(name=name).exists(), name


# What the holder of a division may see


def test_the_holder_of_a_division_sees_exactly_its_subtree_for_every_division() -> None:
    parents = dict(Division.objects.values_list("area_code", "parent_id"))
    subtree = _subtrees(parents)
    upper = [code for code in parents if len(code) < 12]
    communities = [code for code in parents if len(code) == 12]
    assert len(upper) + len(communities) == 28_743
    for code in upper:
        assert _seen(code) == subtree[code], code
    # Each community sees itself; many at once, chosen far apart so that a leak to a neighbour would show.
    batches = 150
    for start in range(batches):
        apart = communities[start::batches]
        assert _seen(*apart) == {code for held in apart for code in subtree[held]}


def _subtrees(parents: dict[str, str | None]) -> dict[str, set[str]]:
    """The subtree of each division by walking the parent links alone: the codes are not looked at."""
    below: dict[str, set[str]] = defaultdict(set)
    for code in parents:
        above: str | None = code
        while above is not None:
            below[above].add(code)
            above = parents[above]
    return below


def _seen(*areas: str) -> set[str]:
    return set(Division.objects.visible_to(Scope(user_id=1, areas=areas)).values_list("area_code", flat=True))


def test_the_scope_covers_what_its_queries_show() -> None:
    scope = Scope(user_id=1, areas=("440106006",))
    shown = set(Division.objects.visible_to(scope).values_list("area_code", flat=True))
    assert {code for code in Division.objects.values_list("area_code", flat=True) if scope.covers(code)} == shown


def test_who_holds_nothing_sees_nothing_and_an_administrator_everything() -> None:
    assert not Division.objects.visible_to(NOBODY).exists()
    assert Division.objects.visible_to(Scope(user_id=1, everything=True)).count() == 28_743


def test_a_street_whose_code_ends_in_zero_does_not_see_its_neighbours() -> None:
    seen = Division.objects.visible_to(Scope(user_id=1, areas=("440106010",)))
    assert seen.count() > 1
    assert all(code.startswith("440106010") for code in seen.values_list("area_code", flat=True))


# Finding a community


@pytest.mark.parametrize(
    "text",
    [
        "华标", "石牌 华标", "石牌华标", "天河华标", "石牌街道华标社区", "华标社区居委会", "华标居委会", "天河，华标",
        "广州市天河区石牌街道华标社区", "广东省广州市天河区石牌街道华标社区居民委员会", " HuaBiao ", "shipai hb", "石牌 hb",
        "tianhe huabiao", "th hb",
    ],
)  # fmt: skip
def test_a_community_is_found_first_by_what_people_type(text: str, huabiao: Division) -> None:
    assert find_communities(text, near=huabiao)[:1] == [huabiao]
    if " hb" not in text:
        assert find_communities(text)[:1] == [huabiao]


def test_two_characters_find_every_community_of_that_name_those_of_ones_own_city_first(huabiao: Division) -> None:
    found = find_communities("石龙", near=huabiao, limit=100)
    exact = [division for division in found if division.short_name == "石龙"]
    assert len(exact) == Division.objects.filter(short_name="石龙", level=5).count()
    assert found[: len(exact)] == exact
    assert exact[0].city_code == "4401"


def test_initials_find_those_of_ones_own_street_first(huabiao: Division) -> None:
    found = find_communities("hb", near=huabiao)
    assert found[0] == huabiao
    assert all(division.initials.startswith("hb") for division in found)
    assert len(found) == 20


def test_one_character_finds_names_that_begin_with_it(huabiao: Division) -> None:
    assert names(find_communities("冼", near=huabiao, limit=2)) == ["冼村", "冼基"]
    assert all(name.startswith("冼") for name in names(find_communities("冼", limit=100)))


def test_a_streets_name_finds_its_communities_for_who_lives_in_that_city(huabiao: Division) -> None:
    assert {division.parent_id for division in find_communities("五山", near=huabiao, limit=9)} == {"440106001"}


@pytest.mark.parametrize(
    "text", ["", "   ", "社区", "居委会", "不存在的地方", "zzzzzz", "%", "_", "\\", "'; DROP", "😀😀"]
)
def test_what_fits_nothing_finds_nothing(text: str) -> None:
    assert find_communities(text) == []


def test_a_very_long_text_is_no_harm() -> None:
    assert len(find_communities("石牌" * 5000)) <= 20


@pytest.mark.parametrize(
    ("text", "queries"), [("社区", 0), ("华标", 1), ("石牌 华标", 1), ("hb", 2), ("sp hb", 2), ("天河华标", 2)]
)
def test_finding_takes_a_fixed_number_of_queries(
    text: str, queries: int, huabiao: Division, django_assert_num_queries
) -> None:
    with django_assert_num_queries(queries):
        find_communities(text, near=huabiao)


# Near a place, and down the tree


def test_the_nearest_communities_are_the_nearest_of_all(django_assert_num_queries) -> None:
    lat, lon = 23.13, 113.34
    with django_assert_num_queries(1):
        near = communities_near(lat, lon, 5)
    all_of_them = Division.objects.filter(level=5).values_list("area_code", "lat", "lon")
    by_hand = sorted((distance_m(lat, lon, y, x), code) for code, y, x in all_of_them)[:5]
    assert [division.area_code for division in near] == [code for _, code in by_hand]
    assert [division.distance_m for division in near] == pytest.approx([metres for metres, _ in by_hand], rel=1e-6)


def test_the_tree_is_walked_with_one_query_a_step(huabiao: Division, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        cities = children_of(None)
    assert (len(cities), cities[0].name, cities[-1].name) == (21, "潮州市", "珠海市")
    with django_assert_num_queries(1):
        assert len(children_of("440106")) == 21
    assert {child.level for child in children_of("4419")} == {4}
    assert children_of(HUABIAO) == []
    with django_assert_num_queries(1):
        assert [step.area_code for step in breadcrumb(huabiao)] == HUABIAO_PATH
    assert [step.area_code for step in breadcrumb(Division.objects.get(pk="441900003"))] == ["44", "4419", "441900003"]


def test_a_code_finds_its_division_and_a_wrong_one_none() -> None:
    assert division_by_code("440106006").name == "石牌街道"  # type: ignore[union-attr]
    assert division_by_code("440106006000") is None


# What the indexes are used for


def test_a_scope_is_a_walk_of_the_key_index() -> None:
    plan = plan_of(Division.objects.visible_to(Scope(user_id=1, areas=("440106",))))
    assert "Index Scan using communities_division_pkey" in plan or "communities_division_area_code" in plan
    assert "Index Cond" in plan
    assert "~>=~" in plan or ">= '440106'" in plan


def test_searching_uses_the_bigram_pinyin_and_initials_indexes() -> None:
    assert "division_bigrams" in plan_of(Division.objects.filter(bigrams__contains=["石牌", "牌华", "华标"]))
    assert "division_pinyin" in plan_of(Division.objects.filter(pinyin__startswith="huabiao"))
    assert "division_initials" in plan_of(Division.objects.filter(initials__startswith="hbx"))


def test_the_nearest_are_walked_off_the_gist_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT area_code FROM communities_division WHERE level = 5"
            " ORDER BY ll_to_earth(lat, lon) <-> ll_to_earth(23.1, 113.3) LIMIT 5"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan using division_earth" in plan
