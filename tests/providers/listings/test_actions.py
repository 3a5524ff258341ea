"""Offering items at prices."""

import pytest

from homeservice.kernel.errors import DomainError
from providers.credentials.rules import BLOCK
from providers.listings.actions import change_price, offer_item, set_listing_active
from providers.listings.models import Listing
from providers.listings.rules import why_not_price
from tests import world

pytestmark = pytest.mark.django_db


def offer(firm, item, price_fen=4500, tier="standard"):
    return offer_item(enterprise=firm, item=item, tier=tier, price_fen=price_fen, at=world.NOW)


def refused_with(call) -> DomainError:
    with pytest.raises(DomainError) as refused:
        call()
    return refused.value


def test_an_item_is_offered_once_a_tier():
    firm, item = world.enterprise(), world.item()
    offer(firm, item)
    offer(firm, item, tier="premium")
    error = refused_with(lambda: offer(firm, item))
    assert (error.code, error.field) == ("listed_already", "item")
    assert Listing.objects.count() == 2


def test_a_licence_that_lacks_keeps_the_item_off_until_it_is_there():
    world.requirement("O-FD", holder="enterprise")
    firm, item = world.enterprise(), world.item()
    error = refused_with(lambda: offer(firm, item))
    assert (error.code, [finding.effect for finding in error.facts["findings"]]) == ("gate_blocks", [BLOCK])
    world.credential(firm, "O-FD")
    assert offer(firm, item).active


def test_a_suspended_enterprise_offers_nothing_new():
    assert refused_with(lambda: offer(world.enterprise(state="suspended"), world.item())).code == "gate_blocks"


def test_a_listing_is_stopped_and_put_back_only_through_the_gate():
    firm, item = world.enterprise(), world.item()
    listing = offer(firm, item)
    set_listing_active(listing=listing, active=False, at=world.NOW)
    world.requirement("O-FD", holder="enterprise")
    assert refused_with(lambda: set_listing_active(listing=listing, active=True, at=world.NOW)).code == "gate_blocks"
    listing.refresh_from_db()
    assert not listing.active


def test_an_item_by_contract_is_not_offered():
    item = world.item("NA01", bookable=False)
    assert refused_with(lambda: offer(world.enterprise(), item)).code == "not_bookable"


@pytest.mark.parametrize(
    ("price_fen", "low", "code"),
    [
        (0, 3800, "listing_price"),
        (-1, 0, "listing_price"),
        (16501, 3800, "listing_price"),
        (0, 0, None),
        (16500, 1, None),
    ],
)
def test_a_price_is_more_than_nothing_and_not_a_slip_of_the_keyboard(price_fen, low, code):
    refusal = why_not_price(price_fen, low, 5500)
    assert (refusal and refusal.code) == code


def test_a_changed_price_is_kept_in_history():
    listing = offer(world.enterprise(), world.item())
    change_price(listing=listing, price_fen=5000)
    assert list(listing.history.order_by("history_id").values_list("price_fen", flat=True)) == [4500, 5000]
    assert refused_with(lambda: change_price(listing=listing, price_fen=0)).field == "price"
