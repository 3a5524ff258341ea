"""Reading listings."""

from django.db.models import QuerySet

from homeservice.kernel.scope import Scope
from providers.catalogue.models import ServiceItem
from providers.catalogue.queries import items_in_order
from providers.listings.models import Listing, ListingQuerySet


def listings_of(scope: Scope) -> ListingQuerySet:
    """The listings of the enterprise that the person manages, in the catalogue's order."""
    mine = Listing.objects.visible_to(scope).filter(enterprise_id__isnull=False, enterprise_id=scope.enterprise_id)
    in_order = mine.select_related("item__kind", "enterprise")
    return in_order.order_by("item__kind__position", "item__position", "tier", "pk")


def items_to_offer() -> QuerySet[ServiceItem]:
    """What an enterprise may list: items that are booked by time slot."""
    return items_in_order().filter(bookable=True)
