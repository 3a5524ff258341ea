"""Menus in the administration: to read, with their history. They are built at the desk, whose actions
keep prices below the listing's, ask the gate and raise the version; editing rows here would skip all that."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from bookings.menus.models import Menu, MenuEntry, Sitting
from homeservice.foundation.admin import ReadOnlyAdmin


@admin.register(Menu)
class MenuAdmin(ReadOnlyAdmin):
    list_display = ["point", "version", "published_at", "published_by"]
    list_select_related = ["point", "published_by"]
    search_fields = ["point__name", "=point__community__area_code"]
    date_hierarchy = "published_at"
    ordering = ["point__name", "pk"]


@admin.register(MenuEntry)
class MenuEntryAdmin(ReadOnlyAdmin, SimpleHistoryAdmin):  # type: ignore[misc]
    list_display = ["id", "point", "item_code", "listing", "price_fen", "capacity", "state", "position"]
    list_filter = ["state", "listing__item__kind"]
    list_select_related = ["point", "listing__enterprise", "listing__item"]
    search_fields = ["point__name", "listing__enterprise__name", "listing__item__name_zh", "=item_code"]
    ordering = ["point__name", "position", "pk"]


@admin.register(Sitting)
class SittingAdmin(ReadOnlyAdmin):
    list_display = ["starts_at", "entry", "taken", "capacity"]
    list_select_related = ["entry"]
    search_fields = ["entry__point__name", "=entry__item_code"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "-pk"]
