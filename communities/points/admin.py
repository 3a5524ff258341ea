"""Service points in the administration pages, with their hours, closures and staff on one page."""

from django.contrib import admin

from communities.points.models import PointClosure, PointHours, PointStaff, ServicePoint


class HoursInline(admin.TabularInline):  # type: ignore[type-arg]
    model = PointHours
    extra = 0
    ordering = ["weekday", "opens", "pk"]


class ClosureInline(admin.TabularInline):  # type: ignore[type-arg]
    model = PointClosure
    extra = 0
    ordering = ["period", "pk"]


class StaffInline(admin.TabularInline):  # type: ignore[type-arg]
    model = PointStaff
    extra = 0
    raw_id_fields = ["user"]
    ordering = ["pk"]


@admin.register(ServicePoint)
class ServicePointAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "community", "outlet_mode", "host", "acceptance", "phone", "active", "paused_until"]
    list_filter = ["active", "acceptance", "outlet_mode", "host"]
    list_select_related = ["community"]
    search_fields = ["name", "address", "phone", "community__area_code__startswith", "community__short_name"]
    autocomplete_fields = ["community"]
    ordering = ["community", "name", "pk"]
    inlines = [HoursInline, ClosureInline, StaffInline]
    fieldsets = [
        (None, {"fields": ["name", "community", "outlet_mode", "host", "address", "phone", "lat", "lon"]}),
        (None, {"fields": ["reach_m", "acceptance", "accept_window_min", "daily_limit", "active", "paused_until"]}),
    ]
