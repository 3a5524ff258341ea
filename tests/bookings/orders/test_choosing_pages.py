from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from bookings.lifecycle.models import Assignment, Booking, State
from bookings.menus.models import MenuEntry
from bookings.money.models import PricePolicy
from communities.accounts.models import HouseholdMember
from homeservice.foundation.models import Holiday
from homeservice.kernel import clock
from providers.workers.models import Leave
from tests import world
from tests.bookings.ordering import hold, tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
SignIn = Callable[..., Client]
PAGE_QUERIES = 17


def english(client: Client, *, elder: bool = False) -> Client:
    client.cookies["language"] = "en"
    if elder:
        client.cookies["mode"] = "elder"
    return client


def start(client: Client, entry: MenuEntry, **wanted: Any) -> Any:
    headers = wanted.pop("headers", {})
    return client.get(reverse("order_start", args=[entry.pk]), wanted, headers=headers)


def take(client: Client, town: world.Town, **changes: Any) -> Any:
    """Sends the form of the ordering page, as its inputs would."""
    wanted = {"household": town.home.pk, "quantity": 2, "starts_at": clock.local(tomorrow(10)).isoformat(), **changes}
    return client.post(reverse("order_hold", args=[town.entry.pk]), wanted)


def test_the_page_shows_fourteen_days_and_the_first_free_day_s_times(sign_in: SignIn) -> None:
    town = world.town()
    response = start(english(sign_in(town.alice)), town.entry)
    context = response.context
    assert [day["date"] for day in context["days"]] == [world.MONDAY + timedelta(days=n) for n in range(14)]
    assert [chip["starts_at"] for chip in context["times"]][:2] == [
        world.NOW + timedelta(hours=1), world.NOW + timedelta(hours=1, minutes=30),
    ]  # fmt: skip
    assert (context["minutes"], context["base_fen"]) == (120, 9000)
    assert b"\xc2\xa590.00" in response.content


def test_a_larger_quantity_takes_longer_and_costs_more(sign_in: SignIn) -> None:
    town = world.town()
    context = start(sign_in(town.alice), town.entry, quantity=4).context
    assert (context["minutes"], context["base_fen"]) == (240, 18_000)
    assert context["times"][-1]["starts_at"] == world.NOW + timedelta(hours=7)  # it must end by 20:00


@pytest.mark.parametrize("nonsense", ["", "0", "99", "-1", "two", "𡚸", "9" * 40])
def test_a_quantity_that_makes_no_sense_in_the_address_is_mended(sign_in: SignIn, nonsense: str) -> None:
    town = world.town()
    response = start(sign_in(town.alice), town.entry, quantity=nonsense, household="x", day="32.13.", again="?")
    assert response.status_code == 200
    assert 120 <= response.context["minutes"] <= 240


def test_htmx_gets_the_times_alone_and_they_are_those_of_the_page(sign_in: SignIn) -> None:
    town = world.town()
    client = sign_in(town.alice)
    page = start(client, town.entry, quantity=3).content.decode()
    fragment = start(client, town.entry, quantity=3, headers={"HX-Request": "true"}).content.decode()
    assert fragment.strip() in page
    assert "<html" not in fragment


def test_a_holiday_s_surcharge_is_told_before_a_time_is_chosen(sign_in: SignIn) -> None:
    town = world.town()
    day = world.MONDAY + timedelta(days=1)
    Holiday.objects.create(day=day, name_zh="节日", name_en="Festival", kind="statutory")
    whole_year = DateRange(date(2026, 1, 1), date(2027, 1, 1))
    PricePolicy.objects.create(area_code="44", validity=whole_year, holiday_bp=10_000, cancel_tiers=[[0, 0]])
    client = english(sign_in(town.alice))
    assert "surcharges included" not in start(client, town.entry).content.decode()
    assert "On this day it costs ¥180.00" in start(client, town.entry, day=day.isoformat()).content.decode()


def test_the_next_free_times_are_remembered_for_half_a_minute(
    sign_in: SignIn, django_assert_num_queries: Callable[..., Any]
) -> None:
    town = world.town()
    client = sign_in(town.alice)
    url = reverse("entry_next_free", args=[town.entry.pk])
    first = client.get(url, headers={"HX-Request": "true"})
    with django_assert_num_queries(3):
        again = client.get(url, headers={"HX-Request": "true"})
    assert first.context["times"] == again.context["times"]


def test_a_day_without_a_free_time_says_so(sign_in: SignIn) -> None:
    town = world.town()
    Leave.objects.create(worker=town.worker, period=clock.day_bounds(world.MONDAY + timedelta(days=1)))
    response = start(english(sign_in(town.alice)), town.entry, day="2026-11-24")
    assert response.context["no_time_that_day"]
    assert "Nothing is free on this day" in response.content.decode()
    assert [day["free"] > 0 for day in response.context["days"]][:3] == [True, False, True]


