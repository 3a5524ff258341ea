"""The catalogue in the administration pages. What is loaded from the data file can be looked at and corrected here."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from homeservice.kernel.money import yuan
from providers.catalogue.models import ServiceItem, ServiceKind


@admin.register(ServiceKind)
class ServiceKindAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    list_display = ["code", "name_zh", "name_en", "icon", "position"]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["position", "pk"]


@admin.register(ServiceItem)
class ServiceItemAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    list_display = ["code", "name_zh", "kind", "unit", "usual_price", "crew_size", "needs_worker", "place", "bookable"]
    list_filter = ["bookable", "kind", "unit", "place", "needs_worker", "child_contact", "health_facts_asked"]
    list_select_related = ["kind"]
    search_fields = ["code", "name_zh", "name_en", "summary_zh"]
    ordering = ["position", "pk"]

    @admin.display(description="¥")
    def usual_price(self, item: ServiceItem) -> str:
        return f"{yuan(item.price_low_fen)}–{yuan(item.price_high_fen)}"
