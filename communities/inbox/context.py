"""The number on the bell in the header."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from communities.inbox.queries import unread_count
from homeservice.kernel.access import scope_of_request


def bell(request: HttpRequest) -> dict[str, Any]:
    """`unread_count`, asked of the database only by a template that shows it."""
    return {"unread_count": SimpleLazyObject(lambda: _unread(request))}


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return unread_count(scope_of_request(request)) if user and user.is_authenticated else 0