def test_no_time_in_fourteen_days_offers_other_points_and_the_phone(sign_in: SignIn) -> None:
    town = world.town()
    firm = world.enterprise("第二家政")
    other = world.entry(world.point("五山服务站", world.DONGGUANZHUANG), world.listing(firm))
    begins = clock.day_bounds(world.MONDAY)[0]
    Leave.objects.create(worker=town.worker, period=(begins, begins + timedelta(days=15)))
    page = start(english(sign_in(town.alice)), town.entry).content.decode()
    assert "Nothing is free in the next 14 days." in page
    assert 'href="tel:020-12345678"' in page
    assert f"{reverse('order_start', args=[other.pk])}?household={town.home.pk}" in page


def test_a_home_out_of_the_point_s_reach_is_told_before_a_time_is_chosen(sign_in: SignIn) -> None:
    town = world.town()
    far = world.household(town.alice, world.LVHE, (23.30, 113.50))
    client = english(sign_in(town.alice))
    page = start(client, town.entry, household=far.pk).content.decode()
    assert "This service point does not come to that home." in page
    response = take(client, town, household=far.pk)
    assert (response.status_code, Booking.objects.count()) == (422, 0)
    assert "This service point does not serve that home." in response.content.decode()


def test_without_a_home_one_is_added_first_and_the_way_leads_back(sign_in: SignIn) -> None:
    town = world.town()
    newcomer = world.user("新居民")
    response = start(sign_in(newcomer), town.entry, quantity=3)
    assert response.status_code == 302
    assert (
        response["Location"] == f"{reverse('household_new')}?next=%2Fmenu%2F{town.entry.pk}%2Forder%2F%3Fquantity%3D3"
    )


def test_a_family_proxy_orders_for_the_home_and_a_stranger_cannot(sign_in: SignIn) -> None:
    town = world.town()
    bob, charlie = world.user("鲍勃"), world.user("查理")
    HouseholdMember.objects.create(household=town.home, user=bob, part="proxy", granted_at=world.JOINED)
    world.household(charlie)
    assert take(sign_in(bob), town).status_code == 302
    assert Booking.objects.get().household == town.home
    take(sign_in(charlie), town, starts_at=clock.local(tomorrow(15)).isoformat())
    assert not Booking.objects.filter(household=town.home, resident=charlie).exists()


def test_anonymous_people_are_asked_to_sign_in_and_come_back() -> None:
    town = world.town()
    response = Client().get(reverse("order_start", args=[town.entry.pk]))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("sign_in"))
    assert take(Client(), town).status_code == 302
    assert not Booking.objects.exists()


@pytest.mark.parametrize("withdrawn", ["entry", "point", "listing", "enterprise", "item"])
def test_what_is_not_on_offer_cannot_be_ordered(sign_in: SignIn, withdrawn: str) -> None:
    town = world.town()
    listing = town.entry.listing
    changes: dict[str, tuple[Any, dict[str, Any]]] = {
        "entry": (town.entry, {"state": "draft"}), "point": (town.point, {"active": False}),
        "listing": (listing, {"active": False}), "enterprise": (town.enterprise, {"state": "suspended"}),
        "item": (listing.item, {"bookable": False}),
    }  # fmt: skip
    row, fields = changes[withdrawn]
    type(row).objects.filter(pk=row.pk).update(**fields)
    client = sign_in(town.alice)
    assert start(client, town.entry).status_code == 404
    assert take(client, town).status_code == 404


def test_taking_a_time_holds_it_and_leads_to_the_details(sign_in: SignIn) -> None:
    town = world.town()
    response = take(sign_in(town.alice), town, quantity=3)
    booking = Booking.objects.get()
    assert (booking.state, booking.quantity, booking.starts_at) == (State.HELD, 3, tomorrow(10))
    assert response["Location"] == reverse("order_details", args=[booking.no])


def test_a_time_that_has_gone_shows_the_nearest_ones_and_keeps_the_quantity(sign_in: SignIn) -> None:
    town = world.town()
    bob = world.verified(world.user("鲍勃"))
    hold(bob, world.household(bob), town.entry, tomorrow(10))
    client = english(sign_in(town.alice))
    response = take(client, town, quantity=3)
    page = response.content.decode()
    assert response.status_code == 422
    assert "This time has just been taken" in page
    assert response.context["alternatives"]
    assert 'name="quantity" value="3"' in page
    one_tap = clock.local(response.context["alternatives"][0]).isoformat()
    assert f'value="{one_tap}"' in page
    again = take(client, town, quantity=3, starts_at=one_tap)
    assert again.status_code == 302
    assert Booking.objects.get(resident=town.alice).quantity == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"starts_at": ""}, "Please choose a time."),
        ({"starts_at": "𡚸"}, "Please choose a time."),
        ({"starts_at": "9999-12-31T23:59:00-12:00"}, "Please choose a time."),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "Please choose a time."),
        ({"starts_at": "2026-11-22T10:00:00+08:00"}, "This time is too soon or has passed."),
        ({"quantity": 9}, "Choose between 2 and 4."),
    ],
)
def test_what_cannot_be_held_is_refused_in_words(sign_in: SignIn, changes: dict[str, Any], message: str) -> None:
    town = world.town()
    response = take(english(sign_in(town.alice)), town, **changes)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Booking.objects.exists()


