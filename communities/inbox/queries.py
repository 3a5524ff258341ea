"""What a person was told."""

from django.db.models import QuerySet

from communities.inbox.models import Notification
from homeservice.kernel.scope import Scope

BELL_MAX = 100  # the bell shows 99+; counting further would cost and tell nothing


def inbox_of(scope: Scope) -> QuerySet[Notification]:
    """The person's notifications, newest first."""
    return Notification.objects.visible_to(scope).order_by("-created_at", "-pk")


def unread_count(scope: Scope) -> int:
    """How many are unread, counted up to `BELL_MAX`."""
    unread = Notification.objects.visible_to(scope).filter(read_at__isnull=True)
    return unread.order_by()[:BELL_MAX].count()
