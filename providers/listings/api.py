"""API v1: an enterprise's listings for its own programs."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from homeservice.foundation.api import endpoint
from homeservice.kernel.vocabulary import EnterpriseRight, Role, Unit
from providers.listings.models import Listing, ListingVersion
from providers.listings.queries import listings_of, versions_in_force
from providers.scope import scope_of_program


class VersionOut(serializers.ModelSerializer[ListingVersion]):
    """What is posted: money in fen, shares in basis points, ways in metres."""

    class Meta:
        model = ListingVersion
        fields = [
            "no", "published_at", "price_fen", "min_quantity", "areas", "includes_zh", "includes_en", "excludes_zh",
            "excludes_en", "add_ons", "holiday_bp", "night_bp", "night_from", "night_until", "travel_free_m",
            "travel_fen_per_km", "cancel_tiers", "terms_zh", "terms_en",
        ]  # fmt: skip
        read_only_fields = fields


class ListingOut(serializers.ModelSerializer[Listing]):
    """An item of the catalogue as the enterprise offers it, with the terms in force."""

    item = serializers.CharField(source="item_id")
    name = serializers.CharField(source="item.name")
    unit = serializers.ChoiceField(source="item.unit", choices=Unit.choices)
    terms = serializers.SerializerMethodField()

    class Meta:
        model = Listing
        fields = ["id", "item", "name", "unit", "tier", "price_fen", "active", "version_no", "terms"]
        read_only_fields = fields

    def get_terms(self, listing: Listing) -> VersionOut:
        return VersionOut(self.context["versions"][listing.pk]).data  # type: ignore[return-value]


class ByKey(CursorPagination):
    ordering = ("pk",)
    page_size = 50


@extend_schema(responses={200: ListingOut(many=True)})
@endpoint("GET", roles=frozenset({Role.MANAGER}))
def enterprise_listings(request: Request) -> Response:
    """The enterprise's listings with the terms in force; for accounts that may see prices."""
    scope = scope_of_program(request, role=Role.MANAGER, right=EnterpriseRight.PRICES)
    pages = ByKey()
    rows = pages.paginate_queryset(listings_of(scope).order_by("pk"), request) or []
    versions = versions_in_force([row.pk for row in rows])
    return pages.get_paginated_response(ListingOut(rows, many=True, context={"versions": versions}).data)
