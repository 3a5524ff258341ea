"""A binding is proposed by either side; the other answers. Nothing about a person is entered before they sign."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.accounts.models import User, phone_index
from communities.accounts.rules import checked_text, mainland_mobile
from communities.inbox.actions import tell
from homeservice.foundation import audit
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Admission
from providers.bindings import notices
from providers.bindings.models import Binding
from providers.bindings.rules import ENTERPRISE, PROPOSED, WORKER, why_not_answer, why_not_take_back
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker

NOTE_MAX = 200
INVITATIONS_A_DAY = 200
GONE = frozenset({Admission.EXITED, Admission.BLACKLISTED})


@transaction.atomic
def invite_worker(
    *, enterprise: Enterprise, phone: str, relation: str, note: str, actor_id: int, at: datetime
) -> Binding:
    """The person with this phone is invited, and told by message; a new phone gets an account without any facts.

    Raises `phone_invalid`, `note_too_long`, `account_inactive`, `enterprise_gone`, `invitations_quota`, and what
    `propose` raises. Locks the enterprise, so that the quota holds.
    """
    number, said = mainland_mobile(phone), checked_text(note, "note", limit=NOTE_MAX, required=False)
    firm = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if firm.state in GONE:
        raise DomainError("enterprise_gone", _("Your enterprise has left the platform: it takes on nobody."))
    today = Binding.objects.filter(enterprise=firm, proposed_by=ENTERPRISE, proposed_at__gt=at - timedelta(days=1))
    if today.count() >= INVITATIONS_A_DAY:
        message = _("At most %(count)s invitations a day.") % {"count": INVITATIONS_A_DAY}
        raise DomainError("invitations_quota", message, field="phone")
    binding = propose(account_of(number, at), firm, relation, said, side=ENTERPRISE, actor_id=actor_id, at=at)
    tell([notices.invited(binding)], at=at)
    return binding


@transaction.atomic
def apply_to_enterprise(*, user: User, enterprise: Enterprise, relation: str, note: str, at: datetime) -> Binding:
    """The person asks to work for the enterprise, whose managers are told.

    Raises `enterprise_not_active`, `worker_bound` for one who has an enterprise, `note_too_long` and what `propose`
    raises.
    """
    said = checked_text(note, "note", limit=NOTE_MAX, required=False)
    if enterprise.state != Admission.ADMITTED:
        message = _("This enterprise takes on nobody at present.")
        raise DomainError("enterprise_not_active", message, field="enterprise")
    refuse_bound(user)
    binding = propose(user, enterprise, relation, said, side=WORKER, actor_id=user.pk, at=at)
    tell(notices.applied(binding), at=at)
    return binding


@transaction.atomic
def decline_binding(*, binding: Binding, side: str, actor_id: int, at: datetime) -> Binding:
    """The side says no to what the other proposed. Raises `binding_answered`, `binding_own_proposal`. Locks the row."""
    row = locked(binding)
    refusal = why_not_answer(row.state, row.proposed_by, side)
    if refusal:
        raise refusal
    row.state, row.answered_at, row.answerer_id = Binding.State.DECLINED, at, actor_id
    row.save(update_fields=["state", "answered_at", "answerer"])
    audit.record(at=at, actor_id=actor_id, action="binding_declined", subject=row)
    tell(notices.declined(row), at=at)
    return row


@transaction.atomic
def take_back_proposal(*, binding: Binding, side: str, actor_id: int, at: datetime) -> Binding:
    """The side takes its proposal back. Raises `binding_answered`, `binding_not_yours`. Locks the row."""
    row = locked(binding)
    refusal = why_not_take_back(row.state, row.proposed_by, side)
    if refusal:
        raise refusal
    row.state = Binding.State.WITHDRAWN
    row.save(update_fields=["state"])
    audit.record(at=at, actor_id=actor_id, action="binding_withdrawn", subject=row)
    return row


def account_of(phone: str, at: datetime) -> User:
    """The account of an 11-digit number, made if there is none. Raises `account_inactive`."""
    user, _created = User.objects.get_or_create(
        phone_index=phone_index(phone), defaults={"phone": phone, "password": make_password(None), "date_joined": at}
    )
    if not user.is_active:
        raise DomainError("account_inactive", _("This account is closed."), field="phone")
    return user


def propose(
    user: User, enterprise: Enterprise, relation: str, note: str, *, side: str, actor_id: int, at: datetime
) -> Binding:
    """A proposed binding stands. Raises `relation_unknown`, `binding_exists`, `binding_open`."""
    if relation not in Worker.Relation.values:
        raise DomainError("relation_unknown", _("Please choose."), field="relation")
    if user.bindings.in_force().filter(enterprise=enterprise).exists():
        message = _("This person works for this enterprise already.")
        raise DomainError("binding_exists", message, field="phone")
    try:
        with transaction.atomic():
            row = Binding.objects.create(
                user=user, enterprise=enterprise, relation=relation, note=note, state=PROPOSED, proposed_by=side,
                proposer_id=actor_id, proposed_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        if "binding_proposed_once" not in str(error):
            raise
        message = _("There is an open invitation or application between you already.")
        raise DomainError("binding_open", message, field="phone") from error
    audit.record(at=at, actor_id=actor_id, action="binding_proposed", subject=row, side=side)
    return row


def refuse_bound(user: User) -> None:
    """Raises `worker_bound` for somebody who has an enterprise."""
    bound = user.bindings.in_force().select_related("enterprise").first()
    if bound:
        raise DomainError("worker_bound", bound_words(bound.enterprise.name))


def bound_words(enterprise: str) -> str:
    """What somebody is told who is bound to that enterprise."""
    message = _("You are bound to %(enterprise)s. That binding must end first, and both sides confirm it.")
    return message % {"enterprise": enterprise}


def locked(binding: Binding) -> Binding:
    """The row as it is now, held until the transaction ends, with its enterprise and person."""
    rows = Binding.objects.select_for_update(of=("self",)).select_related("enterprise", "user")
    row: Binding = rows.get(pk=binding.pk)
    return row
