"""Scans that began visits, to look at."""

from django.contrib import admin

from bookings.visits.models import VisitScan
from homeservice.foundation.admin import ReadOnlyAdmin


@admin.register(VisitScan)
class VisitScanAdmin(ReadOnlyAdmin):
    list_display = ["at", "booking", "scan"]
    search_fields = ["=booking__no"]
    list_select_related = ["booking", "scan"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
