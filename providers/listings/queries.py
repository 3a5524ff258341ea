"""Reading listings and what they posted."""

from collections.abc import Iterable, Sequence

from django.db.models import F, Q, QuerySet

from communities.divisions.models import Division
from homeservice.kernel.scope import Scope, within
from providers.catalogue.models import ServiceItem
from providers.catalogue.queries import items_in_order
from providers.enterprises.models import Enterprise
from providers.listings.models import Listing, ListingQuerySet, ListingVersion
from providers.listings.rules import AddOn, Offered, Posted, Tier, true_compared_price

CITY_DIGITS = 4
SEARCH_MAX = 40


def listings_of(scope: Scope) -> ListingQuerySet:
    """The listings of the enterprise that the person manages, in the catalogue's order."""
    mine = Listing.objects.visible_to(scope).filter(enterprise_id__isnull=False, enterprise_id=scope.enterprise_id)
    in_order = mine.select_related("item__kind", "enterprise")
    return in_order.order_by("item__kind__position", "item__position", "tier", "pk")


def listings_to_review(scope: Scope, *, text: str = "") -> ListingQuerySet:
    """The listings of enterprises in the reviewer's divisions, narrowed by enterprise or item."""
    reach = within("enterprise__division__area_code", scope.review_areas)
    found = Listing.objects.visible_to(scope).filter(reach).select_related("item__kind", "enterprise")
    if wanted := text.replace("\x00", "").strip()[:SEARCH_MAX]:
        names = Q(enterprise__name__icontains=wanted) | Q(item__name_zh__icontains=wanted)
        found = found.filter(names | Q(item__name_en__icontains=wanted))
    return found.order_by("enterprise__name", "item__kind__position", "item__position", "tier", "pk")


def items_to_offer() -> QuerySet[ServiceItem]:
    """What an enterprise may list: items that are booked by time slot, never a school subject."""
    return items_in_order().filter(bookable=True, school_subject=False)


def version_in_force(listing: Listing) -> ListingVersion:
    """What the listing posts now."""
    return ListingVersion.objects.get(listing=listing, no=listing.version_no)


def tiers_of(version: ListingVersion) -> tuple[Tier, ...]:
    """What the version posts for cancelling; empty: what the platform asks."""
    return tuple((row["hours_before"], row["fee_bp"]) for row in version.cancel_tiers)


def versions_in_force(listing_ids: Sequence[int]) -> dict[int, ListingVersion]:
    """What each of the listings posts now. One query."""
    rows = ListingVersion.objects.filter(listing_id__in=listing_ids, no=F("listing__version_no"))
    return {row.listing_id: row for row in rows}


def versions_of(listing: Listing) -> list[ListingVersion]:
    """All that the listing ever posted, the latest first. One query."""
    return list(ListingVersion.objects.filter(listing=listing).select_related("published_by").order_by("-no"))


def compared_price(listing: Listing) -> int | None:
    """The former price that may truly be shown beside the present one, or None. One query."""
    rows = ListingVersion.objects.filter(listing=listing).order_by("no").values_list("published_at", "price_fen")
    return true_compared_price(list(rows))


def counties_of(enterprise: Enterprise) -> list[Division]:
    """The divisions right under the enterprise's city, to choose areas from, in pinyin order. One query."""
    city = enterprise.division_id[:CITY_DIGITS]
    return list(Division.objects.filter(parent_id=city).order_by("pinyin", "pk"))


def area_names(posted: Iterable[Posted]) -> dict[str, str]:
    """The short names of all areas that are named, by code. No query without areas, else one."""
    codes = {code for one in posted for code in one.areas}
    return dict(Division.objects.filter(pk__in=codes).values_list("pk", "short_name")) if codes else {}


def offered(item: ServiceItem, enterprise: Enterprise) -> Offered:
    """What the rules must know of the item and the enterprise."""
    return Offered(
        school_subject=item.school_subject,
        bookable=item.bookable,
        price_low_fen=item.price_low_fen,
        price_high_fen=item.price_high_fen,
        min_quantity=item.min_quantity,
        max_quantity=item.max_quantity,
        city=enterprise.division_id[:CITY_DIGITS],
    )


def first_terms(item: ServiceItem, price_fen: int) -> Posted:
    """What a new listing posts: the catalogue's steps at this price."""
    return Posted(
        price_fen=price_fen,
        includes_zh=tuple(item.includes_zh),
        includes_en=tuple(item.includes_en),
        excludes_zh=tuple(item.excludes_zh),
        excludes_en=tuple(item.excludes_en),
    )


def posted_by(version: ListingVersion, item: ServiceItem) -> Posted:
    """A version as values. Versions from before steps could be posted take the catalogue's."""
    return Posted(
        price_fen=version.price_fen,
        min_quantity=version.min_quantity,
        areas=tuple(version.areas),
        includes_zh=tuple(version.includes_zh or item.includes_zh),
        includes_en=tuple(version.includes_en if version.includes_zh else item.includes_en),
        excludes_zh=tuple(version.excludes_zh if version.includes_zh else item.excludes_zh),
        excludes_en=tuple(version.excludes_en if version.includes_zh else item.excludes_en),
        add_ons=tuple(AddOn(row["name_zh"], row["price_fen"], row.get("name_en", "")) for row in version.add_ons),
        holiday_bp=version.holiday_bp,
        night_bp=version.night_bp,
        night_from=version.night_from,
        night_until=version.night_until,
        travel_free_m=version.travel_free_m,
        travel_fen_per_km=version.travel_fen_per_km,
        cancel_tiers=tiers_of(version),
        terms_zh=version.terms_zh,
        terms_en=version.terms_en,
    )
