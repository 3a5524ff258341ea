"""Reading the catalogue."""

from django.db.models import Count, Q, QuerySet

from providers.catalogue.models import ServiceItem, ServiceKind


def kinds_with_items() -> QuerySet[ServiceKind]:
    """The kinds that have an item to book, in the catalogue's order, with `item_count`."""
    counted = ServiceKind.objects.annotate(item_count=Count("items", filter=Q(items__bookable=True)))
    return counted.filter(item_count__gt=0).order_by("position", "pk")


def items_in_order() -> QuerySet[ServiceItem]:
    """All items with their kinds, in the catalogue's order."""
    return ServiceItem.objects.select_related("kind").order_by("kind__position", "position", "pk")
