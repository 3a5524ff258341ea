"""Imports in the administration pages: to look at."""

from django.contrib import admin

from homeservice.foundation.admin import ReadOnlyAdmin
from providers.exchange.models import ImportFault, ImportRun


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "enterprise", "subject", "state", "rows", "rows_new", "faults_count", "started_by"]
    list_filter = ["subject", "state"]
    list_select_related = ["enterprise", "started_by"]
    search_fields = ["enterprise__name"]
    date_hierarchy = "started_at"
    ordering = ["-started_at", "-pk"]


@admin.register(ImportFault)
class ImportFaultAdmin(ReadOnlyAdmin):
    list_display = ["run", "row", "column", "code"]
    list_filter = ["code"]
    search_fields = ["=run__pk"]
    ordering = ["-run", "row", "pk"]
