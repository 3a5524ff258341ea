"""Reading menus: one point's, all those near a home, and what staff may still put on one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from bookings.menus.models import MenuEntry
from bookings.menus.rules import means, why_not_price
from communities.points.models import ServicePoint
from homeservice.kernel.errors import DomainError
from homeservice.kernel.geo import Earth, metres_between, within_metres
from homeservice.kernel.scope import Scope
from providers.catalogue.models import ServiceItem, ServiceKind
from providers.credentials.queries import assess_offers
from providers.credentials.rules import Assessment
from providers.listings.models import Listing

NEAR_POINTS = 20
FARTHEST_M = 50_000  # no point reaches farther than this

ENTRY_TABLES = ("point", "listing__enterprise", "listing__item__kind")


@dataclass(frozen=True, slots=True)
class NearbyEntry:
    """An entry that a home can order, and how far its point is."""

    entry: MenuEntry
    distance_m: int


@dataclass(frozen=True, slots=True)
class NearbyItem:
    """An item as a home can get it: the best offer first, then the dearer and the farther ones."""

    item: ServiceItem
    offers: tuple[NearbyEntry, ...]

    @property
    def best(self) -> NearbyEntry:
        return self.offers[0]

    @property
    def point_count(self) -> int:
        return len({offer.entry.point_id for offer in self.offers})


@dataclass(frozen=True, slots=True)
class NearbyKind:
    """A kind that is on offer near a home, with the number of its items."""

    kind: ServiceKind
    item_count: int


@dataclass(frozen=True, slots=True)
class OfferableListing:
    """A listing that staff may put on a menu: whether it stands there, and what the gate says of it."""

    listing: Listing
    on_menu: bool
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """An entry as the desk sees it, with the reason why residents could not have it today, if any."""

    entry: MenuEntry
    refusal: DomainError | None = field(default=None)


def points_with_menus() -> "QuerySet[ServicePoint]":
    """Open points with `menu_version` and `offered`: the ids of what residents see of them now.

    The ids change at once when an enterprise is suspended or a listing ends, although no menu was
    touched: with the version they are the key of cached cards.
    """
    seen = MenuEntry.objects.filter(point=OuterRef("pk")).on_offer().order_by("position", "pk")
    points = ServicePoint.objects.open_to_public().select_related("community")
    columns = {"menu_version": Coalesce(F("menu__version"), 0), "offered": ArraySubquery(seen.values("pk"))}
    return cast("QuerySet[ServicePoint]", points.annotate(**columns))


def entries_shown(entry_ids: Sequence[int]) -> list[MenuEntry]:
    """The entries with all that their cards say, in the menu's order. One query."""
    rows = MenuEntry.objects.filter(pk__in=entry_ids).select_related(*ENTRY_TABLES)
    return list(rows.order_by("position", "pk"))


def points_reaching(lat: float, lon: float, *, limit: int = NEAR_POINTS) -> "QuerySet[ServicePoint]":
    """The nearest open points whose reach covers the place, with `distance_m`."""
    here, there = Earth(Value(lat), Value(lon)), Earth(F("lat"), F("lon"))
    rows = ServicePoint.objects.open_to_public().filter(within_metres(there, here, FARTHEST_M))
    rows = rows.select_related("community").annotate(distance_m=metres_between(there, here))
    nearest = rows.filter(Q(distance_m__lte=F("reach_m"))).order_by("distance_m", "pk")
    return cast("QuerySet[ServicePoint]", nearest[:limit])


def entries_near(lat: float, lon: float, *, kind: str | None = None, item: str | None = None) -> list[NearbyEntry]:
    """What the nearest points in reach offer to a place: by the catalogue's order of items, the cheapest
    of each item first, the nearer of equal prices before the farther. Two queries."""
    near = points_reaching(lat, lon).values_list("pk", "distance_m")  # type: ignore[misc]
    distances = {point_id: round(distance_m) for point_id, distance_m in near}
    rows = MenuEntry.objects.on_offer().filter(point__in=distances).select_related(*ENTRY_TABLES)
    if kind is not None:
        rows = rows.filter(listing__item__kind=kind)
    if item is not None:
        rows = rows.filter(item_code=item)
    found = [NearbyEntry(entry, distances[entry.point_id]) for entry in rows.order_by("pk")]
    return sorted(found, key=_best_first)


def by_item(offers: Iterable[NearbyEntry]) -> list[NearbyItem]:
    """Offers in the order of `entries_near`, gathered item by item."""
    groups: dict[str, list[NearbyEntry]] = {}
    for offer in offers:
        groups.setdefault(offer.entry.item_code, []).append(offer)
    return [NearbyItem(group[0].entry.listing.item, tuple(group)) for group in groups.values()]


