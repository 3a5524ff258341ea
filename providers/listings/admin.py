"""Enterprises' listings in the administration pages."""

from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from homeservice.foundation.admin import ReadOnlyAdmin
from homeservice.kernel.money import yuan
from providers.listings.models import Listing, ListingVersion


@admin.register(Listing)
class ListingAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    list_display = ["id", "enterprise", "item", "tier", "price", "active"]
    list_filter = ["active", "tier", "item__kind"]
    list_select_related = ["enterprise", "item"]
    search_fields = ["enterprise__name", "item__code", "item__name_zh"]
    raw_id_fields = ["enterprise", "item"]
    ordering = ["enterprise__name", "item__position", "pk"]
    readonly_fields = ["price_fen", "terms_zh", "terms_en", "version_no"]  # these change by posting a new version

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the enterprise offers; a listing without its first version would post nothing

    @admin.display(description="¥", ordering="price_fen")
    def price(self, listing: Listing) -> str:
        return yuan(listing.price_fen)


@admin.register(ListingVersion)
class ListingVersionAdmin(ReadOnlyAdmin):
    list_display = ["listing", "no", "price", "published_at", "published_by"]
    list_select_related = ["listing__enterprise", "listing__item", "published_by"]
    search_fields = ["listing__enterprise__name", "=listing__item__code"]
    date_hierarchy = "published_at"
    ordering = ["-published_at", "-pk"]

    @admin.display(description="¥", ordering="price_fen")
    def price(self, version: ListingVersion) -> str:
        return yuan(version.price_fen)
