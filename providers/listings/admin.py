"""Enterprises' listings in the administration pages."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from homeservice.kernel.money import yuan
from providers.listings.models import Listing


@admin.register(Listing)
class ListingAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    list_display = ["id", "enterprise", "item", "tier", "price", "active"]
    list_filter = ["active", "tier", "item__kind"]
    list_select_related = ["enterprise", "item"]
    search_fields = ["enterprise__name", "item__code", "item__name_zh"]
    raw_id_fields = ["enterprise", "item"]
    ordering = ["enterprise__name", "item__position", "pk"]

    @admin.display(description="¥", ordering="price_fen")
    def price(self, listing: Listing) -> str:
        return yuan(listing.price_fen)
