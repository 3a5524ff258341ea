from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from bookings.menus.actions import (
    add_entry,
    change_entry,
    follow_listings,
    move_entry,
    publish_entry,
    publish_menu,
    withdraw_entry,
)
from bookings.menus.models import Menu, MenuEntry, Sitting
from communities.accounts.models import User
from communities.points.models import ServicePoint
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError
from providers.listings.models import Listing
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> ServicePoint:
    return world.point()


@pytest.fixture
def alice(here: ServicePoint) -> User:
    """She runs the desk of the point."""
    return world.staff(point=here)


@pytest.fixture
def offered(here: ServicePoint) -> Listing:
    return world.listing(world.enterprise())


@pytest.fixture
def add(here: ServicePoint, alice: User) -> Callable[..., MenuEntry]:
    def added(listing: Listing, **fields: Any) -> MenuEntry:
        terms = {"price_fen": listing.price_fen, "capacity": None, "sittings": [], **fields}
        return add_entry(point=here, listing=listing, by=alice, at=world.NOW, **terms)

    return added


def version(point: ServicePoint) -> int:
    return Menu.objects.get(point=point).version


def code_of(act: Callable[..., object], **arguments: object) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as refusal:
        act(**arguments)
    return refusal.value.code, refusal.value.field


def test_an_added_listing_is_a_draft_at_the_end(here: ServicePoint, offered: Listing, add: Any, alice: User) -> None:
    world.entry(here, world.listing(world.enterprise("和谐家政")), position=4)
    entry = add(offered, price_fen=4200)
    assert (entry.state, entry.position, entry.price_fen, entry.item_code) == ("draft", 5, 4200, "CL01")
    assert version(here) == 1
    audit = AuditEntry.objects.get()
    assert (audit.actor_id, audit.action, audit.subject_id) == (alice.pk, "menu.entry_added", str(entry.pk))


def test_the_first_entry_makes_the_menu_of_a_point_without_one(offered: Listing, add: Any, here: ServicePoint) -> None:
    Menu.objects.all().delete()
    assert add(offered).position == 0
    assert version(here) == 1


def test_a_price_above_the_listing_is_refused(offered: Listing, add: Any) -> None:
    assert code_of(add, listing=offered, price_fen=4501) == ("price_above_listing", "price")
    assert not MenuEntry.objects.exists()


def test_a_listing_stands_on_a_menu_once(offered: Listing, add: Any) -> None:
    add(offered)
    assert code_of(add, listing=offered) == ("entry_exists", None)


def test_seats_without_places_or_times_are_refused(here: ServicePoint, add: Any) -> None:
    meal = world.item("EL07", needs_worker=False, place="point", unit="meal")
    listing = world.listing(world.enterprise("食堂"), meal)
    assert code_of(add, listing=listing) == ("capacity_missing", "capacity")
    assert code_of(add, listing=listing, capacity=20) == ("sittings_missing", "sittings")
    entry = add(listing, capacity=20, sittings=[time(11, 30)])
    assert (entry.capacity, entry.sittings) == (20, [time(11, 30)])


def test_publishing_shows_the_entry_and_raises_the_version(
    here: ServicePoint, offered: Listing, add: Any, alice: User
) -> None:
    entry = publish_entry(entry=add(offered), by=alice, at=world.NOW)
    menu = Menu.objects.get(point=here)
    assert (menu.version, menu.published_at, menu.published_by) == (2, world.NOW, alice)
    assert list(MenuEntry.objects.on_offer()) == [entry]
    assert [row.state for row in entry.history.order_by("history_id")] == ["draft", "published"]
    assert {(row.history_user, row.history_date) for row in entry.history.all()} == {(alice, world.NOW)}


def test_publishing_again_changes_nothing(here: ServicePoint, offered: Listing, add: Any, alice: User) -> None:
    entry = add(offered)
    for _ in range(2):
        publish_entry(entry=entry, by=alice, at=world.NOW)
    assert version(here) == 2


