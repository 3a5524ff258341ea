"""The inbox: what happened, unread first to the eye, each a step from where it happened."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.urls import NoReverseMatch
from django.views.decorators.http import require_POST, require_safe

from communities.inbox.actions import mark_all_read, mark_read
from communities.inbox.models import Notification
from communities.inbox.queries import inbox_of, unread_count
from homeservice.kernel.access import scope_of_request, signed_in
from homeservice.kernel.clock import now
from homeservice.kernel.web import page_or_fragment, paginated


@signed_in
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The person's notifications, newest first; `?show=unread` leaves out what was read."""
    scope = scope_of_request(request)
    rows, only_unread = inbox_of(scope), request.GET.get("show") == "unread"
    context: dict[str, Any] = {
        "page": paginated(request, rows.filter(read_at__isnull=True) if only_unread else rows),
        "only_unread": only_unread,
        "unread": unread_count(scope),
    }
    return page_or_fragment(request, "communities/inbox/inbox.html", "communities/inbox/_inbox.html", context)


@signed_in
@require_POST
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks the notification read and goes to what it is about."""
    notification = get_object_or_404(Notification.objects.visible_to(scope_of_request(request)), pk=pk)
    mark_read(notification=notification, at=now())
    return redirect(_place_of(notification))


@signed_in
@require_POST
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Everything is read."""
    mark_all_read(scope=scope_of_request(request), at=now())
    return redirect("inbox")


def _place_of(notification: Notification) -> str:
    """Where it leads; the inbox when it leads nowhere, or to a page that no longer exists."""
    try:
        return resolve_url(notification.url_name or "inbox", *notification.url_args)
    except NoReverseMatch:
        return resolve_url("inbox")
