"""The resident's home: what is near, what comes next, what could be repeated."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.lifecycle.models import Assignment, Booking, Visit
from communities.accounts.models import HouseholdMember, User
from tests import world
from tests.world import Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
SignIn = Callable[..., Client]


@pytest.fixture
def town() -> Town:
    return world.town()


def booking(town: Town, state: str, starts_at: datetime, no: str = "B1", **fields: Any) -> Booking:
    """Alice's booking in a state, with its visit and the worker named for it."""
    ends_at = starts_at + timedelta(hours=2)
    visit = Visit.objects.create(
        item=town.entry.listing.item, starts_at=starts_at, ends_at=ends_at, lat=world.HOME[0], lon=world.HOME[1]
    )
    Assignment.objects.create(
        visit=visit, worker=town.worker, state="done" if state in ("finished", "settled") else "confirmed",
        busy_from=starts_at, busy_until=ends_at, created_at=world.NOW,
    )  # fmt: skip
    defaults = {
        "no": no, "state": state, "channel": "web", "resident": town.alice, "placed_by": town.alice,
        "household": town.home, "home_area_id": town.home.community_id, "lat": town.home.lat, "lon": town.home.lon,
        "item": visit.item, "entry": town.entry, "quantity": 2, "visit": visit, "starts_at": starts_at,
        "ends_at": ends_at, "terms": world.terms(), "terms_accepted_at": world.NOW, "point": town.point,
        "enterprise": town.enterprise, "shard": "4401", "created_at": world.NOW, "placed_at": world.NOW,
    }  # fmt: skip
    return Booking.objects.create(**{**defaults, **fields})


def at_home(client: Client, person: User | None = None) -> str:
    """The page with Chashan as the community."""
    client.cookies["community"] = world.CHASHAN
    return client.get("/").content.decode()


def test_without_a_community_the_page_asks_for_one(client: Client, town: Town) -> None:
    html = client.get("/").content.decode()
    assert 'action="/communities/"' in html
    assert "日常保洁" not in html


def test_the_home_shows_kinds_and_points_in_reach(client: Client, town: Town) -> None:
    world.kind("cooking")
    html = at_home(client)
    assert 'href="/services/cleaning/"' in html
    assert 'href="/services/cooking/"' not in html
    assert "茶山服务站" in html
    assert "20:00" in html


def test_a_point_that_does_not_reach_so_far_is_not_shown(client: Client, town: Town) -> None:
    world.point("远方服务站", world.LVHE, lat=world.HOME[0] + 0.1, reach_m=3000)
    world.point("远方大站", world.LVHE, lat=world.HOME[0] + 0.1, reach_m=20_000)
    html = at_home(client)
    assert "远方服务站" not in html
    assert "远方大站" in html


def test_where_no_point_reaches_one_can_call_the_nearest(client: Client, town: Town) -> None:
    town.point.lat += 0.1
    town.point.save()
    html = at_home(client)
    assert 'href="tel:020-12345678"' in html
    assert "hs-empty" in html


def test_without_any_point_the_page_says_so(client: Client) -> None:
    world.divisions()
    assert "hs-empty" in at_home(client)


def test_the_first_home_is_the_community_of_who_never_chose_one(sign_in: SignIn, town: Town) -> None:
    assert "茶山服务站" in sign_in(town.alice).get("/").content.decode()


def test_the_next_visit_stands_with_its_state_and_link(sign_in: SignIn, town: Town) -> None:
    booking(town, "confirmed", world.NOW + timedelta(days=2), "B2")
    booking(town, "confirmed", world.NOW + timedelta(days=1), "B1")
    html = at_home(sign_in(town.alice))
    assert "/bookings/B1/" in html
    assert "/bookings/B2/" not in html


def test_a_household_member_sees_the_visit_and_a_stranger_does_not(sign_in: SignIn, town: Town) -> None:
    booking(town, "confirmed", world.NOW + timedelta(days=1))
    bob, charlie = world.user("鲍勃"), world.user("查理")
    HouseholdMember.objects.create(household=town.home, user=bob, part="member", granted_at=world.JOINED)
    assert "/bookings/B1/" in at_home(sign_in(bob))
    assert "/bookings/B1/" not in at_home(sign_in(charlie))
    staff = sign_in(world.staff(division=world.WUSHAN), second_factor=True)
    assert "/bookings/B1/" not in at_home(staff)


@pytest.mark.parametrize("state", ["cancelled", "unfilled", "no_show"])
def test_what_has_ended_is_no_next_visit(sign_in: SignIn, town: Town, state: str) -> None:
    booking(town, state, world.NOW + timedelta(days=1))
    assert "/bookings/B1/" not in at_home(sign_in(town.alice))


def test_a_held_time_is_no_next_visit(sign_in: SignIn, town: Town) -> None:
    booking(town, "held", world.NOW + timedelta(days=1), placed_at=None, hold_until=world.NOW + timedelta(minutes=9))
    assert "/bookings/B1/" not in at_home(sign_in(town.alice))


def test_a_finished_service_can_be_booked_again_with_the_worker_named(sign_in: SignIn, town: Town) -> None:
    booking(town, "settled", world.NOW - timedelta(days=3))
    html = at_home(sign_in(town.alice))
    assert "李**" in html
    assert "/bookings/B1/again/" in html
    assert "/bookings/B1/again/" not in at_home(sign_in(world.user("查理")))


def test_an_item_stands_once_and_only_while_it_is_on_offer(sign_in: SignIn, town: Town) -> None:
    booking(town, "settled", world.NOW - timedelta(days=9), "B1")
    booking(town, "settled", world.NOW - timedelta(days=3), "B2")
    alice = sign_in(town.alice)
    html = at_home(alice)
    assert "/bookings/B2/again/" in html
    assert "/bookings/B1/again/" not in html
    town.enterprise.state = "suspended"
    town.enterprise.save()
    assert "/again/" not in at_home(alice)


def test_the_home_costs_the_same_queries_for_one_row_of_each_and_for_three(sign_in: SignIn, town: Town) -> None:
    alice = sign_in(town.alice)
    counts = []
    for number in range(3):
        booking(town, "settled", world.NOW - timedelta(days=number + 2), f"D{number}")
        booking(town, "confirmed", world.NOW + timedelta(days=number + 1), f"C{number}")
        with CaptureQueriesContext(connection) as asked:
            at_home(alice)
        counts.append(len(asked))
        point = world.point(f"服务站{number}", world.DONGGUANZHUANG)
        kind = world.kind(f"kind{number}")
        item = world.item(f"KK0{number}", kind=kind)
        world.entry(point, world.listing(town.enterprise, item))
    assert len(set(counts[1:])) == 1, counts


def test_the_home_is_english_for_who_wants_it(client: Client, town: Town) -> None:
    client.cookies["language"] = "en"
    html = at_home(client)
    assert "Services near home" in html
    assert "Cleaning" in html
