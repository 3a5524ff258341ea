"""The foundation's tables in the administration pages: mostly to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from homeservice.foundation.models import AuditEntry, Holiday, IdempotencyKey, Upload


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To be looked at: no one adds, changes or deletes here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["day", "name_zh", "name_en", "kind", "provisional"]
    list_filter = ["kind", "provisional"]
    search_fields = ["name_zh", "name_en"]
    date_hierarchy = "day"
    ordering = ["-day"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor_id", "action", "subject_type", "subject_id", "purpose"]
    list_filter = ["action", "subject_type"]
    search_fields = ["=actor_id", "=subject_id", "purpose"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "owner_id", "key", "status"]
    search_fields = ["=owner_id", "=key"]
    ordering = ["-created_at", "-pk"]
    fields = ["created_at", "owner_id", "key", "request_sha256", "status"]  # answers may hold personal data


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "purpose", "owner_id", "file_name", "content_type", "size_bytes"]
    list_filter = ["purpose", "content_type"]
    search_fields = ["=owner_id", "file_name"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
