"""Terms in the administration: to read. They come from `load_terms`, and their text never changes."""

from django.contrib import admin

from bookings.contracts.models import Terms
from homeservice.foundation.admin import ReadOnlyAdmin


@admin.register(Terms)
class TermsAdmin(ReadOnlyAdmin):
    list_display = ["version", "valid_from", "sha256"]
    search_fields = ["version", "text_zh", "text_en"]
    date_hierarchy = "valid_from"
    ordering = ["-valid_from", "-pk"]
