"""A binding ends once both sides say so; only the office ends one alone."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from communities.accounts.rules import checked_text
from communities.inbox.actions import tell
from homeservice.foundation import audit
from homeservice.kernel.errors import DomainError
from providers.bindings import notices
from providers.bindings.actions.proposing import locked
from providers.bindings.models import Binding
from providers.bindings.rules import OFFICE, why_not_confirm_end, why_not_keep, why_not_propose_end
from providers.workers.actions import mark_papers_changed
from providers.workers.models import Worker

REASON_MAX = 200
IN_FORCE = (Binding.State.IN_FORCE, Binding.State.ENDING)


@transaction.atomic
def propose_end(*, binding: Binding, side: str, reason: str, actor_id: int, at: datetime) -> Binding:
    """The other side is asked to let it end; until then all goes on.

    Raises `reason_missing`, `reason_too_long`, `binding_ending`, `binding_not_in_force`. Locks the binding.
    """
    said, row = checked_text(reason, "reason", limit=REASON_MAX), locked(binding)
    refusal = why_not_propose_end(row.state)
    if refusal:
        raise refusal
    row.state, row.end_reason = Binding.State.ENDING, said
    row.ending_proposed_by, row.ending_proposed_at = side, at
    row.save(update_fields=["state", "end_reason", "ending_proposed_by", "ending_proposed_at"])
    audit.record(at=at, actor_id=actor_id, action="binding_end_proposed", subject=row, side=side)
    tell(notices.end_proposed(row), at=at)
    return row


@transaction.atomic
def confirm_end(*, binding: Binding, side: str, actor_id: int, at: datetime) -> Binding:
    """The worker works for nobody now; services learned stay, jobs ahead are for bookings' sweep to hand over.

    Raises `binding_not_ending`, `binding_own_proposal`. Locks the binding, then the worker.
    """
    row = locked(binding)
    refusal = why_not_confirm_end(row.state, row.ending_proposed_by, side)
    if refusal:
        raise refusal
    return _end(row, actor_id, at)


@transaction.atomic
def keep_binding(*, binding: Binding, side: str, actor_id: int, at: datetime) -> Binding:
    """The proposed end is dropped: its proposer takes it back, or the other side says no.

    Raises `binding_not_ending`. Locks the binding.
    """
    row = locked(binding)
    refusal = why_not_keep(row.state)
    if refusal:
        raise refusal
    proposal = f"{row.ending_proposed_at:%Y%m%d%H%M%S%f}"
    row.state, row.end_reason, row.ending_proposed_by, row.ending_proposed_at = Binding.State.IN_FORCE, "", "", None
    row.save(update_fields=["state", "end_reason", "ending_proposed_by", "ending_proposed_at"])
    audit.record(at=at, actor_id=actor_id, action="binding_kept", subject=row, side=side)
    tell(notices.kept(row, proposal), at=at)
    return row


@transaction.atomic
def end_by_office(*, binding: Binding, reason: str, actor_id: int, at: datetime) -> Binding:
    """The office ends it alone, with a reason: where an enterprise has left, or keeps somebody against their will.

    Raises `reason_missing`, `reason_too_long`, `binding_not_in_force`. Locks the binding, then the worker.
    """
    said, row = checked_text(reason, "reason", limit=REASON_MAX), locked(binding)
    if row.state not in IN_FORCE:
        raise DomainError("binding_not_in_force", _("This binding is not in force."))
    row.end_reason, row.ending_proposed_by, row.ending_proposed_at = said, OFFICE, at
    return _end(row, actor_id, at)


def _end(row: Binding, actor_id: int, at: datetime) -> Binding:
    row.state, row.ended_at = Binding.State.ENDED, at
    row.save(update_fields=["state", "ended_at", "end_reason", "ending_proposed_by", "ending_proposed_at"])
    worker = Worker.objects.select_for_update().get(user_id=row.user_id)
    worker.enterprise = None
    worker.save(update_fields=["enterprise"])
    mark_papers_changed(worker_ids=[worker.pk], at=at)
    audit.record(at=at, actor_id=actor_id, action="binding_ended", subject=row, side=row.ending_proposed_by)
    tell(notices.ended(row), at=at)
    return row
