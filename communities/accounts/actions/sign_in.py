"""One-time codes. Sign-in by one: one form signs in or up, and never says whether a phone is known."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Literal

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from communities.accounts.actions.consents import give_consent
from communities.accounts.models import Consent, OneTimeCode, User, phone_index
from communities.accounts.queries import codes_sent, consent_in_force
from communities.accounts.rules import CODE_DIGITS, PRIVACY_VERSION, CodeLimits, mainland_mobile, why_not_send
from communities.accounts.sms import SmsError, sms_sender
from homeservice.kernel.crypto import blind_index
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Channel

Purpose = OneTimeCode.Purpose
KEPT = timedelta(days=2)  # long enough for the daily quotas

Answer = Literal["right", "wrong", "ended", "expired"]


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code on its way: `code` is shown again only in the embedded default."""

    phone: str
    code: str
    expires_at: datetime
    resend_at: datetime


def code_limits() -> CodeLimits:
    """The figures of the settings."""
    return CodeLimits(**settings.SIGN_IN_CODES)


def request_code(*, phone: str, ip: str, at: datetime, purpose: str = Purpose.SIGN_IN) -> IssuedCode:
    """A fresh code is on its way to the phone, and no older one for the purpose counts any more.

    The quotas count all purposes together. Raises `phone_invalid`, `code_too_soon`, `code_quota_phone`, `code_quota_network`, `code_quota_day`,
    `code_not_sent`. The message leaves after the row is committed.
    """
    number = mainland_mobile(phone)
    issued = _issue(number, ip, at, purpose)
    try:
        sms_sender().send(phone=number, text=_text(purpose) % {"code": issued.code})
    except SmsError as error:
        message = _("The message could not be sent just now. Please try again in a minute.")
        raise DomainError("code_not_sent", message, field="phone") from error
    return issued


def redeem_code(
    *, phone: str, code: str, at: datetime, privacy_version: str | None = None, channel: str = Channel.WEB
) -> User:
    """The code is used up and its person signed in; the account is made at the first time.

    `privacy_version` is the notice that the person agreed to: needed unless its present version is in
    force for them (`consent_required`, and the code stays good). Raises `code_wrong`, `code_ended` after
    five wrong answers, `code_expired`, `account_inactive`. Locks the code's row, so that it opens one
    session only.
    """
    number = mainland_mobile(phone)
    with transaction.atomic():
        row, answer = _answered(number, code, Purpose.SIGN_IN, at)
        user = _person(row, number, privacy_version, channel, at) if row and answer == "right" else None
    if user is None:
        raise _refusal(answer)
    return user


def check_code(*, phone: str, code: str, purpose: str, at: datetime, use_up: bool) -> None:
    """Whoever has the phone in hand gave the code; with `use_up` it counts no more. Opens no session.

    Raises `code_wrong`, `code_ended`, `code_expired`. Locks the code's row. A wrong answer must be counted: call it
    outside a transaction that a refusal would undo.
    """
    with transaction.atomic():
        row, answer = _answered(mainland_mobile(phone), code, purpose, at)
        if row and answer == "right" and use_up:
            OneTimeCode.objects.filter(pk=row.pk).update(used_at=at)
    if answer != "right":
        raise _refusal(answer)


@transaction.atomic
def purge_codes(*, at: datetime) -> int:
    """Codes that no quota counts any more are gone. Answers how many."""
    return OneTimeCode.objects.filter(created_at__lt=at - KEPT).delete()[0]


@transaction.atomic
def _issue(phone: str, ip: str, at: datetime, purpose: str) -> IssuedCode:
    """Writes the row. Locks the phone, so that of two simultaneous requests one is too soon."""
    limits, index, ip_digest = code_limits(), phone_index(phone), blind_index(ip, purpose="ip")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [index])
    refusal = why_not_send(codes_sent(phone_index=index, ip_digest=ip_digest, at=at), limits, at)
    if refusal:
        raise refusal
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    row = OneTimeCode.objects.create(
        purpose=purpose,
        phone_index=index,
        code_digest=_digest(phone, code),
        ip_digest=ip_digest,
        created_at=at,
        expires_at=at + limits.lifetime,
    )
    return IssuedCode(phone, code, row.expires_at, at + limits.resend_after)


def _answered(phone: str, code: str, purpose: str, at: datetime) -> tuple[OneTimeCode | None, Answer]:
    """The newest code of the phone for the purpose, locked, and what the answer was worth; a wrong one is counted."""
    codes = OneTimeCode.objects.filter(phone_index=phone_index(phone), purpose=purpose, created_at__lte=at)
    row = codes.select_for_update().order_by("-created_at", "-pk").first()
    if row is None or row.used_at or row.expires_at <= at:
        return None, "expired"
    if row.wrong_answers >= code_limits().wrong_answers:
        return row, "ended"
    if compare_digest(row.code_digest, _digest(phone, code.strip())):
        return row, "right"
    OneTimeCode.objects.filter(pk=row.pk).update(wrong_answers=F("wrong_answers") + 1)
    return row, "ended" if row.wrong_answers + 1 >= code_limits().wrong_answers else "wrong"


def _person(row: OneTimeCode, phone: str, privacy_version: str | None, channel: str, at: datetime) -> User:
    user = User.objects.get_by_phone(phone)
    if user and not user.is_active:
        raise DomainError(
            "account_inactive", _("This account is closed. Please ask your community desk."), field="code"
        )
    agreed = privacy_version == PRIVACY_VERSION
    if not agreed and not (user and consent_in_force(user, Consent.Kind.PRIVACY)):
        message = _("Please read the privacy notice and tick the box if you agree.")
        raise DomainError("consent_required", message, field="consent")
    OneTimeCode.objects.filter(pk=row.pk).update(used_at=at)
    user = user or User.objects.create(
        phone=phone, phone_index=phone_index(phone), password=make_password(None), date_joined=at
    )
    if agreed:
        give_consent(user=user, kind=Consent.Kind.PRIVACY, at=at, channel=channel)
    return user


def _text(purpose: str) -> str:
    """The message, which says what the code is for: nobody shall read one out for something else."""
    if purpose == Purpose.BINDING:
        return _(
            "%(code)s: read this code out only if you agree to work for the enterprise in front of you and have signed "
            "its authorisation letter. It is valid for 5 minutes."
        )
    return _("%(code)s is your sign-in code for the community home services. It is valid for 5 minutes.")


def _refusal(answer: Answer) -> DomainError:
    messages = {
        "wrong": _("This code is not right. Please check the message and try again."),
        "ended": _("Too many wrong answers: this code has ended. Please ask for a new one."),
        "expired": _("This code is no longer valid. Please ask for a new one."),
    }
    return DomainError(f"code_{answer}", messages[answer], field="code")


def _digest(phone: str, code: str) -> str:
    return blind_index(f"{phone}:{code}", purpose="sign_in_code")
