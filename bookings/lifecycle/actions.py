"""The only writer of a booking's state."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bookings.lifecycle.messages import notices_of
from bookings.lifecycle.models import PERSONAL, Assignment, Booking, BookingEvent
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
    at_of: Mapping[int, datetime] | None = None,
    skip_others: bool = False,
) -> list[Booking]:
    """Each of the bookings takes the step: state, stamp, version, event and messages, in sets.

    `at_of` gives instants of their own to bookings whose step was taken earlier than it is written.
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
    moments = {row.pk: (at_of or {}).get(row.pk, at) for row in movable}
    for row in movable:
        _ask_guard(step, row, at=moments[row.pk], reason=reason, facts=facts or {})
    events = [_event(step, row, at=moments[row.pk], actor=actor, reason=reason) for row in movable]
    _write(step, movable, moments, {change.booking_id: change.fields for change in changes})
    BookingEvent.objects.bulk_create(events, batch_size=1000)
    tell(notices_of(step, movable, moments), at=at)
    return movable


@transaction.atomic(savepoint=False)
def create_held(bookings: Sequence[Booking], *, role: str) -> None:
    """The bookings are inserted in the state `held`, each with its first event by who placed it."""
    for booking in bookings:
        booking.state = STEPS["hold"].lands_in("")
    Booking.objects.bulk_create(bookings, batch_size=500)
    BookingEvent.objects.bulk_create(
        (
            BookingEvent(
                booking=booking, step="hold", target=booking.state, at=booking.created_at,
                actor_id=booking.placed_by_id, actor_role=role,
            )
            for booking in bookings
        ),
        batch_size=1000,
    )  # fmt: skip


def _locked(ids: Iterable[int]) -> list[Booking]:
    """The rows without their personal columns: a step needs none of them, and decrypting costs most."""
    rows = Booking.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(ids))
    return list(rows.defer(*PERSONAL).select_related("item", "entry__listing", "recipient").order_by("pk"))


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


def _write(
    step: Step, rows: Sequence[Booking], moments: Mapping[int, datetime], changes: Mapping[int, Mapping[str, Any]]
) -> None:
    """One UPDATE for all rows; the objects in memory follow it."""
    if not rows:
        return
    of_row = {row.pk: {**changes.get(row.pk, {}), **_own_columns(step, row, moments[row.pk])} for row in rows}
    columns: list[Any] = [Booking._meta.get_field(name) for name in of_row[rows[0].pk]]
    arrays = ["%s::bigint[]", *(f"%s::{_base_type(column)}[]" for column in columns)]
    assigned = ["version = version + 1", *(f"{one.column} = v.c{place}" for place, one in enumerate(columns))]
    names_of_v = ["id", *(f"c{place}" for place in range(len(columns)))]
    sql = (
        f"UPDATE {Booking._meta.db_table} b SET {', '.join(assigned)} "
        f"FROM unnest({', '.join(arrays)}) AS v({', '.join(names_of_v)}) WHERE b.id = v.id"
    )
    values = [[of_row[row.pk][column.name] for row in rows] for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(sql, [[row.pk for row in rows], *values])
    for row in rows:
        row.version += 1
        for column in columns:
            setattr(row, column.attname, of_row[row.pk][column.name])


def _own_columns(step: Step, row: Booking, at: datetime) -> dict[str, Any]:
    """What the step itself writes: the state and its stamp."""
    return {"state": step.lands_in(row.state)} | ({step.stamp: at} if step.stamp else {})


def _base_type(column: Any) -> str:
    """The column's SQL type without its own check, as a cast needs it."""
    return str(column.cast_db_type(connection))


def release_crews(visit_ids: Iterable[int], *, reason: str) -> None:
    """The live assignments of the visits are released: those workers are free again at that time.

    Their followers' travel is recomputed when somebody next takes time near them.
    """
    live = Assignment.objects.exclude(state__in=["released", "done"])
    live.filter(visit__in=list(visit_ids)).update(state=Assignment.State.RELEASED, released_reason=reason)
