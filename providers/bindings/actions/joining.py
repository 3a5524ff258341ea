"""A person becomes a worker by signing, and works for an enterprise once both sides have said yes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.accounts.models import User
from communities.accounts.rules import mainland_mobile
from communities.inbox.actions import tell
from homeservice.foundation import audit
from homeservice.foundation.models import Upload
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Channel
from providers.bindings import notices
from providers.bindings.actions.authorising import checked_letter, sign_authorisation
from providers.bindings.actions.proposing import GONE, account_of, bound_words, locked, propose
from providers.bindings.models import Binding
from providers.bindings.queries import is_authorised
from providers.bindings.rules import ENTERPRISE, WORKER, why_not_answer
from providers.enterprises.models import Enterprise
from providers.workers.actions import Person, create_worker, mark_papers_changed
from providers.workers.models import Worker


@dataclass(frozen=True, slots=True)
class Signing:
    """How somebody put their name under the letter. `scan` is of a letter signed on paper."""

    version: str
    signed_name: str
    agreed: bool
    recorded_by_id: int
    channel: str = Channel.WEB
    scan: Upload | None = None


@transaction.atomic
def register_worker(*, user: User, person: Person, relation: str, signing: Signing, at: datetime) -> Worker:
    """The person is a worker without an enterprise, and their authorisation is in force: it comes before any fact.

    Raises what `sign_authorisation` and `create_worker` raise.
    """
    checked_letter(signing.version, agreed=signing.agreed, at=at)
    worker = create_worker(user=user, person=person, relation=relation, at=at)
    _sign(worker, signing, at)
    return worker


@transaction.atomic
def join(*, binding: Binding, person: Person | None, signing: Signing | None, at: datetime) -> Worker:
    """The invited person says yes: worker, authorisation and binding stand together or not at all.

    `person` is needed of one who is no worker yet, `signing` of one without an authorisation in force.
    Raises `person_missing`, and what `register_worker` and `confirm_binding` raise. Locks the binding, then the worker.
    """
    row = locked(binding)
    worker = Worker.objects.filter(user_id=row.user_id).first()
    if worker is None:
        if person is None or signing is None:
            raise DomainError("person_missing", _("Please say who you are and sign the letter."))
        worker = register_worker(user=row.user, person=person, relation=row.relation, signing=signing, at=at)
    elif signing and not is_authorised(worker.pk):
        _sign(worker, signing, at)
    actor_id = signing.recorded_by_id if signing else row.user_id
    confirm_binding(binding=row, side=WORKER, actor_id=actor_id, at=at)
    worker.refresh_from_db()
    return worker


@transaction.atomic
def confirm_binding(*, binding: Binding, side: str, actor_id: int, at: datetime) -> Binding:
    """The binding is in force: the worker works for the enterprise. Services are added there by the gate.

    Raises `enterprise_gone` where the enterprise left or was blacklisted meanwhile, `binding_answered`, `binding_own_proposal`, `authorisation_missing`, `worker_bound` for one who has another
    enterprise (the database keeps one). Locks the binding, then the worker.
    """
    row = locked(binding)
    refusal = why_not_answer(row.state, row.proposed_by, side)
    if refusal:
        raise refusal
    firm = Enterprise.objects.select_for_update(no_key=True).get(pk=row.enterprise_id)
    if firm.state in GONE:
        raise DomainError("enterprise_gone", _("This enterprise has left the platform: it takes on nobody."))
    worker = Worker.objects.select_for_update().filter(user_id=row.user_id).first()
    if worker is None or not is_authorised(worker.pk):
        message = _("The worker must sign the authorisation before anything about them is entered.")
        raise DomainError("authorisation_missing", message)
    row.state, row.answered_at, row.answerer_id = Binding.State.IN_FORCE, at, actor_id
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "answered_at", "answerer"])
    except IntegrityError as error:
        if "binding_one_enterprise" not in str(error):
            raise
        raise _bound(row, side) from error
    worker.enterprise, worker.relation, worker.joined_date = row.enterprise, row.relation, local_day(at)
    worker.save(update_fields=["enterprise", "relation", "joined_date"])
    mark_papers_changed(worker_ids=[worker.pk], at=at)
    audit.record(at=at, actor_id=actor_id, action="binding_confirmed", subject=row, side=side)
    tell(notices.confirmed(row), at=at)
    return row


@transaction.atomic
def enter_worker(
    *,
    enterprise: Enterprise,
    phone: str,
    person: Person,
    relation: str,
    attested: bool,
    actor_id: int,
    at: datetime,
) -> tuple[Worker, Binding]:
    """For many at once, from an enterprise's own list: a worker without an enterprise, and an invitation to confirm.

    The enterprise attests the letter signed on paper; the person still signs here before anything takes effect. Of a
    known worker nothing is changed. Raises `authorisation_missing`, and what `create_worker` and `propose` raise.
    """
    if not attested:
        message = _("The worker must sign the authorisation before anything about them is entered.")
        raise DomainError("authorisation_missing", message, field="attested")
    user = account_of(mainland_mobile(phone), at)
    binding = propose(user, enterprise, relation, "", side=ENTERPRISE, actor_id=actor_id, at=at)
    worker = Worker.objects.filter(user=user).first()
    if worker is None:
        worker = create_worker(user=user, person=person, relation=relation, at=at)
        audit.record(at=at, actor_id=actor_id, action="worker_entered", subject=worker, attested=True)
    tell([notices.invited(binding)], at=at)
    return worker, binding


def _sign(worker: Worker, signing: Signing, at: datetime) -> None:
    sign_authorisation(
        worker=worker,
        version=signing.version,
        signed_name=signing.signed_name,
        agreed=signing.agreed,
        channel=signing.channel,
        recorded_by_id=signing.recorded_by_id,
        scan=signing.scan,
        at=at,
    )


def _bound(row: Binding, side: str) -> DomainError:
    """The worker reads by whom; another enterprise does not."""
    if side == WORKER:
        bound = row.user.bindings.in_force().select_related("enterprise").get()
        return DomainError("worker_bound", bound_words(bound.enterprise.name))
    message = _("This person is bound to another enterprise. That binding must end first, and both sides confirm it.")
    return DomainError("worker_bound", message)
