"""Telling people in time that papers end, and that they have ended."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from communities.inbox.actions import tell
from homeservice.kernel.clock import local_day
from providers.credentials.messages import notices_of_end
from providers.credentials.models import Credential
from providers.credentials.registry import papers_ending

STEPS = (30, 7, 1)  # days before the last one (domain §3.2)
LOOKED_BACK = timedelta(days=7)  # so that an outage of a week hides no lapse
BATCH = 1000


def remind_expiring(*, at: datetime) -> int:
    """Whoever holds a paper that ends within a step, or has ended since a week, has been told of it once.

    A transaction a batch. The notice of a step that an outage skipped is made up for while the step lasts: who has
    five days left hears of seven, not of thirty. Answers the number of papers looked at. Safe twice.
    """
    today, looked_at = local_day(at), 0
    for papers in _batches(today - LOOKED_BACK, today + timedelta(days=max(STEPS))):
        tell(notices_of_end(papers, today, STEPS), at=at)
        looked_at += len(papers)
    return looked_at


def _batches(first_day: date, last_day: date) -> Iterator[list[Credential]]:
    """By key, so that what changes meanwhile shifts nothing."""
    after = 0
    while papers := list(papers_ending(first_day, last_day).filter(pk__gt=after)[:BATCH]):
        yield papers
        after = papers[-1].pk