def test_an_enterprise_without_its_licence_may_not_be_published(
    here: ServicePoint, offered: Listing, add: Any, alice: User
) -> None:
    world.requirement("O-BL", holder="enterprise")
    entry = add(offered)
    assert code_of(publish_entry, entry=entry, by=alice, at=world.NOW) == ("licence_missing", None)
    assert (MenuEntry.objects.get().state, version(here)) == ("draft", 1)
    world.credential(offered.enterprise, "O-BL")
    assert publish_entry(entry=entry, by=alice, at=world.NOW).pk == entry.pk


def test_a_lapsed_licence_blocks_from_the_day_after_its_last(offered: Listing, add: Any, alice: User) -> None:
    world.requirement("O-BL", holder="enterprise")
    world.credential(offered.enterprise, "O-BL", valid_until=world.MONDAY)
    entry = add(offered)
    tomorrow = world.NOW + timedelta(days=1)
    assert code_of(publish_entry, entry=entry, by=alice, at=tomorrow) == ("licence_missing", None)
    assert publish_entry(entry=entry, by=alice, at=world.NOW)


@pytest.mark.parametrize(
    ("listing", "enterprise", "code"),
    [({"active": False}, {}, "listing_not_active"), ({}, {"state": "suspended"}, "enterprise_not_active")],
)
def test_what_has_ended_may_not_be_published(
    offered: Listing, add: Any, alice: User, listing: dict[str, Any], enterprise: dict[str, Any], code: str
) -> None:
    entry = add(offered)
    for row, fields in ((offered, listing), (offered.enterprise, enterprise)):
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    assert code_of(publish_entry, entry=entry, by=alice, at=world.NOW) == (code, None)


def test_a_draft_dearer_than_its_listing_has_become_may_not_be_published(
    offered: Listing, add: Any, alice: User
) -> None:
    entry = add(offered)
    Listing.objects.update(price_fen=4000)
    assert code_of(publish_entry, entry=entry, by=alice, at=world.NOW) == ("price_above_listing", "price")


def test_changing_a_draft_keeps_the_version_and_changing_a_shown_price_raises_it(
    here: ServicePoint, offered: Listing, add: Any, alice: User
) -> None:
    entry = add(offered)
    change = {"entry": entry, "capacity": None, "sittings": [], "by": alice, "at": world.NOW}
    change_entry(price_fen=4400, **change)
    assert version(here) == 1
    publish_entry(entry=entry, by=alice, at=world.NOW)
    change_entry(price_fen=4300, **change)
    assert (version(here), MenuEntry.objects.get().price_fen) == (3, 4300)
    assert AuditEntry.objects.latest("pk").detail["price_fen"] == [4400, 4300]


def test_a_refused_change_changes_nothing(here: ServicePoint, offered: Listing, add: Any, alice: User) -> None:
    entry = add(offered)
    refused = code_of(change_entry, entry=entry, price_fen=9900, capacity=None, sittings=[], by=alice, at=world.NOW)
    assert refused == ("price_above_listing", "price")
    assert MenuEntry.objects.get().price_fen == 4500


def test_a_smaller_capacity_never_takes_a_place_away(here: ServicePoint, add: Any, alice: User) -> None:
    meal = world.item("EL07", needs_worker=False, place="point", unit="meal")
    entry = add(world.listing(world.enterprise("食堂"), meal), capacity=20, sittings=[time(11, 30)])

    def sitting(starts_at: datetime, taken: int) -> Sitting:
        return Sitting.objects.create(entry=entry, starts_at=starts_at, taken=taken, capacity=20)

    day = timedelta(days=1)
    rows = [sitting(world.NOW - day, 3), sitting(world.NOW + day, 3), sitting(world.NOW + 2 * day, 15)]
    change_entry(entry=entry, price_fen=4500, capacity=10, sittings=[time(11, 30)], by=alice, at=world.NOW)
    assert [Sitting.objects.get(pk=row.pk).capacity for row in rows] == [20, 10, 15]


