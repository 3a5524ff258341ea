"""The enterprise offers items, reprices and stops them."""

import pytest
from django.urls import reverse

from providers.listings.models import Listing
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.mark.parametrize("count", [1, 3])
def test_the_listings_take_six_queries_however_many(alice, firm, count, django_assert_num_queries):
    for number in range(count):
        world.listing(firm, world.item(f"CL0{number}", position=number))
    alice.get(reverse("enterprise_listings"))
    with django_assert_num_queries(6):
        assert alice.get(reverse("enterprise_listings")).status_code == 200


def test_an_item_is_offered_repriced_stopped_and_offered_again(alice, firm):
    world.item()
    offer = {"item": "CL01", "tier": "standard", "price": "45.50"}
    assert alice.post(reverse("enterprise_listing_new"), offer).status_code == 302
    listing = Listing.objects.get()
    assert (listing.enterprise, listing.price_fen, listing.active) == (firm, 4550, True)
    assert alice.post(reverse("enterprise_listing_price", args=[listing.pk]), {"price": "50"}).status_code == 302
    alice.post(reverse("enterprise_listing_active", args=[listing.pk]))
    listing.refresh_from_db()
    assert (listing.price_fen, listing.active) == (5000, False)
    alice.post(reverse("enterprise_listing_active", args=[listing.pk]), {"active": "yes"})
    listing.refresh_from_db()
    assert listing.active


@pytest.mark.parametrize("price", ["", "0", "-5", "abc", "1.234", "9999999999", "500"])
def test_a_wrong_price_is_told_and_stays_in_its_field(alice, firm, price):
    listing = world.listing(firm)
    response = alice.post(reverse("enterprise_listing_price", args=[listing.pk]), {"price": price})
    listing.refresh_from_db()
    assert (response.status_code, listing.price_fen) == (422, 4500)
    assert "hs-error" in response.content.decode()
    new = alice.post(reverse("enterprise_listing_new"), {"item": "CL01", "tier": "premium", "price": price})
    assert new.status_code == 422


def test_another_enterprises_listing_is_not_found(charlie, firm):
    listing = world.listing(firm)
    assert charlie.post(reverse("enterprise_listing_price", args=[listing.pk]), {"price": "1"}).status_code == 404
    assert charlie.post(reverse("enterprise_listing_active", args=[listing.pk])).status_code == 404
    listing.refresh_from_db()
    assert (listing.price_fen, listing.active) == (4500, True)
