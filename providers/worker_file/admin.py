"""Entries of workers' files in the administration pages: to read, without notes."""

from django.contrib import admin

from homeservice.foundation.admin import ReadOnlyAdmin
from providers.worker_file.models import FileEntry


@admin.register(FileEntry)
class FileEntryAdmin(ReadOnlyAdmin):
    list_display = ["pk", "worker", "part", "kind", "title", "from_date", "to_date", "recorded_at", "removed_at"]
    list_filter = ["part", "kind"]
    list_select_related = ["worker"]
    exclude = ["note"]
    search_fields = ["=worker__pk", "title", "organisation"]
    date_hierarchy = "recorded_at"
    ordering = ["-recorded_at", "-pk"]
