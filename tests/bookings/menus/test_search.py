"""Looking for an item across the menus near home."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookings.menus.queries import by_item, entries_near
from tests import world
from tests.world import Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def town() -> Town:
    return world.town()


@pytest.fixture
def visitor(client: Client, town: Town) -> Client:
    client.cookies["community"] = world.CHASHAN
    return client


def found(client: Client, query: str) -> str:
    return str(client.get("/search/", {"q": query}).content.decode())


def test_the_cheapest_offer_of_each_item_comes_first_and_the_nearer_of_equals(town: Town) -> None:
    there = world.point("东莞庄服务站", world.DONGGUANZHUANG, lat=world.HOME[0] + 0.005)
    firm = world.enterprise("和谐家政")
    cheap = world.entry(there, world.listing(firm, price_fen=4000))
    equal = world.entry(there, world.listing(firm, tier="premium", price_fen=4500))
    cooking = world.item("CK01", kind=world.kind("cooking"), position=0)
    meal = world.entry(there, world.listing(firm, cooking))
    offers = entries_near(*world.HOME)
    assert [offer.entry for offer in offers] == [meal, cheap, town.entry, equal]
    assert [offer.distance_m for offer in offers] == [557, 557, 0, 557]
    items = by_item(offers)
    assert [(one.item.pk, one.best.entry, one.point_count) for one in items] == [("CK01", meal, 1), ("CL01", cheap, 2)]


def test_entries_can_be_asked_by_kind_and_by_item(town: Town) -> None:
    cooking = world.item("CK01", kind=world.kind("cooking"))
    meal = world.entry(town.point, world.listing(town.enterprise, cooking))
    assert [offer.entry for offer in entries_near(*world.HOME, kind="cooking")] == [meal]
    assert [offer.entry for offer in entries_near(*world.HOME, item="CL01")] == [town.entry]


def test_only_points_that_reach_the_home_count(town: Town) -> None:
    town.point.lat += 0.02
    town.point.save()
    assert len(entries_near(*world.HOME)) == 1
    town.point.reach_m = 2000
    town.point.save()
    assert entries_near(*world.HOME) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_entries_near_take_two_queries(
    rows: int, town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        there = world.point(f"服务站{number}", world.DONGGUANZHUANG)
        world.entry(there, world.listing(world.enterprise(f"家政{number}")))
    with django_assert_num_queries(2):
        assert len([offer.entry.listing.item.kind.name for offer in entries_near(*world.HOME)]) == rows + 1


@pytest.mark.parametrize("query", ["保洁", "日常", "rcbj", "baojie", "DAILY", "cleaning", " 保 洁 "])
def test_an_item_is_found_by_any_of_its_names(visitor: Client, town: Town, query: str) -> None:
    html = found(visitor, query)
    assert f"/menu/{town.entry.pk}/" in html


def test_a_name_counts_more_than_a_description(visitor: Client, town: Town) -> None:
    other = world.item("CL02", name_zh="深度打扫", name_en="Deep clean-up", summary_zh="比日常保洁更彻底", position=0)
    deep = world.entry(town.point, world.listing(town.enterprise, other))
    html = found(visitor, "日常保洁")
    assert html.index(f"/menu/{town.entry.pk}/") < html.index(f"/menu/{deep.pk}/")


def test_an_empty_result_is_kind_and_offers_other_ways(visitor: Client, town: Town) -> None:
    world.item("CK01", kind=world.kind("cooking"), name_zh="上门做饭", name_en="Cooking")
    html = found(visitor, "做饭")
    assert "上门做饭" in html
    assert "/services/cleaning/" in html
    assert 'href="tel:020-12345678"' in html


@pytest.mark.parametrize("query", ["😀", "%", "' OR 1=1", "<script>", "龘", "x" * 40])
def test_whatever_is_typed_comes_back_as_text(visitor: Client, town: Town, query: str) -> None:
    answer = visitor.get("/search/", {"q": query})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_query_that_is_too_long_or_empty_shows_the_kinds(visitor: Client, town: Town) -> None:
    for query in ("", "   ", "保" * 41, "a\x00b"):
        assert "/services/cleaning/" in found(visitor, query)


def test_without_a_community_one_is_asked_for_one(client: Client, town: Town) -> None:
    for path in ("/search/?q=保洁", "/services/cleaning/"):
        assert client.get(path)["Location"].startswith("/communities/")


def test_a_kind_shows_its_items_near_home(visitor: Client, town: Town) -> None:
    assert f"/menu/{town.entry.pk}/" in visitor.get("/services/cleaning/").content.decode()


def test_a_kind_without_offers_says_so_and_an_unknown_one_is_not_found(visitor: Client, town: Town) -> None:
    world.kind("cooking")
    assert "hs-empty" in visitor.get("/services/cooking/").content.decode()
    assert visitor.get("/services/nonsense/").status_code == 404
