"""An order keeps the version of price and terms that it was placed under."""

import pytest

from bookings.lifecycle.models import Booking, BookingEvent
from bookings.orders.actions import cancellation_fee
from homeservice.kernel.errors import DomainError
from providers.listings.models import Listing, ListingVersion
from tests import world
from tests.bookings.ordering import hold, place, placed, tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def test_a_later_version_changes_nothing_of_a_booking() -> None:
    town = world.town()
    listing = town.entry.listing
    first = ListingVersion.objects.get(listing=listing)
    booking = hold(town.alice, town.home, town.entry, tomorrow(10))
    assert (booking.listing_version, booking.snapshot["listing_version"]) == (first, 1)
    before = (booking.price_fen, booking.price_parts, booking.snapshot)

    ListingVersion.objects.create(listing=listing, no=2, price_fen=9900, published_at=world.NOW)
    Listing.objects.filter(pk=listing.pk).update(version_no=2, price_fen=9900)
    place(booking)

    kept = Booking.objects.get(pk=booking.pk)
    assert (kept.listing_version, kept.price_fen, kept.price_parts, kept.snapshot) == (first, *before)


def test_an_order_after_a_new_version_is_placed_under_that() -> None:
    town = world.town()
    listing = town.entry.listing
    second = ListingVersion.objects.create(listing=listing, no=2, price_fen=4500, published_at=world.NOW)
    Listing.objects.filter(pk=listing.pk).update(version_no=2)
    entry = type(town.entry).objects.get(pk=town.entry.pk)
    booking = hold(town.alice, town.home, entry, tomorrow(10))
    assert (booking.listing_version, booking.snapshot["listing_version"]) == (second, 2)


def post(town: world.Town, **terms: object) -> None:
    """The enterprise posts version 2 at the same price, and the town's entry is read anew."""
    listing = town.entry.listing
    ListingVersion.objects.create(listing=listing, no=2, price_fen=4500, published_at=world.NOW, **terms)
    listing.version_no = 2
    listing.save()


def tiers(*steps: tuple[int, int]) -> list[dict[str, int]]:
    return [{"hours_before": hours, "fee_bp": fee_bp} for hours, fee_bp in steps]


def test_cancelling_costs_no_more_than_the_enterprise_posted() -> None:
    town = world.town()
    post(town, cancel_tiers=tiers((24, 0), (0, 1000)))
    booking = hold(town.alice, town.home, town.entry, tomorrow(10))
    assert booking.snapshot["cancel_tiers"] == [[12, 0], [0, 1000]]
    assert booking.price_fen == 9000

    booking.state = "confirmed"
    assert [cancellation_fee(booking, at=at) for at in (tomorrow(9), world.NOW)] == [900, 0]


def test_who_posts_nothing_of_cancelling_has_the_platforms_steps() -> None:
    town = world.town()
    assert hold(town.alice, town.home, town.entry, tomorrow(10)).snapshot["cancel_tiers"] == [
        [12, 0], [4, 2000], [0, 5000]
    ]  # fmt: skip


def test_cancelling_is_free_once_another_enterprise_was_sought() -> None:
    booking = placed(world.town())
    booking.state = "confirmed"
    assert cancellation_fee(booking, at=tomorrow(9)) == 4500
    BookingEvent.objects.create(booking=booking, step="hand_over", target="placed", at=world.NOW, actor_role="system")
    assert cancellation_fee(booking, at=tomorrow(9)) == 0


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"min_quantity": 3}, "quantity_out_of_range"),
        ({"min_quantity": 2}, ""),
        ({"areas": [world.SHIPAI]}, "area_not_served"),
        ({"areas": [world.SHIPAI, world.WUSHAN]}, ""),
    ],
)
def test_an_order_keeps_to_the_least_quantity_and_the_areas_posted(terms: dict[str, object], code: str) -> None:
    town = world.town()
    post(town, **terms)
    if not code:
        assert hold(town.alice, town.home, town.entry, tomorrow(10)).state == "held"
        return
    with pytest.raises(DomainError) as refusal:
        hold(town.alice, town.home, town.entry, tomorrow(10))
    assert refusal.value.code == code
    assert not Booking.objects.exists()
