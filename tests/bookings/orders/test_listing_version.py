"""An order keeps the version of price and terms that it was placed under."""

import pytest

from bookings.lifecycle.models import Booking
from providers.listings.models import Listing, ListingVersion
from tests import world
from tests.bookings.ordering import hold, place, tomorrow

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
