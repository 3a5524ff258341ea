"""Codes are looked at: each look is kept, and nobody may look at many."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeservice.kernel.errors import DomainError
from providers.service_codes import door
from providers.service_codes.models import CodeScan, DoorTokenUse, ServiceCode
from providers.service_codes.queries import looks_of_visitor

TEN_MINUTES_S, HOUR_S = 600, 3600


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who scans: a keyed digest of the address, the person if signed in, and the community they look at."""

    digest: str
    user_id: int | None = None
    area: str = ""


@transaction.atomic
def look(*, code: ServiceCode, visitor: Visitor, at: datetime, view: str = CodeScan.View.PUBLIC) -> CodeScan:
    """The visitor sees the public view, or another one that is theirs, and the log keeps that they did.

    Raises `too_many_codes` (with `retry_after_s`) for an address that has looked at many different codes in ten
    minutes or a day. Counted in the database: it holds without the cache.
    """
    _refuse_scrapers(code.pk, visitor, at)
    return _scan(code.pk, view, visitor, at)


def open_door(*, token: str, bearer_digest: str, visitor: Visitor, at: datetime) -> CodeScan:
    """The bearer's browser sees the consumer's view for fifteen minutes, and nobody else can use the token any more.

    The same browser asking twice gets the same answer. Raises `door_token_forged`, `door_token_expired`,
    `door_token_used` and `too_many_codes`; the first three are kept in the log although they raise.
    """
    _refuse_scrapers(None, visitor, at)
    code_id: int | None = None
    try:
        genuine = door.read(token, keys=settings.DOOR_KEYS)
        code_id = (
            ServiceCode.objects.filter(pk=genuine.code_id, worker__isnull=False).values_list("pk", flat=True).first()
        )
        if code_id is None:
            raise door.forged()
        refusal = door.why_not_now(genuine.issued_at, at=at)
        if refusal:
            raise refusal
        return _use(genuine, bearer_digest, visitor, at)
    except DomainError as refusal:
        _scan(code_id, CodeScan.View.REFUSED, visitor, at, reason=refusal.code)
        raise


def _use(token: door.DoorToken, bearer_digest: str, visitor: Visitor, at: datetime) -> CodeScan:
    """The database lets one of all who show the token in: its nonce is a key."""
    try:
        with transaction.atomic():
            scan = _scan(token.code_id, CodeScan.View.CONSUMER, visitor, at)
            DoorTokenUse.objects.create(
                nonce=token.nonce, code_id=token.code_id, scan=scan, bearer_digest=bearer_digest, used_at=at,
                open_until=at + door.OPEN_FOR,
            )  # fmt: skip
            return scan
    except IntegrityError as error:
        used = (
            DoorTokenUse.objects.filter(nonce=token.nonce, bearer_digest=bearer_digest).select_related("scan").first()
        )
        if used is None:
            raise door.used_already() from error
        return used.scan


def _refuse_scrapers(code_id: int | None, visitor: Visitor, at: datetime) -> None:
    limits, seen = settings.CODE_SCANS, looks_of_visitor(visitor.digest, besides=code_id, at=at)
    if seen["codes_day"] >= limits["codes_day"]:
        raise _too_many(HOUR_S)
    if any(seen[name] >= limits[name] for name in ("codes_10_min", "scans_10_min")):
        raise _too_many(TEN_MINUTES_S)


def _too_many(retry_after_s: int) -> DomainError:
    message = _("From your network many codes were looked at in a short time. Please try again later.")
    return DomainError("too_many_codes", message, retry_after_s=retry_after_s)


def _scan(code_id: int | None, view: str, visitor: Visitor, at: datetime, *, reason: str = "") -> CodeScan:
    return CodeScan.objects.create(
        code_id=code_id, at=at, view=view, reason=reason, user_id=visitor.user_id, visitor_digest=visitor.digest,
        area=visitor.area,
    )  # fmt: skip
