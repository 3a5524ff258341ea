"""Service codes in the administration pages: to look at. Colours are computed, and logs are nobody's to change."""

from django.contrib import admin

from homeservice.foundation.admin import ReadOnlyAdmin
from providers.service_codes.models import CodeScan, ColourChange, DoorTokenUse, ServiceCode


@admin.register(ServiceCode)
class ServiceCodeAdmin(ReadOnlyAdmin):
    list_display = ["public_id", "worker", "enterprise", "colour", "reasons", "valid_until", "computed_at"]
    list_filter = ["colour"]
    search_fields = ["=public_id", "enterprise__name"]
    list_select_related = ["worker", "enterprise"]
    ordering = ["-computed_at", "-pk"]


@admin.register(ColourChange)
class ColourChangeAdmin(ReadOnlyAdmin):
    list_display = ["at", "code", "before", "after", "reasons"]
    list_filter = ["after"]
    search_fields = ["=code__public_id"]
    list_select_related = ["code"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]


@admin.register(CodeScan)
class CodeScanAdmin(ReadOnlyAdmin):
    list_display = ["at", "code", "view", "reason", "area"]
    list_filter = ["view", "reason"]
    search_fields = ["=code__public_id", "=visitor_digest"]
    list_select_related = ["code"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]


@admin.register(DoorTokenUse)
class DoorTokenUseAdmin(ReadOnlyAdmin):
    list_display = ["used_at", "code", "open_until"]
    search_fields = ["=code__public_id"]
    list_select_related = ["code"]
    fields = ["code", "scan", "used_at", "open_until"]  # no digests: nobody needs them
    date_hierarchy = "used_at"
    ordering = ["-used_at", "-pk"]
