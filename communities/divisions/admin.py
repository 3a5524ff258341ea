"""Divisions in the administration pages. They come from `load_divisions`; here a name or a place is mended."""

from django.contrib import admin

from communities.divisions.models import Division


@admin.register(Division)
class DivisionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["area_code", "name", "level", "path_name", "coord_source"]
    list_filter = ["level", "coord_source"]
    search_fields = ["area_code__startswith", "short_name__startswith", "name", "pinyin__startswith", "=initials"]
    search_help_text = "440106 · 石牌 · shipai · sp"
    ordering = ["area_code"]
    autocomplete_fields = ["parent"]
    readonly_fields = ["area_code", "code", "level", "path_name", "bigrams"]
    show_full_result_count = False

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False
