"""Price policies in the administration. Bookings keep what was agreed, so a change only reaches later orders."""

from django.contrib import admin

from bookings.money.models import PricePolicy


@admin.register(PricePolicy)
class PricePolicyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["area_code", "validity", "holiday_bp", "night_bp", "travel_free_m", "travel_fen"]
    search_fields = ["area_code"]
    ordering = ["area_code", "validity", "pk"]
