"""Real-name identity: no dispatch without it (GD Art 11(7))."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.accounts.actions.consents import give_consent
from communities.accounts.identity import Verdict, identity_verifier
from communities.accounts.models import Consent, Identity, User
from communities.accounts.rules import NAME_MAX, IdNumber, parsed_id_number, why_not_order
from homeservice.foundation.audit import record
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.clock import local_day
from homeservice.kernel.crypto import blind_index
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Channel

CHECKED = "identity.checked"
CHECKS_PER_DAY = 10


def verify_identity(
    *,
    user: User,
    real_name: str,
    id_number: str,
    consented: bool,
    at: datetime,
    channel: str = Channel.WEB,
    actor: User | None = None,
) -> Identity:
    """The person's name and number are kept with the verifier's verdict, which may be `refused`.

    `actor` is the member of staff who does it at the desk with the person's consent. Raises `name_missing`,
    `id_number_…`, `consent_required`, `identity_verified` (no second time), `identity_checks_quota` and
    `id_number_taken`. The verifier is asked outside any lock; the database keeps a number to one account.
    """
    name, number = _checked_name(real_name), parsed_id_number(id_number, today=local_day(at))
    _refuse_early(user, number, consented, at)
    with transaction.atomic():
        give_consent(user=user, kind=Consent.Kind.IDENTITY, at=at, channel=channel, recorded_by=actor)
        _note_check(user, actor or user, at)
    verifier = identity_verifier()
    verdict = verifier.check(real_name=name, id_number=number)
    try:
        return _keep(user, name, number, verdict, verifier.name, at)
    except IntegrityError as error:
        raise _taken() from error


def _checked_name(real_name: str) -> str:
    name = " ".join(real_name.split())
    if not name:
        raise DomainError("name_missing", _("Enter the name on your ID card."), field="real_name")
    if len(name) > NAME_MAX:
        message = _("A name has at most %(max)s characters.") % {"max": NAME_MAX}
        raise DomainError("name_too_long", message, field="real_name")
    return name


def _refuse_early(user: User, number: IdNumber, consented: bool, at: datetime) -> None:
    minor = why_not_order(number.birth_date, today=local_day(at))
    if minor:
        raise minor
    if not consented:
        message = _("We may only check your name and ID number if you agree. Please tick the box.")
        raise DomainError("consent_required", message, field="consent")
    if Identity.objects.filter(user=user, state=Identity.State.VERIFIED).exists():
        raise DomainError("identity_verified", _("Your identity is verified already."), field="id_number")
    checks = AuditEntry.objects.filter(
        action=CHECKED, subject_type=User._meta.label_lower, subject_id=str(user.pk), at__gt=at - timedelta(days=1)
    )
    if checks.count() >= CHECKS_PER_DAY:
        message = _("That was tried too often today. Please try again tomorrow, or ask at your community desk.")
        raise DomainError("identity_checks_quota", message, field="id_number")
    taken = Identity.objects.filter(id_number_index=_index(number), state=Identity.State.VERIFIED)
    if taken.exclude(user=user).exists():
        _note_check(user, user, at)
        raise _taken()


@transaction.atomic
def _keep(user: User, name: str, number: IdNumber, verdict: Verdict, verifier: str, at: datetime) -> Identity:
    """Locks the person, so that a verdict never replaces a verified one."""
    User.objects.select_for_update().get(pk=user.pk)
    before = Identity.objects.filter(user=user, state=Identity.State.VERIFIED).first()
    if before:
        return before
    verified = verdict.state == Identity.State.VERIFIED
    identity, _created = Identity.objects.update_or_create(
        user=user,
        defaults={
            "real_name": name,
            "id_number": number.number,
            "id_number_index": _index(number),
            "birth_date": number.birth_date,
            "sex": number.sex,
            "state": verdict.state,
            "reason": verdict.reason,
            "verifier": verifier,
            "verified_at": at if verified else None,
        },
    )
    if verified and not user.name:
        User.objects.filter(pk=user.pk).update(name=name)
    return identity


def _note_check(user: User, actor: User, at: datetime) -> None:
    record(at=at, actor_id=actor.pk, action=CHECKED, subject=user, purpose="GD Art 11(7)")


def _taken() -> DomainError:
    message = _(
        "This ID number is already in use by another account. If it is yours, please ask at your community desk."
    )
    return DomainError("id_number_taken", message, field="id_number")


def _index(number: IdNumber) -> str:
    return blind_index(number.number, purpose="id_number")
