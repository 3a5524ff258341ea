"""An enterprise offers items of the catalogue at its own prices."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from providers.catalogue.models import ServiceItem
from providers.credentials.queries import assess_enterprise
from providers.credentials.rules import BLOCK
from providers.enterprises.models import Enterprise
from providers.listings.models import Listing
from providers.listings.rules import why_not_price


@transaction.atomic
def offer_item(*, enterprise: Enterprise, item: ServiceItem, tier: str, price_fen: int, at: datetime) -> Listing:
    """The item is listed at this unit price: staff may put it on menus.

    Raises `listing_price`, `not_bookable`, `gate_blocks`, and `listed_already` for the same item and tier.
    """
    if not item.bookable:
        raise DomainError("not_bookable", _("This item is arranged by contract, not by time slot."), field="item")
    _refuse_price(item, price_fen)
    _ask_gate(enterprise, item, at)
    try:
        with transaction.atomic():
            return Listing.objects.create(enterprise=enterprise, item=item, tier=tier, price_fen=price_fen)
    except IntegrityError as error:
        message = _("You offer this item at this tier already.")
        raise DomainError("listed_already", message, field="item") from error


@transaction.atomic
def change_price(*, listing: Listing, price_fen: int) -> None:
    """New orders cost this; what has been booked keeps its price. Raises `listing_price`."""
    _refuse_price(listing.item, price_fen)
    listing.price_fen = price_fen
    listing.save(update_fields=["price_fen"])


@transaction.atomic
def set_listing_active(*, listing: Listing, active: bool, at: datetime) -> None:
    """Residents find it on the menus that carry it, or no longer do. Raises `gate_blocks` when put back."""
    if active:
        _ask_gate(listing.enterprise, listing.item, at)
    listing.active = active
    listing.save(update_fields=["active"])


def _refuse_price(item: ServiceItem, price_fen: int) -> None:
    refusal = why_not_price(price_fen, item.price_low_fen, item.price_high_fen)
    if refusal:
        raise refusal


def _ask_gate(enterprise: Enterprise, item: ServiceItem, at: datetime) -> None:
    answer = assess_enterprise(enterprise, item, local_day(at))
    if answer.verdict == BLOCK:
        message = _("Not yet: %(reasons)s") % {"reasons": answer.reasons}
        raise DomainError("gate_blocks", message, field="item", findings=answer.blocking)
