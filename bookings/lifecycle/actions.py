"""The only writer of a booking's state."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bookings.lifecycle.messages import notices_of
from bookings.lifecycle.models import Assignment, Booking, BookingEvent
from bookings.lifecycle.rules import Actor, Change
from bookings.lifecycle.steps import STEPS
from communities.inbox.actions import tell
from homeservice.kernel.errors import DomainError
from homeservice.kernel.states import Step


@transaction.atomic
def advance(
    ids: Iterable[int],
    step_name: str,
    *,
    at: datetime,
    actor: Actor,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    changes: Sequence[Change] = (),
    skip_others: bool = False,
) -> list[Booking]:
    """Each of the bookings takes the step: state, stamp, version, event and messages, in sets.

    Locks the rows in key order and reads their state under the lock. `facts` go to the step's guard,
    `changes` to the rows (all of them name the same columns). A booking that is not in one of the
    step's sources raises `step_not_possible`, or is left out with `skip_others`. Raises `step_not_yours`
    and what the guard refuses with. Queues the messages' deliveries. Answers the bookings that moved.
    """
    step = STEPS[step_name]
    if actor.role not in step.actors:
        raise DomainError("step_not_yours", _("You cannot do this with the booking."))
    rows = _locked(ids)
    movable = [row for row in rows if step.may_leave(row.state)]
    if len(movable) < len(rows) and not skip_others:
        raise DomainError("step_not_possible", _("The booking has moved on. Please look at it again."))
    for row in movable:
        _ask_guard(step, row, at=at, reason=reason, facts=facts or {})
    events = [_event(step, row, at=at, actor=actor, reason=reason) for row in movable]
    _write(step, movable, at=at, changes=changes)
    BookingEvent.objects.bulk_create(events)
    tell(notices_of(step, movable), at=at)
    return movable


@transaction.atomic
def create_held(booking: Booking, *, at: datetime, actor: Actor) -> Booking:
    """The booking is inserted in the state `held`, with its first event."""
    booking.state = STEPS["hold"].lands_in("")
    booking.save(force_insert=True)
    BookingEvent.objects.create(
        booking=booking, step="hold", target=booking.state, at=at, actor_id=actor.user_id, actor_role=actor.role
    )
    return booking


def _locked(ids: Iterable[int]) -> list[Booking]:
    rows = Booking.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(ids))
    return list(rows.select_related("item", "entry__listing", "recipient").order_by("pk"))


def _ask_guard(step: Step, row: Booking, *, at: datetime, reason: str, facts: Mapping[str, Any]) -> None:
    if step.guard is None:
        return
    of_row = {
        "source": row.state, "starts_at": row.starts_at, "hold_until": row.hold_until,
        "needs_worker": row.item.needs_worker, "arrived": row.arrived_at is not None,
    }  # fmt: skip
    refusal = step.guard({**of_row, "at": at, "reason": reason, **facts})
    if refusal:
        raise refusal


def _event(step: Step, row: Booking, *, at: datetime, actor: Actor, reason: str) -> BookingEvent:
    return BookingEvent(
        booking=row, step=step.name, source=row.state, target=step.lands_in(row.state), at=at,
        actor_id=actor.user_id, actor_role=actor.role, reason=reason,
    )  # fmt: skip


def _write(step: Step, rows: Sequence[Booking], *, at: datetime, changes: Sequence[Change]) -> None:
    """One UPDATE for all rows; the objects in memory follow it."""
    if not rows:
        return
    fields = {change.booking_id: change.fields for change in changes}
    names = list(next(iter(fields.values()), {}))
    values = [[fields[row.pk][name] for row in rows] for name in names]
    columns = [Booking._meta.get_field(name) for name in names]
    assigned = ["version = version + 1"]
    params: list[Any] = []
    if step.target:
        assigned.append("state = %s")
        params.append(step.target)
    if step.stamp:
        assigned.append(f"{step.stamp} = %s")
        params.append(at)
    assigned += [f"{column.column} = v.c{place}" for place, column in enumerate(columns)]
    arrays = ["%s::bigint[]", *(f"%s::{_base_type(column)}[]" for column in columns)]
    names_of_v = ["id", *(f"c{place}" for place in range(len(columns)))]
    sql = (
        f"UPDATE {Booking._meta.db_table} b SET {', '.join(assigned)} "
        f"FROM unnest({', '.join(arrays)}) AS v({', '.join(names_of_v)}) WHERE b.id = v.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, [row.pk for row in rows], *values])
    for row in rows:
        _follow(row, step, at, fields.get(row.pk, {}))


def _base_type(column: Any) -> str:
    """The column's SQL type without its own check, as a cast needs it."""
    return str(column.cast_db_type(connection))


def _follow(row: Booking, step: Step, at: datetime, fields: Mapping[str, Any]) -> None:
    row.version += 1
    row.state = step.lands_in(row.state)
    if step.stamp:
        setattr(row, step.stamp, at)
    for name, value in fields.items():
        setattr(row, Booking._meta.get_field(name).attname, value)


def release_crews(visit_ids: Iterable[int], *, reason: str) -> None:
    """The live assignments of the visits are released: those workers are free again at that time.

    Their followers' travel is recomputed when somebody next takes time near them.
    """
    live = Assignment.objects.exclude(state__in=["released", "done"])
    live.filter(visit__in=list(visit_ids)).update(state=Assignment.State.RELEASED, released_reason=reason)
