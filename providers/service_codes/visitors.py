"""Who stands before a code: known by a keyed digest of their address, and at the door by a cookie of their browser."""

import ipaddress
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from communities.divisions.current import current_community
from homeservice.kernel.access import scope_of_request
from homeservice.kernel.crypto import blind_index
from homeservice.kernel.web import client_ip
from providers.service_codes.actions import Visitor
from providers.service_codes.door import OPEN_FOR

BEARER_COOKIE = "door"
SCANS = signing.Signer(salt="providers.service_codes.scan")
PHOTOS = signing.TimestampSigner(salt="providers.service_codes.photo")
PHOTO_LASTS_S = int(OPEN_FOR.total_seconds())


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor without anything that tells their address. A home's IPv6 addresses count as one."""
    community = current_community(request)
    return Visitor(
        digest=blind_index(_network(client_ip(request)), purpose="code scan"),
        user_id=scope_of_request(request).user_id,
        area=community.area_code if community else "",
    )


def bearer_of(request: HttpRequest) -> str:
    """The digest of this browser's secret; empty for a browser without."""
    secret = request.COOKIES.get(BEARER_COOKIE, "")
    return _digest(secret) if secret else ""


def bearer_to_keep(request: HttpRequest) -> tuple[str, str]:
    """This browser's secret, or a new one, and the digest that is kept of it."""
    secret = request.COOKIES.get(BEARER_COOKIE) or secrets.token_urlsafe(24)
    return secret, _digest(secret)


def keep_bearer(response: HttpResponse, secret: str) -> None:
    response.set_cookie(
        BEARER_COOKIE, secret, max_age=PHOTO_LASTS_S, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="Lax",
    )  # fmt: skip


def scan_reference(scan_id: int) -> str:
    """The scan's id as it stands in addresses: signed, so that nobody tries the next one."""
    return SCANS.sign(str(scan_id))


def scan_of_reference(reference: str) -> int | None:
    try:
        return int(SCANS.unsign(reference))
    except (signing.BadSignature, ValueError):
        return None


def photo_reference(upload_id: int) -> str:
    """A photo's address for a quarter of an hour: it goes with a page, and can't be collected without."""
    return PHOTOS.sign(str(upload_id))


def photo_of_reference(reference: str) -> int | None:
    try:
        return int(PHOTOS.unsign(reference, max_age=PHOTO_LASTS_S))
    except (signing.BadSignature, ValueError):
        return None


def _digest(secret: str) -> str:
    return blind_index(secret, purpose="door bearer")


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)
