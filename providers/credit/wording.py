"""A score explained line by line. No queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from providers.credit.models import CreditEvent
from providers.credit.rules import Score, score_of


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event with what it counts on the day: nothing once it is over or withdrawn."""

    event: CreditEvent
    counts: bool
    disputed: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """A score and every line of it; `past` no longer count."""

    score: Score
    counting: list[EventLine]
    past: list[EventLine]


def explained(events: Iterable[CreditEvent], on_date: date) -> Explained:
    """The score of the events on the day. They come with `disputed`."""
    lines = [EventLine(one, _counts(one, on_date), bool(getattr(one, "disputed", False))) for one in events]
    counting = [line for line in lines if line.counts]
    past = [line for line in lines if not line.counts]
    return Explained(score_of(line.event.points for line in counting), counting, past)


def _counts(event: CreditEvent, on_date: date) -> bool:
    in_force = event.state == CreditEvent.State.IN_FORCE
    return in_force and event.occurred_date <= on_date < event.expires_date
