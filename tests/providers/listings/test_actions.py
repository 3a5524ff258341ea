"""Offering items at prices."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from homeservice.kernel.errors import DomainError
from providers.credentials.rules import BLOCK
from providers.listings.actions import change_price, offer_item, publish_version, set_listing_active
from providers.listings.models import Listing
from providers.listings.queries import compared_price, posted_by
from providers.listings.rules import AddOn, Posted, why_not_price
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


def test_a_changed_price_is_a_new_version_and_kept_in_history():
    listing = offer(world.enterprise(), world.item())
    change_price(listing=listing, price_fen=5000, at=world.NOW)
    assert list(listing.history.order_by("history_id").values_list("price_fen", flat=True)) == [4500, 5000]
    assert list(listing.versions.order_by("no").values_list("no", "price_fen")) == [(1, 4500), (2, 5000)]
    assert refused_with(lambda: change_price(listing=listing, price_fen=0, at=world.NOW)).field == "price"


def test_a_new_listing_posts_the_steps_of_the_catalogue():
    item = world.item(
        includes_zh=["擦拭台面"], includes_en=["Wipe surfaces"], excludes_zh=["擦外窗"], excludes_en=["Outer windows"]
    )
    manager = world.user()
    listing = offer_item(
        enterprise=world.enterprise(), item=item, tier="standard", price_fen=4500, actor_id=manager.pk, at=world.NOW
    )
    version = listing.versions.get()
    assert (version.no, version.price_fen, version.includes_zh, version.excludes_en, version.published_by, version.published_at) == (
        1, 4500, ["擦拭台面"], ["Outer windows"], manager, world.NOW,
    )  # fmt: skip


def publish(listing, posted, seen_no=1):
    return publish_version(listing=listing, posted=posted, seen_no=seen_no, actor_id=None, at=world.NOW)


def test_everything_posted_stands_in_the_version_and_price_and_terms_on_the_listing():
    firm = world.enterprise()
    listing = offer(firm, world.item())
    posted = Posted(
        price_fen=5000, min_quantity=3, areas=("440106",), includes_zh=("擦拭",), add_ons=(AddOn("擦油烟机", 8000),),
        holiday_bp=5000, night_bp=3000, night_from=time(22), night_until=time(6), travel_free_m=5000,
        travel_fen_per_km=300, cancel_tiers=((12, 0), (4, 1000), (0, 3000)), terms_zh="自带工具", terms_en="Own tools",
    )  # fmt: skip
    publish(listing, posted)
    listing.refresh_from_db()
    assert (listing.version_no, listing.price_fen, listing.terms_zh) == (2, 5000, "自带工具")
    assert posted_by(listing.versions.get(no=2), listing.item) == posted
    assert posted_by(listing.versions.get(no=1), listing.item) == Posted(price_fen=4500)


def test_who_saw_an_older_version_is_told_and_nothing_is_posted():
    listing = offer(world.enterprise(), world.item())
    publish(listing, Posted(price_fen=5000))
    error = refused_with(lambda: publish(listing, Posted(price_fen=4000), seen_no=1))
    assert (error.code, error.facts) == ("listing_changed", {"version_no": 2})
    assert refused_with(lambda: publish(listing, Posted(price_fen=5000), seen_no=2)).code == "listing_unchanged"
    assert listing.versions.count() == 2


def test_terms_are_posted_only_through_the_gate():
    listing = offer(world.enterprise(), world.item())
    world.requirement("O-FD", holder="enterprise")
    assert refused_with(lambda: publish(listing, Posted(price_fen=5000))).code == "gate_blocks"


def test_an_area_that_does_not_exist_is_refused():
    listing = offer(world.enterprise(), world.item())
    assert refused_with(lambda: publish(listing, Posted(price_fen=5000, areas=("440199",)))).code == "listing_area"


@pytest.mark.parametrize(
    "change", ["UPDATE providers_listingversion SET price_fen = 1", "DELETE FROM providers_listingversion"]
)
def test_what_was_posted_can_neither_be_changed_nor_removed(change):
    offer(world.enterprise(), world.item())
    with (
        pytest.raises(IntegrityError, match="listing_version_append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_a_school_subject_is_refused_by_the_rule_and_by_the_database():
    item = world.item("TU01", school_subject=True, bookable=False)
    firm = world.enterprise()
    assert refused_with(lambda: offer(firm, item)).code == "listing_school_subject"
    with pytest.raises(IntegrityError, match="listing_no_school_subject"), transaction.atomic():
        Listing.objects.create(enterprise=firm, item=item, price_fen=4500)
    listing = offer(firm, world.item())
    with pytest.raises(IntegrityError, match="listing_no_school_subject"), transaction.atomic():
        Listing.objects.filter(pk=listing.pk).update(item=item)
    assert list(Listing.objects.values_list("item_id", flat=True)) == ["CL01"]


def test_the_former_price_is_shown_only_where_it_is_true():
    listing = offer(world.enterprise(), world.item())
    for days, price_fen in ((10, 5000), (12, 4000)):
        change_price(listing=listing, price_fen=price_fen, at=world.NOW + timedelta(days=days))
    assert compared_price(listing) == 4500