def test_moving_renumbers_the_menu_without_gaps(here: ServicePoint, alice: User) -> None:
    firms = [world.enterprise(f"家政{number}") for number in range(3)]
    first, second, third = [world.entry(here, world.listing(firm), position=7) for firm in firms]
    move_entry(entry=third, place=0, by=alice, at=world.NOW)
    order = MenuEntry.objects.order_by("position").values_list("pk", "position")
    assert list(order) == [(third.pk, 0), (first.pk, 1), (second.pk, 2)]
    assert version(here) == 2
    move_entry(entry=third, place=0, by=alice, at=world.NOW)
    assert version(here) == 2


def test_moving_leaves_other_points_alone(here: ServicePoint, alice: User) -> None:
    firm = world.enterprise()
    there = world.point("东莞庄服务站", world.DONGGUANZHUANG)
    other = world.entry(there, world.listing(firm), position=7)
    mine = [world.entry(here, world.listing(world.enterprise(f"家政{n}")), position=n) for n in range(2)]
    move_entry(entry=mine[1], place=0, by=alice, at=world.NOW)
    other.refresh_from_db()
    assert (other.position, version(there)) == (7, 1)


def test_a_withdrawn_entry_is_not_on_offer_and_can_come_back(
    here: ServicePoint, offered: Listing, add: Any, alice: User
) -> None:
    entry = publish_entry(entry=add(offered), by=alice, at=world.NOW)
    withdraw_entry(entry=entry, by=alice, at=world.NOW)
    withdraw_entry(entry=entry, by=alice, at=world.NOW)
    assert (list(MenuEntry.objects.on_offer()), version(here)) == ([], 3)
    publish_entry(entry=entry, by=alice, at=world.NOW)
    assert (list(MenuEntry.objects.on_offer()), version(here)) == ([entry], 4)


def test_publishing_a_menu_shows_what_may_be_shown_and_says_why_not(here: ServicePoint, add: Any, alice: User) -> None:
    world.requirement("O-BL", holder="enterprise")
    licensed, unlicensed = world.enterprise("有证家政"), world.enterprise("无证家政")
    world.credential(licensed, "O-BL")
    good, bad = add(world.listing(licensed)), add(world.listing(unlicensed))
    outcome = publish_menu(point=here, by=alice, at=world.NOW)
    assert [entry.pk for entry in outcome.published] == [good.pk]
    assert [(entry.pk, refusal.code) for entry, refusal in outcome.refused] == [(bad.pk, "licence_missing")]
    states = dict(MenuEntry.objects.values_list("pk", "state"))
    assert states == {good.pk: "published", bad.pk: "draft"}
    assert version(here) == 2


def test_publishing_a_menu_without_drafts_changes_nothing(here: ServicePoint, alice: User) -> None:
    outcome = publish_menu(point=here, by=alice, at=world.NOW)
    assert (outcome.published, outcome.refused, version(here)) == ((), (), 1)


def test_publishing_takes_the_same_queries_for_one_draft_and_for_three(
    here: ServicePoint, add: Any, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 3):
        for number in range(count):
            add(world.listing(world.enterprise(f"家政{count}{number}")))
        with django_assert_num_queries(10):
            publish_menu(point=here, by=alice, at=world.NOW)


def test_a_listing_that_became_cheaper_takes_its_entries_along(
    here: ServicePoint, offered: Listing, add: Any, alice: User
) -> None:
    entry = publish_entry(entry=add(offered), by=alice, at=world.NOW)
    Listing.objects.update(price_fen=4000)
    assert [row.pk for row in follow_listings(at=world.NOW)] == [entry.pk]
    assert (MenuEntry.objects.get().price_fen, version(here)) == (4000, 3)
    assert (follow_listings(at=world.NOW), version(here)) == ([], 3)


def test_a_listing_that_became_dearer_leaves_the_menu_alone(offered: Listing, add: Any) -> None:
    add(offered, price_fen=4000)
    Listing.objects.update(price_fen=9000)
    assert follow_listings(at=world.NOW) == []
