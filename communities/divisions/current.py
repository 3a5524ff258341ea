"""The community that a visitor looks at: theirs by choice, kept on the account and in a plain cookie.

Every page may ask `current_community(request)`: it costs one query at most, once per request.
"""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from communities.divisions.models import Division
from communities.divisions.queries import community_by_code

COOKIE = "community"
COOKIE_AGE_S = 365 * 24 * 3600
_UNASKED = object()


def current_community(request: HttpRequest) -> Division | None:
    """What the signed-in person chose last, else what this browser chose; None before any choice."""
    known = getattr(request, "_current_community", _UNASKED)
    if known is _UNASKED:
        known = _chosen(request)
        request._current_community = known  # type: ignore[attr-defined]
    return cast(Division | None, known)


def remember_in_browser(request: HttpRequest, response: HttpResponse, community: Division) -> None:
    """From here on this browser opens with the community. A cookie, since a visitor needs no session row for it."""
    response.set_cookie(
        COOKIE, community.area_code, max_age=COOKIE_AGE_S,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
    request._current_community = community  # type: ignore[attr-defined]


def _chosen(request: HttpRequest) -> Division | None:
    code = getattr(request.user, "community_id", None) or request.COOKIES.get(COOKIE, "")
    return community_by_code(code) if len(code) == 12 and code.isdecimal() else None
