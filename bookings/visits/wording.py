"""How dispatch's codes and a booking's steps read to those who work with them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.lifecycle.models import BookingEvent
from homeservice.foundation.wording import distance_words
from homeservice.kernel.vocabulary import Role

Words = Mapping[str, str | Promise]

POINT_REASONS: Words = {
    "asked_before": gettext_lazy("was asked before"),
    "out_of_reach": gettext_lazy("the home lies beyond its reach"),
    "paused": gettext_lazy("is paused"),
    "closed": gettext_lazy("is closed then"),
    "full": gettext_lazy("has its day's limit of bookings"),
    "dearer": gettext_lazy("is dearer than agreed"),
    "other_enterprise": gettext_lazy("another enterprise, which the resident did not allow"),
    "not_the_chosen_point": gettext_lazy("not the point that the resident chose"),
}
WORKER_REASONS: Words = {
    "named": gettext_lazy("is named already"),
    "refused_before": gettext_lazy("has declined this visit, or was replaced"),
    "not_admitted": gettext_lazy("is suspended or has left"),
    "not_qualified": gettext_lazy("lacks a paper for this work on that day"),
    "out_of_reach": gettext_lazy("the home lies beyond the worker's radius"),
    "off_hours": gettext_lazy("does not work at that hour"),
    "on_leave": gettext_lazy("is on leave then"),
    "busy": gettext_lazy("has another visit then"),
    "daily_limit": gettext_lazy("would work more hours that day than the law or their own limit allows"),
    "weekly_limit": gettext_lazy("would work more hours that week than the law or their own limit allows"),
    "days_off": gettext_lazy("would have no day off that week"),
    "rest_between_days": gettext_lazy("would rest too little between two days"),
}
SCORE_PARTS: Words = {
    "distance": gettext_lazy("distance"),
    "rating": gettext_lazy("rating"),
    "served_before": gettext_lazy("served this home before"),
    "held": gettext_lazy("time kept since ordering"),
}
STEP_WORDS: Words = {
    "hold": gettext_lazy("Time held"),
    "lapse_hold": gettext_lazy("The held time lapsed"),
    "place": gettext_lazy("Ordered"),
    "offer": gettext_lazy("Service point asked"),
    "decline": gettext_lazy("Service point declined"),
    "lapse_offer": gettext_lazy("Service point did not answer in time"),
    "accept": gettext_lazy("Service point accepted"),
    "reopen": gettext_lazy("No worker at this point: looking further"),
    "assign": gettext_lazy("Worker named"),
    "reassign": gettext_lazy("Another worker named"),
    "confirm": gettext_lazy("Worker confirmed"),
    "refuse": gettext_lazy("Worker declined"),
    "lapse_assignment": gettext_lazy("Worker did not confirm in time"),
    "replace": gettext_lazy("Worker replaced"),
    "hand_over": gettext_lazy("Enterprise has left: looking for another"),
    "lose_enterprise": gettext_lazy("Enterprise has left"),
    "set_out": gettext_lazy("Worker on the way"),
    "arrive": gettext_lazy("Worker at the door"),
    "begin": gettext_lazy("Service begun"),
    "finish": gettext_lazy("Service finished"),
    "settle": gettext_lazy("Completed"),
    "refuse_unsafe": gettext_lazy("Worker refused: not safe"),
    "cancel": gettext_lazy("Cancelled"),
    "give_up": gettext_lazy("Nobody found"),
    "no_show": gettext_lazy("Nobody opened the door"),
}
BAD_STEPS = frozenset(
    {
        "decline",
        "lapse_offer",
        "reopen",
        "refuse",
        "lapse_assignment",
        "hand_over",
        "lose_enterprise",
        "refuse_unsafe",
        "cancel",
        "give_up",
        "no_show",
    }
)


def step_words(step: str) -> str:
    return str(STEP_WORDS.get(step, step))


def timeline_of(events: Iterable[BookingEvent], *, with_people: bool = True) -> list[dict[str, Any]]:
    """A booking's events as `c-timeline` shows them: who did it, and why."""
    return [
        {
            "title": step_words(event.step),
            "at": event.at,
            "body": " · ".join(part for part in (_by_whom(event) if with_people else "", event.reason) if part),
            "kind": "bad" if event.step in BAD_STEPS else "done",
        }
        for event in events
    ]


def why_me_words(line: Mapping[str, Any]) -> list[str]:
    """Why dispatch chose this worker, best reason first, in words."""
    parts = line.get("parts", {})
    words = []
    if parts.get("served_before"):
        words.append(_("You have been to this home before."))
    if parts.get("held"):
        words.append(_("Your time was kept when the resident ordered."))
    if "distance_m" in line:
        words.append(_("It is %(distance)s from where you start.") % {"distance": distance_words(line["distance_m"])})
    return words


def score_words(line: Mapping[str, Any]) -> str:
    """`840 = distance −60, rating +500, time kept since ordering +400`."""
    parts = [f"{SCORE_PARTS.get(code, code)} {value:+d}" for code, value in line.get("parts", {}).items() if value]
    return f"{line.get('score', 0)} = {', '.join(parts)}" if parts else str(line.get("score", 0))


def _by_whom(event: BookingEvent) -> str:
    if event.actor_role == "system":
        return _("automatically")
    if event.actor is None:
        return ""
    role = Role(event.actor_role).label if event.actor_role in Role.values else event.actor_role
    return f"{role} {event.actor.masked_name}".strip()
