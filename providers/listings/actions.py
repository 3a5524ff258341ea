"""An enterprise offers items of the catalogue at its own prices and terms. What was posted once stays on record."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.divisions.models import Division
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake
from providers.catalogue.models import ServiceItem
from providers.credentials.queries import assess_enterprise
from providers.credentials.rules import BLOCK
from providers.enterprises.models import Enterprise
from providers.listings.models import Listing, ListingVersion
from providers.listings.queries import first_terms, offered, posted_by, version_in_force
from providers.listings.rules import Posted, why_not_item, why_not_publish

FOLLOW_LISTINGS = "bookings.menus.follow_listings"


@transaction.atomic
def offer_item(
    *, enterprise: Enterprise, item: ServiceItem, tier: str, price_fen: int, at: datetime, actor_id: int | None = None
) -> Listing:
    """The item is listed at this unit price with the catalogue's steps (version 1): staff may put it on menus.

    Raises `listing_school_subject`, `not_bookable`, `listing_price`, `gate_blocks`, and `listed_already` for the
    same item and tier.
    """
    refusal = why_not_item(school_subject=item.school_subject, bookable=item.bookable)
    if refusal:
        raise refusal
    posted = first_terms(item, price_fen)
    _refuse_terms(item, enterprise, posted)
    _ask_gate(enterprise, item, at)
    listing = _new_listing(enterprise, item, tier, price_fen)
    _write_version(listing, posted, no=1, actor_id=actor_id, at=at)
    return listing


@transaction.atomic
def publish_version(
    *, listing: Listing, posted: Posted, seen_no: int, actor_id: int | None, at: datetime
) -> ListingVersion:
    """The listing posts these terms from now on; whoever has booked keeps those of before. Locks the listing.

    Raises `listing_changed` if another version than `seen_no` is in force meanwhile, `listing_unchanged`,
    `gate_blocks`, and what the rules refuse (`listing_…`). Menus dearer than the new price are woken to follow it.
    """
    row = Listing.objects.select_for_update(of=("self",)).select_related("item", "enterprise").get(pk=listing.pk)
    if row.version_no != seen_no:
        message = _("Somebody has changed this listing meanwhile. Look at it again before you publish.")
        raise DomainError("listing_changed", message, version_no=row.version_no)
    _refuse_terms(row.item, row.enterprise, posted)
    if posted == posted_by(version_in_force(row), row.item):
        raise DomainError("listing_unchanged", _("Nothing has been changed."))
    _ask_gate(row.enterprise, row.item, at)
    version = _write_version(row, posted, no=row.version_no + 1, actor_id=actor_id, at=at)
    row.version_no, row.price_fen = version.no, posted.price_fen
    row.terms_zh, row.terms_en = posted.terms_zh, posted.terms_en
    row.save(update_fields=["version_no", "price_fen", "terms_zh", "terms_en"])
    wake(FOLLOW_LISTINGS)
    return version


@transaction.atomic
def change_price(*, listing: Listing, price_fen: int, at: datetime, actor_id: int | None = None) -> ListingVersion:
    """New orders cost this; all other terms stay, and what has been booked keeps its price.

    Raises what `publish_version` raises.
    """
    row = Listing.objects.select_for_update(of=("self",)).select_related("item").get(pk=listing.pk)
    posted = replace(posted_by(version_in_force(row), row.item), price_fen=price_fen)
    return publish_version(listing=row, posted=posted, seen_no=row.version_no, actor_id=actor_id, at=at)


@transaction.atomic
def set_listing_active(*, listing: Listing, active: bool, at: datetime) -> None:
    """Residents find it on the menus that carry it, or no longer do. Raises `gate_blocks` when put back."""
    if active:
        _ask_gate(listing.enterprise, listing.item, at)
    listing.active = active
    listing.save(update_fields=["active"])


def _new_listing(enterprise: Enterprise, item: ServiceItem, tier: str, price_fen: int) -> Listing:
    try:
        with transaction.atomic():
            return Listing.objects.create(enterprise=enterprise, item=item, tier=tier, price_fen=price_fen)
    except IntegrityError as error:
        if "listing_once_a_tier" not in str(error):
            raise
        message = _("You offer this item at this tier already.")
        raise DomainError("listed_already", message, field="item") from error


def _write_version(listing: Listing, posted: Posted, *, no: int, actor_id: int | None, at: datetime) -> ListingVersion:
    lists = ("areas", "includes_zh", "includes_en", "excludes_zh", "excludes_en")
    plain = (
        "price_fen", "min_quantity", "holiday_bp", "night_bp", "night_from", "night_until", "travel_free_m",
        "travel_fen_per_km", "terms_zh", "terms_en",
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(posted, name) for name in plain}
    values |= {name: list(getattr(posted, name)) for name in lists}
    return ListingVersion.objects.create(
        listing=listing,
        no=no,
        add_ons=[
            {"code": f"{number:02d}", "name_zh": one.name_zh, "name_en": one.name_en, "price_fen": one.price_fen}
            for number, one in enumerate(posted.add_ons, start=1)
        ],
        cancel_tiers=[{"hours_before": hours, "fee_bp": fee_bp} for hours, fee_bp in posted.cancel_tiers],
        published_at=at,
        published_by_id=actor_id,
        **values,
    )


def _refuse_terms(item: ServiceItem, enterprise: Enterprise, posted: Posted) -> None:
    refusal = why_not_publish(offered(item, enterprise), posted)
    if refusal:
        raise refusal
    if posted.areas and Division.objects.filter(pk__in=posted.areas).count() != len(set(posted.areas)):
        message = _("Choose areas of the city in which you are registered.")
        raise DomainError("listing_area", message, field="areas")


def _ask_gate(enterprise: Enterprise, item: ServiceItem, at: datetime) -> None:
    answer = assess_enterprise(enterprise, item, local_day(at))
    if answer.verdict == BLOCK:
        message = _("Not yet: %(reasons)s") % {"reasons": answer.reasons}
        raise DomainError("gate_blocks", message, field="item", findings=answer.blocking)