def kinds_at(point_ids: Sequence[int]) -> list[NearbyKind]:
    """The kinds that these points offer, in the catalogue's order. Two queries."""
    offered = MenuEntry.objects.on_offer().filter(point__in=point_ids).values("listing__item__kind")
    counts = dict(offered.annotate(items=Count("item_code", distinct=True)).values_list("listing__item__kind", "items"))
    kinds = ServiceKind.objects.filter(pk__in=counts).order_by("position", "pk")
    return [NearbyKind(kind, counts[kind.pk]) for kind in kinds]


def search_near(lat: float, lon: float, *, query: str) -> list[NearbyItem]:
    """Items near a place whose name, summary or kind the query means: Chinese, English, pinyin or its
    first letters. Matches of the name come before the others. Two queries."""
    items = by_item(entries_near(lat, lon))
    named = [found for found in items if means(query, found.item.name_zh, found.item.name_en)]
    described = [found for found in items if found not in named and _described(query, found.item)]
    return [*named, *described]


def items_meant(query: str) -> list[ServiceItem]:
    """Items of the whole catalogue that a query means by name, on offer here or not. One query."""
    items = ServiceItem.objects.select_related("kind").order_by("position", "pk")
    return [item for item in items if means(query, item.name_zh, item.name_en)]


def menus_run_by(scope: Scope) -> "QuerySet[ServicePoint]":
    """The points whose menus the person builds, with counts of entries by state."""
    counts = {f"{state}_count": Count("entries", filter=Q(entries__state=state)) for state in MenuEntry.State.values}
    points = ServicePoint.objects.run_by(scope).select_related("community")
    return cast("QuerySet[ServicePoint]", points.annotate(**counts).order_by("community__pinyin", "name", "pk"))


def desk_entries(point: ServicePoint, *, on_date: date) -> list[DeskEntry]:
    """All entries of a point in the menu's order, with what stands against each. Three queries."""
    rows = MenuEntry.objects.filter(point=point).select_related(*ENTRY_TABLES).order_by("position", "pk")
    entries = list(rows)
    offered = why_not_offered([entry.listing for entry in entries], on_date=on_date)
    return [
        DeskEntry(
            entry,
            why_not_price(entry.price_fen, listing_price_fen=entry.listing.price_fen) or offered[entry.listing_id],
        )
        for entry in entries
    ]


def listings_offerable(point: ServicePoint) -> "QuerySet[Listing]":
    """What may be put on the point's menu: active listings of active enterprises of its city."""
    city = point.community_id[:4]
    rows = Listing.objects.filter(active=True, enterprise__state="admitted").filter(
        enterprise__division__area_code__startswith=city
    )
    ordered = rows.select_related("item__kind", "enterprise").order_by("item__position", "price_fen", "pk")
    return cast("QuerySet[Listing]", ordered)


def search_offerable(point: ServicePoint, *, query: str, on_date: date, limit: int) -> list[OfferableListing]:
    """Offerable listings whose item or enterprise the query means, with the gate's word. Four queries."""
    listings = [
        listing
        for listing in listings_offerable(point)
        if means(query, listing.item.name_zh, listing.item.name_en, listing.enterprise.name)
    ][:limit]
    here = MenuEntry.objects.filter(point=point, listing__in=[listing.pk for listing in listings])
    on_menu = set(here.values_list("listing_id", flat=True))
    assessed = assess_offers([(listing.enterprise, listing.item) for listing in listings], on_date)
    return [
        OfferableListing(listing, listing.pk in on_menu, assessed[listing.enterprise_id, listing.item_id])
        for listing in listings
    ]


def why_not_offered(listings: Sequence[Listing], *, on_date: date) -> dict[int, DomainError | None]:
    """For each listing (by id) why residents may not have it on that day, or None: the listing ended,
    the enterprise is suspended, or the gate misses a licence of it. Two queries."""
    assessed = assess_offers([(listing.enterprise, listing.item) for listing in listings], on_date)
    return {
        listing.pk: _why_not_listed(listing, assessed[listing.enterprise_id, listing.item_id]) for listing in listings
    }


def _why_not_listed(listing: Listing, assessment: Assessment) -> DomainError | None:
    if not listing.active:
        return DomainError("listing_not_active", _("The enterprise no longer offers this."))
    if listing.enterprise.state != "admitted":
        return DomainError("enterprise_not_active", _("The enterprise is suspended or has left."))
    if assessment.blocking:
        reasons = "; ".join(f"{finding.text} {finding.mend}" for finding in assessment.blocking)
        message = _("The enterprise may not offer this now: %(reasons)s") % {"reasons": reasons}
        return DomainError("licence_missing", message, reasons=assessment.reason_codes)
    return None


def _best_first(offer: NearbyEntry) -> tuple[int, str, int, int, int]:
    entry = offer.entry
    return entry.listing.item.position, entry.item_code, entry.price_fen, offer.distance_m, entry.pk


def _described(query: str, item: ServiceItem) -> bool:
    return means(query, item.summary_zh, item.summary_en, item.kind.name_zh, item.kind.name_en)
