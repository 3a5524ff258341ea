"""Workers in the administration pages: names masked, the phone only to search by."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from communities.accounts.models import phone_index
from communities.accounts.rules import mainland_mobile
from homeservice.kernel.errors import DomainError
from providers.workers.models import Leave, Worker, WorkerKind, WorkingHours, WorkLimit


class WorkerKindInline(admin.TabularInline):  # type: ignore[type-arg]
    model = WorkerKind
    extra = 0


class WorkingHoursInline(admin.TabularInline):  # type: ignore[type-arg]
    model = WorkingHours
    extra = 0
    ordering = ["weekday", "starts"]


@admin.register(Worker)
class WorkerAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    """Enterprises enter their workers; here they are looked at. The state changes on the reviewing desk only."""

    list_display = [
        "pk", "masked_name", "enterprise", "state", "relation", "home_community", "rating", "visits_done",
        "joined_date",
    ]  # fmt: skip
    list_display_links = ["pk", "masked_name"]
    list_filter = ["state", "relation", "sex", "transport", "kinds__kind"]
    list_select_related = ["enterprise", "home_community"]
    search_fields = ["=pk", "enterprise__name", "home_community__name"]
    search_help_text = "13800138000"
    exclude = ["real_name", "id_number"]
    readonly_fields = ["masked_name", "user", "state", "state_reason", "rating_sum", "rating_count", "visits_done"]
    raw_id_fields = ["enterprise", "home_community", "photo"]
    inlines = [WorkerKindInline, WorkingHoursInline]
    date_hierarchy = "joined_date"
    ordering = ["-pk"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Worker], search_term: str
    ) -> tuple[QuerySet[Worker], bool]:
        """A whole mobile number finds its worker by the blind index; anything else the usual way."""
        try:
            return queryset.filter(user__phone_index=phone_index(mainland_mobile(search_term))), False
        except DomainError:
            found: tuple[QuerySet[Worker], bool] = super().get_search_results(request, queryset, search_term)
            return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a worker leaves by the state; visits and assignments stay


@admin.register(WorkerKind)
class WorkerKindAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["worker", "kind"]
    list_filter = ["kind"]
    list_select_related = ["worker", "kind"]
    search_fields = ["=worker__pk", "worker__enterprise__name"]
    raw_id_fields = ["worker"]
    ordering = ["-pk"]


@admin.register(WorkingHours)
class WorkingHoursAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["worker", "weekday", "starts", "ends"]
    list_filter = ["weekday"]
    list_select_related = ["worker"]
    search_fields = ["=worker__pk", "worker__enterprise__name"]
    raw_id_fields = ["worker"]
    ordering = ["worker", "weekday", "starts", "pk"]


@admin.register(Leave)
class LeaveAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["worker", "period", "reason"]
    list_select_related = ["worker"]
    search_fields = ["=worker__pk", "worker__enterprise__name"]
    raw_id_fields = ["worker"]
    ordering = ["-period", "-pk"]


@admin.register(WorkLimit)
class WorkLimitAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    """The office may add a limit with a later first day; what was in force stays to be read."""

    list_display = [
        "relation",
        "daily_min",
        "weekly_min",
        "rest_min",
        "rest_days",
        "valid_from",
        "valid_until",
        "basis",
    ]
    list_filter = ["relation"]
    ordering = ["relation", "-valid_from", "pk"]
