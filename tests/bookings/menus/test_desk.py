"""The menu builder: staff of the point and of its division build it; strangers find nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from bookings.menus.models import MenuEntry
from providers.listings.models import Listing
from tests import world
from tests.world import Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
SignIn = Callable[..., Client]


@pytest.fixture
def town() -> Town:
    return world.town()


@pytest.fixture
def alice(town: Town, sign_in: SignIn) -> Client:
    """She runs the desk of the point."""
    return sign_in(world.staff(point=town.point), second_factor=True)


@pytest.fixture
def charlie(sign_in: SignIn, town: Town) -> Client:
    """He is staff of another street."""
    return sign_in(world.staff(division=world.SHIPAI), second_factor=True)


def urls(town: Town) -> list[tuple[str, str]]:
    point, entry = town.point.pk, town.entry.pk
    return [
        ("get", f"/desk/menu/{point}/"),
        ("get", f"/desk/menu/{point}/preview/"),
        ("post", f"/desk/menu/{point}/add/"),
        ("post", f"/desk/menu/{point}/publish/"),
        ("post", f"/desk/menu/entries/{entry}/change/"),
        ("post", f"/desk/menu/entries/{entry}/move/"),
        ("post", f"/desk/menu/entries/{entry}/publish/"),
        ("post", f"/desk/menu/entries/{entry}/withdraw/"),
    ]


def test_staff_of_another_street_find_nothing(town: Town, charlie: Client) -> None:
    answers = {url: getattr(charlie, method)(url).status_code for method, url in urls(town)}
    assert set(answers.values()) == {404}, answers
    assert MenuEntry.objects.get().state == "published"


def test_residents_workers_and_managers_are_refused(town: Town, sign_in: SignIn) -> None:
    for person in (town.alice, town.worker.user, world.manager(town.enterprise)):
        client = sign_in(person)
        answers = {url: getattr(client, method)(url).status_code for method, url in urls(town)}
        assert set(answers.values()) == {403}, answers


def test_visitors_are_asked_to_sign_in_and_staff_for_their_second_factor(town: Town, sign_in: SignIn) -> None:
    for client in (Client(), sign_in(world.staff(point=town.point))):
        for method, url in urls(town):
            answer = getattr(client, method)(url)
            assert answer.status_code == 302, url
            assert "/desk/" not in answer["Location"].split("?")[0]


def test_staff_of_the_street_build_the_menu_too(town: Town, sign_in: SignIn) -> None:
    bob = sign_in(world.staff(division=world.WUSHAN), second_factor=True)
    assert "日常保洁" in bob.get(f"/desk/menu/{town.point.pk}/").content.decode()


def test_with_one_point_the_list_leads_straight_to_its_menu(town: Town, alice: Client) -> None:
    assert alice.get("/desk/menu/")["Location"] == f"/desk/menu/{town.point.pk}/"


def test_with_several_points_the_list_shows_them_and_no_others(town: Town, sign_in: SignIn) -> None:
    world.point("东莞庄服务站", world.DONGGUANZHUANG)
    world.point("绿荷服务站", world.LVHE)
    html = sign_in(world.staff(division=world.WUSHAN), second_factor=True).get("/desk/menu/").content.decode()
    assert "茶山服务站" in html
    assert "东莞庄服务站" in html
    assert "绿荷服务站" not in html


def test_staff_without_a_point_read_what_to_do(sign_in: SignIn, town: Town, charlie: Client) -> None:
    assert "hs-empty" in charlie.get("/desk/menu/").content.decode()


def test_get_never_writes(town: Town, alice: Client) -> None:
    for method, url in urls(town):
        if method == "post":
            assert alice.get(url).status_code == 405


@pytest.mark.parametrize("query", ["保洁", "rcbj", "daily", "和谐"])
def test_offers_are_found_by_item_or_enterprise_and_added_as_drafts(town: Town, alice: Client, query: str) -> None:
    listing = world.listing(world.enterprise("和谐家政"), price_fen=5000)
    html = alice.get(f"/desk/menu/{town.point.pk}/", {"q": query}).content.decode()
    assert "和谐家政" in html
    assert "¥50.00" in html
    url = f"/desk/menu/{town.point.pk}/add/?q={query}"
    answer = alice.post(url, {"listing": listing.pk, "price": "48.50"}, follow=True)
    assert answer.redirect_chain[0][0].startswith(f"/desk/menu/{town.point.pk}/?q=")
    entry = MenuEntry.objects.get(listing=listing)
    assert (entry.state, entry.price_fen) == ("draft", 4850)


def test_the_gates_findings_stand_beside_an_offer(town: Town, alice: Client) -> None:
    world.requirement("O-BL", holder="enterprise", text_zh="须有营业执照", mend_zh="请上传营业执照")
    world.listing(world.enterprise("和谐家政"))
    html = alice.get(f"/desk/menu/{town.point.pk}/", {"q": "和谐"}).content.decode()
    assert "须有营业执照" in html
    assert "请上传营业执照" in html


def test_offers_of_another_city_are_neither_found_nor_added(town: Town, alice: Client) -> None:
    far = world.enterprise("深圳家政")
    far.division_id = "44"
    far.save()
    listing = world.listing(far)
    assert "深圳家政" not in alice.get(f"/desk/menu/{town.point.pk}/", {"q": "深圳"}).content.decode()
    answer = alice.post(f"/desk/menu/{town.point.pk}/add/", {"listing": listing.pk, "price": "45"})
    assert answer.status_code == 404


@pytest.mark.parametrize("listing", ["", "0", "x", "１２", "-1", "99999999999999999999"])
def test_an_offer_that_does_not_exist_is_not_found(town: Town, alice: Client, listing: str) -> None:
    answer = alice.post(f"/desk/menu/{town.point.pk}/add/", {"listing": listing, "price": "45"})
    assert answer.status_code == 404


@pytest.mark.parametrize("price", ["", "abc", "-1", "45.001", "1e9", "NaN", "Infinity", "45.01", "99999999", "４５😀"])
def test_a_wrong_price_is_refused_at_its_field_and_kept(town: Town, alice: Client, price: str) -> None:
    answer = alice.post(f"/desk/menu/entries/{town.entry.pk}/change/", {"price": price})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="entry-{town.entry.pk}-price_error"' in html
    assert f'value="{price}"' in html or not price
    assert MenuEntry.objects.get().price_fen == 4500


def test_a_refused_offer_keeps_what_was_typed(town: Town, alice: Client) -> None:
    listing = world.listing(world.enterprise("和谐家政"))
    answer = alice.post(f"/desk/menu/{town.point.pk}/add/?q=和谐", {"listing": listing.pk, "price": "99.00"})
    assert answer.status_code == 422
    assert 'value="99.00"' in answer.content.decode()
    assert not MenuEntry.objects.filter(listing=listing).exists()


def test_a_price_is_saved(town: Town, alice: Client) -> None:
    answer = alice.post(f"/desk/menu/entries/{town.entry.pk}/change/", {"price": "42.5"})
    assert answer["Location"].startswith(f"/desk/menu/{town.point.pk}/")
    assert MenuEntry.objects.get().price_fen == 4250


def test_meals_ask_for_places_and_times(town: Town, alice: Client) -> None:
    meal = world.item("EL07", needs_worker=False, place="point", unit="meal", name_zh="长者饭堂")
    entry = world.entry(
        town.point, world.listing(town.enterprise, meal), capacity=10, sittings=["11:30"], state="draft"
    )
    url = f"/desk/menu/entries/{entry.pk}/change/"
    wrong = alice.post(url, {"price": "15", "capacity": "20", "sittings": "11:30, noon"})
    assert wrong.status_code == 422
    assert "11:30, noon" in wrong.content.decode()
    alice.post(url, {"price": "15", "capacity": "20", "sittings": "12:30，11:30"})
    entry.refresh_from_db()
    assert (entry.capacity, [start.strftime("%H:%M") for start in entry.sittings]) == (20, ["11:30", "12:30"])


def test_rows_move_by_buttons(town: Town, alice: Client) -> None:
    other = world.entry(town.point, world.listing(world.enterprise("和谐家政")), position=1)
    alice.post(f"/desk/menu/entries/{other.pk}/move/", {"place": "0"})
    assert list(MenuEntry.objects.order_by("position").values_list("pk", flat=True)) == [other.pk, town.entry.pk]
    alice.post(f"/desk/menu/entries/{other.pk}/move/", {"place": "x"})
    assert MenuEntry.objects.get(pk=other.pk).position == 0


def test_rows_are_withdrawn_and_published_again(town: Town, alice: Client) -> None:
    alice.post(f"/desk/menu/entries/{town.entry.pk}/withdraw/")
    assert MenuEntry.objects.get().state == "withdrawn"
    alice.post(f"/desk/menu/entries/{town.entry.pk}/publish/")
    assert MenuEntry.objects.get().state == "published"


def test_a_refused_publication_says_why(town: Town, alice: Client) -> None:
    world.requirement("O-BL", holder="enterprise", text_zh="须有营业执照")
    MenuEntry.objects.update(state="draft")
    for url in (f"/desk/menu/entries/{town.entry.pk}/publish/", f"/desk/menu/{town.point.pk}/publish/"):
        html = alice.post(url, follow=True).content.decode()
        assert "须有营业执照" in html
    assert MenuEntry.objects.get().state == "draft"


def test_all_drafts_are_published_at_once(town: Town, alice: Client) -> None:
    world.entry(town.point, world.listing(world.enterprise("和谐家政")), state="draft")
    alice.post(f"/desk/menu/{town.point.pk}/publish/")
    assert set(MenuEntry.objects.values_list("state", flat=True)) == {"published"}


def test_a_published_entry_that_residents_cannot_have_says_why(town: Town, alice: Client) -> None:
    Listing.objects.update(price_fen=4000)
    assert "¥40.00" in alice.get(f"/desk/menu/{town.point.pk}/").content.decode()


def test_the_preview_shows_residents_cards_and_no_drafts(town: Town, alice: Client) -> None:
    world.entry(town.point, world.listing(world.enterprise("和谐家政")), state="draft")
    html = alice.get(f"/desk/menu/{town.point.pk}/preview/").content.decode()
    assert "安心家政" in html
    assert "和谐家政" not in html


def test_htmx_swaps_the_list_alone_with_the_message(town: Town, alice: Client) -> None:
    answer = alice.post(f"/desk/menu/entries/{town.entry.pk}/change/", {"price": "42"}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in html
    assert 'hx-swap-oob="true"' in html
    assert 'value="42.00"' in html


@pytest.mark.parametrize("rows", [1, 3])
def test_the_builder_takes_the_same_queries_however_long_the_menu(
    rows: int, town: Town, alice: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows - 1):
        world.entry(town.point, world.listing(world.enterprise(f"家政{number}")))
    search: dict[str, Any] = {"q": "保洁"}
    with django_assert_num_queries(9):
        alice.get(f"/desk/menu/{town.point.pk}/", search, headers={"HX-Request": "true"})


def test_the_list_of_menus_takes_the_same_queries_for_two_points_and_for_four(town: Town, sign_in: SignIn) -> None:
    client = sign_in(world.staff(division=world.WUSHAN), second_factor=True)
    counts = []
    for number in range(4):
        world.point(f"服务站{number}", world.DONGGUANZHUANG)
        with CaptureQueriesContext(connection) as asked:
            client.get("/desk/menu/")
        counts.append(len(asked))
    assert len(set(counts)) == 1
