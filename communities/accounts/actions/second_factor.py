"""The second factor of staff: an authenticator app, and recovery codes for the day it is lost."""

from datetime import datetime, timedelta
from typing import Literal

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction
from django.utils.translation import gettext as _

from communities.accounts.models import User
from communities.accounts.totp import matching_step
from homeservice.kernel.errors import DomainError

WRONG_ANSWERS = 5
LOCK = timedelta(minutes=5)
TOTP, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES

Answer = Literal["right", "wrong", "locked", "missing"]


@transaction.atomic
def enrol_totp(*, user: User, secret: str, at: datetime) -> list[str]:
    """The authenticator with this base-32 secret is the person's only one; answers new recovery codes."""
    Authenticator.objects.filter(user=user, type__in=[TOTP, RECOVERY]).delete()
    Authenticator.objects.create(user=user, type=TOTP, created_at=at, data={"secret": encrypt(secret), "last_step": 0})
    return list(RecoveryCodes.activate(user).get_unused_codes())


def confirm_enrolment(*, user: User, secret: str, code: str, at: datetime) -> list[str]:
    """Enrols the authenticator if it shows the right code and the person has none. Answers recovery codes.

    Raises `second_factor_wrong`, or `second_factor_enrolled` if there is one already.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if Authenticator.objects.filter(user=user, type=TOTP).exists():
            message = _("You have an authenticator already. Please enter the code that it shows.")
            raise DomainError("second_factor_enrolled", message, field="code")
        step = matching_step(secret, _digits(code), at, after=0)
        if step is None:
            raise _refusal("wrong")
        codes = enrol_totp(user=user, secret=secret, at=at)
        _update(Authenticator.objects.get(user=user, type=TOTP), last_step=step)
    return codes


def answer_second_factor(*, user: User, code: str, at: datetime) -> None:
    """The code was right: of the authenticator and not used before, or an unused recovery code.

    Raises `second_factor_wrong`, and `second_factor_locked` for five minutes after five wrong answers.
    Locks the authenticator, so that one code opens one session.
    """
    with transaction.atomic():
        answer = _answered(user, _digits(code), at)
    if answer != "right":
        raise _refusal(answer)


@transaction.atomic
def forget_second_factor(*, user: User) -> None:
    """The person enrols anew at the next sign-in: for a lost phone, decided by an administrator."""
    Authenticator.objects.filter(user=user).delete()


@transaction.atomic
def note_recovery_codes_seen(*, user: User) -> None:
    """The recovery codes are never shown again."""
    row = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    if row:
        RecoveryCodes(row).mark_as_viewed()


def _answered(user: User, code: str, at: datetime) -> Answer:
    row = Authenticator.objects.select_for_update().filter(user=user, type=TOTP).first()
    if row is None:
        return "missing"
    locked_until = row.data.get("locked_until")
    if locked_until and at < datetime.fromisoformat(locked_until):
        return "locked"
    step = matching_step(decrypt(row.data["secret"]), code, at, after=row.data.get("last_step", 0))
    if step is None and not _is_recovery_code(user, code):
        return _count_wrong(row, at)
    row.last_used_at = at
    _update(row, wrong=0, locked_until=None, last_step=step or row.data.get("last_step", 0))
    return "right"


def _count_wrong(row: Authenticator, at: datetime) -> Answer:
    wrong = row.data.get("wrong", 0) + 1
    if wrong < WRONG_ANSWERS:
        _update(row, wrong=wrong)
        return "wrong"
    _update(row, wrong=0, locked_until=(at + LOCK).isoformat())
    return "locked"


def _is_recovery_code(user: User, code: str) -> bool:
    row = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return bool(row and RecoveryCodes(row).validate_code(code))


def _update(row: Authenticator, **changes: object) -> None:
    row.data = {**row.data, **changes}
    row.save(update_fields=["data", "last_used_at"])


def _digits(typed: str) -> str:
    compact = "".join(typed.split())
    return compact if compact.isascii() else ""


def _refusal(answer: Answer) -> DomainError:
    messages = {
        "wrong": _("This code is not right, or it was used already. Please wait for the next one and try again."),
        "locked": _("Too many wrong answers. Please try again in five minutes."),
        "missing": _("No authenticator is set up for this account yet."),
    }
    return DomainError(f"second_factor_{answer}", messages[answer], field="code")
