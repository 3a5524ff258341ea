"""The inbox in the administration pages: what was told, and what could not be sent."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.inbox.actions import send_again
from communities.inbox.models import Delivery, Notification
from homeservice.foundation.admin import ReadOnlyAdmin
from homeservice.kernel.clock import now


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "recipient", "title", "url_name", "read_at"]
    list_select_related = ["recipient"]
    list_filter = [("read_at", admin.EmptyFieldListFilter), "url_name"]
    search_fields = ["=recipient__pk", "=dedupe_key", "title"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["due_at", "channel", "state", "attempts", "sent_at", "error"]
    list_filter = ["state", "channel"]
    search_fields = ["=notification__pk", "error"]
    date_hierarchy = "due_at"
    ordering = ["-due_at", "-pk"]
    actions = ["try_again"]

    @admin.action(description=_("Try again now"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Deliveries that were given up are due again."""
        send_again(deliveries=queryset, at=now())
