"""Dispatch in the administration: what points were asked and what each round saw, to look at; policies, to change."""

from django.contrib import admin

from bookings.dispatch.models import DispatchPolicy, PointOffer, Receipt
from homeservice.foundation.admin import ReadOnlyAdmin


@admin.register(PointOffer)
class PointOfferAdmin(ReadOnlyAdmin):
    list_display = ["booking", "point", "round_no", "state", "distance_m", "offered_at", "deadline_at", "reason"]
    list_filter = ["state"]
    list_select_related = ["booking", "point"]
    search_fields = ["=booking__no", "point__name"]
    date_hierarchy = "offered_at"
    ordering = ["-offered_at", "-pk"]
    show_full_result_count = False


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    list_display = ["at", "booking", "round_no", "outcome"]
    list_filter = ["outcome"]
    list_select_related = ["booking"]
    search_fields = ["=booking__no"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    show_full_result_count = False


@admin.register(DispatchPolicy)
class DispatchPolicyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["area_code", "validity", "confirm_window_min", "last_call_min"]
    search_fields = ["area_code"]
    ordering = ["area_code", "validity", "pk"]
