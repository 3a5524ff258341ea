"""A booking's life in one table: every step, from where to where, who may take it, who is told.

`lifecycle.actions.advance` is the only writer of a booking's state and takes only these steps.
The README's diagram is generated from this table.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings.lifecycle.models import State
from homeservice.kernel.errors import DomainError
from homeservice.kernel.states import Message, Step, by_name
from homeservice.kernel.vocabulary import Role

SYSTEM = "system"
RESIDENT, DESK, WORKER, ENTERPRISE = "resident", "desk", "worker", "enterprise"  # audiences
UNCONFIRMED = "unconfirmed"  # the workers of the crew who have not said yes yet

NO_SHOW_GRACE = timedelta(minutes=15)

_RESIDENT_SIDE = frozenset({Role.RESIDENT, Role.STAFF, Role.ADMIN})
_SUPPLY_SIDE = frozenset({SYSTEM, Role.STAFF, Role.MANAGER, Role.ADMIN})
_SYSTEM = frozenset({SYSTEM})
_WORKER = frozenset({Role.WORKER})
_AT_WORK = frozenset({Role.WORKER, Role.STAFF})


def _states(*states: State) -> frozenset[str]:
    return frozenset(state.value for state in states)


_TAKEN = _states(State.OFFERED, State.ACCEPTED, State.ASSIGNED, State.CONFIRMED)


def _why_not_place(facts: Mapping[str, Any]) -> DomainError | None:
    if not facts.get("terms_accepted"):
        return DomainError("terms_not_accepted", _("Please read and accept the terms of the order."), field="terms")
    if facts["hold_until"] <= facts["at"]:
        return DomainError("hold_lapsed", _("The time was held for ten minutes and is free again. Please choose anew."))
    return None


def _why_not_without_reason(facts: Mapping[str, Any]) -> DomainError | None:
    if not facts.get("reason", "").strip():
        return DomainError("reason_missing", _("Please say why."), field="reason")
    return None


def _why_not_begin(facts: Mapping[str, Any]) -> DomainError | None:
    if facts["needs_worker"] and not facts["arrived"]:
        return DomainError("not_arrived", _("Check in with the door code first."), field="door_code")
    if facts["source"] == State.ACCEPTED and facts["needs_worker"]:
        return DomainError("no_worker", _("No worker has confirmed this visit."))
    return None


def _why_not_no_show(facts: Mapping[str, Any]) -> DomainError | None:
    if facts["at"] < facts["starts_at"] + NO_SHOW_GRACE:
        return DomainError("too_early", _("A no-show can be reported 15 minutes after the start."))
    return None


STEPS: dict[str, Step] = by_name(
    Step("hold", frozenset(), State.HELD, _RESIDENT_SIDE),
    Step("lapse_hold", _states(State.HELD), State.CANCELLED, _SYSTEM, stamp="ended_at"),
    Step(
        "place", _states(State.HELD), State.PLACED, _RESIDENT_SIDE, guard=_why_not_place, stamp="placed_at",
        messages=(
            Message(
                RESIDENT, gettext_noop("Your order is placed: %(item)s"),
                gettext_noop("%(starts_at)s. We are asking the service point now."),
            ),
        ),
    ),
    Step(
        "offer", _states(State.PLACED), State.OFFERED, _SYSTEM, stamp="offered_at",
        messages=(
            Message(
                DESK, gettext_noop("New booking to answer: %(item)s"),
                gettext_noop("%(starts_at)s. Please accept or decline it in time."),
            ),
        ),
    ),
    Step("decline", _states(State.OFFERED), State.PLACED, frozenset({Role.STAFF, Role.ADMIN}), _why_not_without_reason),
    Step("lapse_offer", _states(State.OFFERED), State.PLACED, _SYSTEM),
    Step(
        "accept", _states(State.PLACED, State.OFFERED), State.ACCEPTED, _SUPPLY_SIDE, stamp="accepted_at",
        messages=(
            Message(
                RESIDENT, gettext_noop("%(point)s has accepted: %(item)s"), gettext_noop("%(starts_at)s.")
            ),
        ),
    ),
    Step("reopen", _states(State.ACCEPTED), State.PLACED, _SYSTEM),
    Step(
        "assign", _states(State.ACCEPTED), State.ASSIGNED, _SUPPLY_SIDE, stamp="assigned_at",
        messages=(
            Message(
                UNCONFIRMED, gettext_noop("New visit for you: %(item)s"),
                gettext_noop("%(starts_at)s. Please confirm that you will come."),
            ),
            Message(
                RESIDENT, gettext_noop("A worker is named: %(item)s"),
                gettext_noop("%(starts_at)s. You can see who comes."),
            ),
        ),
    ),
    Step(
        "reassign", _states(State.ACCEPTED), State.ASSIGNED, _SUPPLY_SIDE, stamp="assigned_at",
        messages=(
            Message(
                UNCONFIRMED, gettext_noop("New visit for you: %(item)s"),
                gettext_noop("%(starts_at)s. Please confirm that you will come."),
            ),
            Message(
                RESIDENT, gettext_noop("Another worker will come: %(item)s"),
                gettext_noop("%(starts_at)s. You can see who comes."),
            ),
        ),
    ),
    Step(
        "confirm", _states(State.ASSIGNED), State.CONFIRMED, _WORKER | {Role.MANAGER, Role.STAFF}, stamp="confirmed_at",
        messages=(
            Message(
                RESIDENT, gettext_noop("The worker has confirmed: %(item)s"),
                gettext_noop("%(starts_at)s. Your door code is on the booking's page."),
            ),
        ),
    ),
    Step(
        "refuse", _states(State.ASSIGNED, State.CONFIRMED), State.ACCEPTED, _WORKER, _why_not_without_reason,
        messages=(
            Message(
                ENTERPRISE, gettext_noop("A worker has declined a visit: %(item)s"),
                gettext_noop("%(starts_at)s. Another worker is being sought."),
            ),
        ),
    ),
    Step("lapse_assignment", _states(State.ASSIGNED), State.ACCEPTED, _SYSTEM),
    # who is replaced is told why by dispatch, the resident when somebody else is named, or when nobody is found
    Step(
        "replace", _states(State.ASSIGNED, State.CONFIRMED), State.ACCEPTED, _SUPPLY_SIDE, _why_not_without_reason
    ),
    Step(
        "hand_over", _TAKEN, State.PLACED, _SYSTEM, _why_not_without_reason,
        messages=(
            Message(
                RESIDENT, gettext_noop("Another enterprise is being sought: %(item)s"),
                gettext_noop("%(starts_at)s. The enterprise that was to come has left the platform."),
            ),
        ),
    ),
    Step(
        "lose_enterprise", _TAKEN, State.UNFILLED, _SYSTEM, _why_not_without_reason, stamp="ended_at",
        messages=(
            Message(
                RESIDENT, gettext_noop("The enterprise can no longer come: %(item)s"),
                gettext_noop("You owe nothing. The booking's page shows other times and places."),
            ),
            Message(
                DESK, gettext_noop("The enterprise of a booking has left: %(item)s"),
                gettext_noop("%(starts_at)s. Please call the resident and offer another service."),
            ),
        ),
    ),
    Step(
        "set_out", _states(State.CONFIRMED), None, _WORKER, stamp="on_the_way_at",
        messages=(Message(RESIDENT, gettext_noop("The worker is on the way: %(item)s")),),
    ),
    Step("arrive", _states(State.CONFIRMED), None, _AT_WORK, stamp="arrived_at"),
    Step(
        "begin", _states(State.ACCEPTED, State.CONFIRMED), State.IN_SERVICE, _AT_WORK, _why_not_begin,
        stamp="started_at", messages=(Message(RESIDENT, gettext_noop("The service has begun: %(item)s")),),
    ),
    Step(
        "finish", _states(State.IN_SERVICE), State.FINISHED, _AT_WORK, stamp="finished_at",
        messages=(
            Message(
                RESIDENT, gettext_noop("The service is finished: %(item)s"),
                gettext_noop("Please confirm that all is well. Without an answer it counts as confirmed after 48 hours."),
            ),
        ),
    ),
    Step("settle", _states(State.FINISHED), State.SETTLED, _RESIDENT_SIDE | {SYSTEM}, stamp="settled_at"),
    Step(
        "refuse_unsafe", _states(State.ASSIGNED, State.CONFIRMED, State.IN_SERVICE), State.CANCELLED, _WORKER,
        _why_not_without_reason, stamp="ended_at",
        messages=(
            Message(
                DESK, gettext_noop("A worker refused an unsafe visit: %(item)s"),
                gettext_noop("%(starts_at)s. Please call the resident and the worker."),
            ),
            Message(
                ENTERPRISE, gettext_noop("A worker refused an unsafe visit: %(item)s"),
                gettext_noop("%(starts_at)s. Please call the worker."),
            ),
            Message(
                RESIDENT, gettext_noop("The visit could not go ahead safely: %(item)s"),
                gettext_noop("You owe nothing. The service point will call you."),
            ),
        ),
    ),
    Step(
        "cancel",
        _states(State.HELD, State.PLACED, State.OFFERED, State.ACCEPTED, State.ASSIGNED, State.CONFIRMED),
        State.CANCELLED, _RESIDENT_SIDE, stamp="ended_at",
        messages=(
            Message(RESIDENT, gettext_noop("Your booking is cancelled: %(item)s"), gettext_noop("%(starts_at)s.")),
            Message(WORKER, gettext_noop("A visit is cancelled: %(item)s"), gettext_noop("%(starts_at)s.")),
            Message(DESK, gettext_noop("A booking is cancelled: %(item)s"), gettext_noop("%(starts_at)s.")),
        ),
    ),
    Step(
        "give_up", _states(State.PLACED, State.OFFERED, State.ACCEPTED), State.UNFILLED, _SYSTEM, stamp="ended_at",
        messages=(
            Message(
                RESIDENT, gettext_noop("Nobody is free for your booking: %(item)s"),
                gettext_noop("You owe nothing. The booking's page shows other times and places."),
            ),
        ),
    ),
    Step(
        "no_show", _states(State.CONFIRMED), State.NO_SHOW, _AT_WORK, _why_not_no_show, stamp="ended_at",
        messages=(Message(RESIDENT, gettext_noop("Nobody opened the door: %(item)s"), gettext_noop("%(starts_at)s.")),),
    ),
)  # fmt: skip
