"""Terms in the administration: to read. They come from `load_terms`, and their text never changes."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bookings.contracts.models import Terms


@admin.register(Terms)
class TermsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["version", "valid_from", "sha256"]
    search_fields = ["version", "text_zh", "text_en"]
    date_hierarchy = "valid_from"
    ordering = ["-valid_from", "-pk"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
