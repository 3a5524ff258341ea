"""The menu of a point as anybody sees it, and its cached cards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from bookings.menus.actions import change_entry, move_entry, withdraw_entry
from bookings.menus.models import MenuEntry
from communities.accounts.models import User
from communities.points.models import PointClosure
from providers.catalogue.models import ServiceItem
from providers.listings.models import Listing
from tests import world
from tests.world import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return world.town()


@pytest.fixture
def bob(town: Town) -> User:
    """He runs the desk of the point."""
    return world.staff(point=town.point)


def page(client: Client, town: Town, query: str = "") -> str:
    return str(client.get(f"/points/{town.point.pk}/{query}").content.decode())


def change(town: Town, bob: User, price_fen: int) -> None:
    change_entry(entry=town.entry, price_fen=price_fen, capacity=None, sittings=[], by=bob, at=world.NOW)


def test_anyone_sees_what_a_point_offers(client: Client, town: Town) -> None:
    html = page(client, town)
    for text in ("茶山服务站", "茶山路1号", "020-12345678", "日常保洁", "安心家政", "¥45.00"):
        assert text in html


def test_drafts_and_withdrawn_entries_are_not_shown(client: Client, town: Town) -> None:
    MenuEntry.objects.update(state="draft")
    assert "日常保洁" not in page(client, town)


def test_a_changed_price_shows_at_once(client: Client, town: Town, bob: User) -> None:
    assert "¥45.00" in page(client, town)
    change(town, bob, 4200)
    html = page(client, town)
    assert "¥42.00" in html
    assert "¥45.00" not in html


def test_a_withdrawn_entry_disappears_at_once(client: Client, town: Town, bob: User) -> None:
    assert "日常保洁" in page(client, town)
    withdraw_entry(entry=town.entry, by=bob, at=world.NOW)
    assert "日常保洁" not in page(client, town)


def test_a_suspended_enterprise_disappears_at_once_although_nobody_touched_the_menu(client: Client, town: Town) -> None:
    assert "安心家政" in page(client, town)
    town.enterprise.state = "suspended"
    town.enterprise.save()
    assert "安心家政" not in page(client, town)
    town.enterprise.state = "admitted"
    town.enterprise.save()
    assert "安心家政" in page(client, town)


def test_a_listing_that_ended_disappears_at_once(client: Client, town: Town) -> None:
    assert "日常保洁" in page(client, town)
    Listing.objects.update(active=False)
    assert "日常保洁" not in page(client, town)


def test_languages_and_modes_have_cards_of_their_own(client: Client, town: Town) -> None:
    assert "日常保洁" in page(client, town)
    client.cookies["language"] = "en"
    english = page(client, town)
    assert "Daily cleaning" in english
    assert "日常保洁" not in english
    client.cookies["mode"] = "elder"
    assert "Daily cleaning" in page(client, town)
    client.cookies["language"] = "zh-hans"
    assert "日常保洁" in page(client, town)


def test_the_cards_come_from_the_cache_until_something_changes(client: Client, town: Town, bob: User) -> None:
    page(client, town)
    ServiceItem.objects.update(name_zh="新名字")
    assert "日常保洁" in page(client, town)
    change(town, bob, 4400)
    assert "新名字" in page(client, town)


def test_entries_keep_the_order_that_staff_gave_within_their_kind(client: Client, town: Town, bob: User) -> None:
    other = world.entry(town.point, world.listing(world.enterprise("和谐家政")), position=1)
    html = page(client, town)
    assert html.index("安心家政") < html.index("和谐家政")
    move_entry(entry=other, place=0, by=bob, at=world.NOW)
    html = page(client, town)
    assert html.index("和谐家政") < html.index("安心家政")


def test_a_kind_can_be_chosen_and_an_unknown_one_shows_all(client: Client, town: Town) -> None:
    cooking = world.kind("cooking")
    cooking.name_zh = "做饭"
    cooking.save()
    world.entry(town.point, world.listing(town.enterprise, world.item("CK01", kind=cooking, name_zh="上门做饭")))
    assert "上门做饭" in page(client, town)
    chosen = page(client, town, "?kind=cooking")
    assert "上门做饭" in chosen
    assert "日常保洁" not in chosen
    assert "日常保洁" in page(client, town, "?kind=%F0%9F%98%80")
    assert "日常保洁" in page(client, town, f"?kind={'x' * 300}")


def test_the_fragment_is_a_part_of_the_page(client: Client, town: Town) -> None:
    fragment = client.get(f"/points/{town.point.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert fragment.strip() in page(client, town)


def test_an_empty_menu_says_so_kindly(client: Client, town: Town) -> None:
    MenuEntry.objects.all().delete()
    assert "hs-empty" in page(client, town)


def test_a_point_without_a_menu_row_has_a_page(client: Client, town: Town) -> None:
    MenuEntry.objects.all().delete()
    town.point.menu.delete()
    assert "hs-empty" in page(client, town)


@pytest.mark.parametrize("path", ["/points/999999/", "/points/99999999999999999999/"])
def test_an_unknown_point_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_closed_point_is_not_found(client: Client, town: Town) -> None:
    town.point.active = False
    town.point.save()
    assert client.get(f"/points/{town.point.pk}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_menu_itself_costs_one_query_while_warm(
    rows: int, town: Town, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows - 1):
        world.entry(town.point, world.listing(world.enterprise(f"家政{number}")))
    fragment: dict[str, Any] = {"headers": {"HX-Request": "true"}}
    with django_assert_num_queries(4):
        client.get(f"/points/{town.point.pk}/", **fragment)
    with django_assert_num_queries(1):
        client.get(f"/points/{town.point.pk}/", **fragment)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_signed_in_resident_costs_no_more(
    rows: int, town: Town, sign_in: Callable[..., Client], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows - 1):
        world.entry(town.point, world.listing(world.enterprise(f"家政{number}")))
    alice = sign_in(town.alice)
    fragment: dict[str, Any] = {"headers": {"HX-Request": "true"}}
    alice.get(f"/points/{town.point.pk}/", **fragment)
    with django_assert_num_queries(1):
        alice.get(f"/points/{town.point.pk}/", **fragment)
    shell = queries_of(alice, "/terms/2026-1/") - 1
    assert queries_of(alice, f"/points/{town.point.pk}/") - shell <= 1


def queries_of(client: Client, path: str) -> int:
    """How many queries a page costs, shell and all."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_a_closure_shows_within_a_minute(client: Client, town: Town, monday_morning: datetime) -> None:
    assert "20:00" in page(client, town)
    PointClosure.objects.create(
        point=town.point, period=(monday_morning, monday_morning + timedelta(hours=3)), reason="台风"
    )
    cache.delete(f"menu-opening:{town.point.pk}:{world.MONDAY}")
    assert "12:00" in page(client, town)
