"""A booking's life in the resident's words: what happened, where it stands, what is next and by when.

Reads attributes of a booking that was fetched with its item; asks the database nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.lifecycle.models import Booking, BookingEvent, State
from homeservice.foundation.wording import clock_words, when_words

SETTLES_AFTER = timedelta(hours=48)

EVENT_TITLES = {
    "hold": gettext_lazy("You chose the time"),
    "lapse_hold": gettext_lazy("The time was not ordered and is free again"),
    "place": gettext_lazy("You placed the order"),
    "offer": gettext_lazy("We asked a service point"),
    "decline": gettext_lazy("The service point could not take it"),
    "lapse_offer": gettext_lazy("The service point did not answer in time"),
    "accept": gettext_lazy("The service point accepted"),
    "reopen": gettext_lazy("Nobody was free there; we asked on"),
    "assign": gettext_lazy("A worker was named"),
    "reassign": gettext_lazy("Another worker was named"),
    "confirm": gettext_lazy("The worker confirmed"),
    "refuse": gettext_lazy("The worker cannot come; we look for another"),
    "lapse_assignment": gettext_lazy("The worker did not confirm in time; we look for another"),
    "replace": gettext_lazy("The worker cannot come; we look for another"),
    "hand_over": gettext_lazy("The enterprise has left the platform; we look for another"),
    "lose_enterprise": gettext_lazy("The enterprise has left the platform"),
    "set_out": gettext_lazy("The worker set out"),
    "arrive": gettext_lazy("The worker arrived"),
    "begin": gettext_lazy("The service began"),
    "finish": gettext_lazy("The service was finished"),
    "settle": gettext_lazy("All is well: completed"),
    "refuse_unsafe": gettext_lazy("The visit could not go ahead safely"),
    "cancel": gettext_lazy("Cancelled"),
    "give_up": gettext_lazy("Nobody was free"),
    "no_show": gettext_lazy("Nobody opened the door"),
}
_AWAITED: dict[str, Any] = {
    State.HELD: gettext_lazy("Your order"),
    State.PLACED: gettext_lazy("Looking for a service point"),
    State.OFFERED: gettext_lazy("Waiting for the service point's answer"),
    State.ACCEPTED: gettext_lazy("Choosing a worker"),
    State.ASSIGNED: gettext_lazy("Waiting for the worker to confirm"),
    State.IN_SERVICE: gettext_lazy("The service is going on"),
    State.FINISHED: gettext_lazy("Waiting for your word that all is well"),
}
_BAD_ENDS = {State.CANCELLED, State.UNFILLED, State.NO_SHOW}
_BEFORE_THE_VISIT = {State.PLACED, State.OFFERED, State.ACCEPTED, State.ASSIGNED, State.CONFIRMED}
_NOT_TOLD = {"hold"}  # choosing a time is part of ordering
_REASON_TOLD = {"cancel"}  # why a worker or a point could not come is theirs: an illness, a fear


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One line of the timeline: `kind` is done, now, next or bad."""

    title: str
    kind: str
    at: datetime | None = None
    body: str = ""


def next_step_text(booking: Booking) -> str:
    """What happens next and by when, in one sentence; empty when nothing more will happen."""
    if booking.state == State.CONFIRMED:
        return _after_confirming(booking)
    if booking.state == State.ACCEPTED and not booking.item.needs_worker:
        return _("Your place is kept. Please come at %(time)s.") % {"time": when_words(booking.starts_at)}
    return _NEXT[booking.state](booking) if booking.state in _NEXT else ""


def timeline(booking: Booking, events: Iterable[BookingEvent]) -> list[TimelineItem]:
    """What happened, where it stands now, and what is still to come, in the order of time."""
    done = [_happened(event) for event in events if event.step not in _NOT_TOLD]
    if booking.state in _BAD_ENDS or booking.state == State.SETTLED:
        return done
    return [*done, _now(booking), *_still_to_come(booking)]


def _happened(event: BookingEvent) -> TimelineItem:
    kind = "bad" if event.target in _BAD_ENDS else "done"
    reason = event.reason if event.step in _REASON_TOLD else ""
    return TimelineItem(str(EVENT_TITLES.get(event.step, event.step)), kind, event.at, reason)


def _now(booking: Booking) -> TimelineItem:
    """What everybody is waiting for."""
    if booking.state == State.ACCEPTED and not booking.item.needs_worker:
        return TimelineItem(_("Service begins"), "now", booking.starts_at)
    if booking.state != State.CONFIRMED:
        return TimelineItem(str(_AWAITED[State(booking.state)]), "now")
    if booking.arrived_at:
        return TimelineItem(_("The worker is at the door"), "now")
    title = _("The worker is on the way") if booking.on_the_way_at else _("The worker comes")
    return TimelineItem(title, "now", booking.starts_at)


def _still_to_come(booking: Booking) -> list[TimelineItem]:
    ahead = []
    if booking.state in _BEFORE_THE_VISIT and _now(booking).at is None and not booking.arrived_at:
        title = _("The worker comes") if booking.item.needs_worker else _("Service begins")
        ahead.append(TimelineItem(title, "next", booking.starts_at))
    if booking.state in _BEFORE_THE_VISIT or booking.state == State.IN_SERVICE:
        ahead.append(TimelineItem(_("Service ends"), "next", booking.ends_at))
    return ahead


def _after_confirming(booking: Booking) -> str:
    if booking.arrived_at:
        return _("Please tell the door code, so that the service can begin.")
    if booking.on_the_way_at:
        return _("The worker has set out and comes at %(time)s.") % {"time": clock_words(booking.starts_at)}
    return _("The worker comes on %(time)s. Keep the door code ready.") % {"time": when_words(booking.starts_at)}


def _settles(booking: Booking) -> str:
    until = (booking.finished_at or booking.ends_at) + SETTLES_AFTER
    text = _("Please say whether all is well. Without an answer it counts as completed from %(time)s on.")
    return text % {"time": when_words(until)}


_NEXT: dict[str, Callable[[Booking], str]] = {
    State.HELD: lambda b: (
        _("The time is held for you until %(time)s.") % {"time": clock_words(b.hold_until or b.starts_at)}
    ),
    State.PLACED: lambda b: _("We are looking for a service point near you. This usually takes seconds."),
    State.OFFERED: lambda b: _("The service point answers soon. If it cannot, we ask the next one."),
    State.ACCEPTED: lambda b: _("We are choosing the worker who will come."),
    State.ASSIGNED: lambda b: _("The worker confirms the visit, usually within an hour. If not, we send another."),
    State.IN_SERVICE: lambda b: _("The service ends at about %(time)s.") % {"time": clock_words(b.ends_at)},
    State.FINISHED: _settles,
}