def test_the_elder_version_asks_one_question_a_page(sign_in: SignIn) -> None:
    town = world.town()
    client = english(sign_in(town.alice), elder=True)
    first = start(client, town.entry)
    assert (first.context["step"], first.context["step_labels"]) == ("quantity", ["How much", "Day", "Time"])
    second = start(client, town.entry, quantity=3, step="day")
    assert second.context["step"] == "day"
    assert b'name="starts_at"' not in second.content
    third = start(client, town.entry, quantity=3, step="time", day="2026-11-24")
    assert {clock.local_day(chip["starts_at"]) for chip in third.context["times"]} == {world.MONDAY + timedelta(days=1)}
    assert 'name="quantity" value="3"' in third.content.decode()


def test_a_meal_is_ordered_by_sitting_and_needs_no_worker(sign_in: SignIn) -> None:
    town = world.town()
    meal = world.item(
        "ME01", name_zh="长者午餐", name_en="Lunch for elders", unit="meal", min_quantity=1, max_quantity=6,
        duration_min=60, duration_per_unit_min=0, needs_worker=False, place="point",
    )  # fmt: skip
    entry = world.entry(town.point, world.listing(town.enterprise, meal), capacity=5, sittings=[time(11, 30)])
    client = english(sign_in(town.alice))
    response = start(client, entry, quantity=2)
    assert [chip["starts_at"] for chip in response.context["times"]] == [clock.at_local(world.MONDAY, time(11, 30))]
    wanted = {"household": town.home.pk, "quantity": 2, "starts_at": "2026-11-24T11:30:00+08:00"}
    held = client.post(reverse("order_hold", args=[entry.pk]), wanted)
    page = client.get(held["Location"]).content.decode()
    assert "茶山路1号" in page
    assert "A child will be at home" not in page
    assert start(client, entry, quantity=4, day="2026-11-24").context["no_time_that_day"]


def test_ordering_again_prefers_the_worker_who_came(sign_in: SignIn) -> None:
    town = world.town()
    far = (world.HOME[0] + 0.02, world.HOME[1])
    second = world.worker(town.enterprise, "陈阿姨", lat=far[0], lon=far[1])
    before = hold(town.alice, town.home, town.entry, tomorrow(10), quantity=3)
    Booking.objects.filter(pk=before.pk).update(
        state="settled", placed_at=world.NOW, terms=world.terms(), terms_accepted_at=world.NOW, point=town.point,
        enterprise=town.enterprise,
    )  # fmt: skip
    Assignment.objects.update(worker=second, state="done")
    client = sign_in(town.alice)
    response = client.get(reverse("booking_again", args=[before.no]))
    assert response["Location"].endswith(f"household={town.home.pk}&quantity=3&again={before.no}")
    take(client, town, starts_at=clock.local(tomorrow(15)).isoformat(), again=before.no)
    assert Assignment.objects.get(state="tentative").worker == second


def test_a_stranger_s_booking_number_brings_nobody_s_worker(sign_in: SignIn) -> None:
    town = world.town()
    charlie = world.verified(world.user("查理"))
    world.household(charlie)
    before = hold(town.alice, town.home, town.entry, tomorrow(10))
    assert sign_in(charlie).get(reverse("booking_again", args=[before.no])).status_code == 404


def test_the_page_asks_the_same_few_questions_however_many_workers(
    sign_in: SignIn, django_assert_num_queries: Callable[..., Any]
) -> None:
    town = world.town()
    client = sign_in(town.alice)
    start(client, town.entry)
    with django_assert_num_queries(PAGE_QUERIES):
        start(client, town.entry)
    for name in ("陈阿姨", "黄阿姨"):
        world.worker(town.enterprise, name)
    with django_assert_num_queries(PAGE_QUERIES):
        start(client, town.entry)


def test_the_next_free_times_of_an_entry_stand_on_its_page(sign_in: SignIn) -> None:
    town = world.town()
    response = english(sign_in(town.alice)).get(reverse("entry_next_free", args=[town.entry.pk]))
    assert response.context["times"] == [world.NOW + timedelta(minutes=m) for m in (60, 90, 120)]
    visitor = Client()
    assert b"Choose your community" in english(visitor).get(reverse("entry_next_free", args=[town.entry.pk])).content
    visitor.cookies["community"] = world.CHASHAN
    response = visitor.get(reverse("entry_next_free", args=[town.entry.pk]), headers={"HX-Request": "true"})
    assert response.context["times"][0] == world.NOW + timedelta(hours=1)
    assert b"<html" not in response.content
