"""Taking a step of the table: nothing else writes the state of an enterprise or a worker."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communities.inbox.actions import tell
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake
from homeservice.kernel.states import Step
from homeservice.kernel.vocabulary import Admission
from providers.admission.messages import notices_of
from providers.admission.models import AdmissionEvent
from providers.admission.queries import Holder, facts_of
from providers.admission.rules import REASON_MAX, Actor, spoken_reasons
from providers.admission.steps import STEPS
from providers.enterprises.models import Enterprise
from providers.workers.actions import mark_papers_changed
from providers.workers.models import Worker

RECOMPUTE_CODES = "providers.service_codes.recompute_changed"


@dataclass(frozen=True, slots=True)
class Taken:
    """Who took the step, and why the others did not, by their keys."""

    moved: tuple[Holder, ...]
    refusals: Mapping[int, DomainError]


def take_step(
    holder: Holder,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    reason_codes: Sequence[str] = (),
    **facts: Any,
) -> Holder:
    """The holder takes the step: state, event, messages, code marked to be computed anew. Locks the holder.

    Raises `step_not_yours`, `step_not_possible` and what the step's guard refuses with.
    """
    taken = take_steps(
        type(holder), [holder.pk], name, actor=actor, at=at, reason=reason, reason_codes=reason_codes, **facts
    )
    if taken.refusals:
        raise taken.refusals[holder.pk]
    return taken.moved[0]


@transaction.atomic
def take_steps(
    model: type[Holder],
    ids: Iterable[int],
    name: str,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    reason_codes: Sequence[str] = (),
    **facts: Any,
) -> Taken:
    """Those of the workers, or enterprises, who can take the step do so: one lock, one update, one insert.

    Locks the rows in key order and reads states and the guard's facts under the lock. `facts` are added to those
    that are read. Raises `step_not_yours`; the other refusals are in the answer. Tells whom it concerns.
    """
    step = STEPS[name]
    if actor.role not in step.actors:
        raise DomainError("step_not_yours", _("You cannot do this."))
    rows = _locked(model, ids)
    known = facts_of(rows, local_day(at)) if step.guard else {}
    given = {"reason": reason, "reason_codes": reason_codes, **facts}
    refusals = {row.pk: refusal for row in rows if (refusal := _why_not(step, row, {**known.get(row.pk, {}), **given}))}
    moved = tuple(row for row in rows if row.pk not in refusals)
    events = [_event(step, row, actor, at, reason, reason_codes) for row in moved]
    _write(model, step, moved, at=at, words=spoken_reasons(reason_codes, reason))
    AdmissionEvent.objects.bulk_create(events, batch_size=1000)
    tell(notices_of(step, moved, events), at=at)
    return Taken(moved, refusals)


def _locked(model: type[Holder], ids: Iterable[int]) -> list[Any]:
    rows = model.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(ids))
    return list(rows.order_by("pk"))


def _why_not(step: Step, row: Holder, facts: Mapping[str, Any]) -> DomainError | None:
    if not step.may_leave(row.state):
        message = _("This is not possible now: the state is “%(state)s”.") % {"state": row.get_state_display()}
        return DomainError("step_not_possible", message)
    return step.guard(facts) if step.guard else None


def _event(
    step: Step, row: Holder, actor: Actor, at: datetime, reason: str, reason_codes: Sequence[str]
) -> AdmissionEvent:
    return AdmissionEvent(
        worker_id=row.pk if isinstance(row, Worker) else None,
        enterprise_id=row.pk if isinstance(row, Enterprise) else None,
        step=step.name,
        from_state=row.state,
        to_state=step.lands_in(row.state),
        actor_id=actor.user_id,
        reason_codes=list(reason_codes),
        reason=reason[:REASON_MAX],
        at=at,
    )


def _write(model: type[Holder], step: Step, rows: Sequence[Holder], *, at: datetime, words: str) -> None:
    """One UPDATE for all; codes that show the state are computed anew, those of an enterprise's workers, too."""
    if step.target is None or not rows:
        return
    ids = [row.pk for row in rows]
    if any(Admission.ADMITTED in (row.state, step.target) for row in rows):
        shown = ids if model is Worker else list(Worker.objects.filter(enterprise__in=ids).values_list("pk", flat=True))
        mark_papers_changed(worker_ids=shown, at=at)
    changed = {"papers_changed_at": at} if model is Enterprise else {}
    model.objects.filter(pk__in=ids).update(state=step.target, state_reason=words, **changed)
    wake(RECOMPUTE_CODES)
    for row in rows:
        row.state, row.state_reason = step.target, words
