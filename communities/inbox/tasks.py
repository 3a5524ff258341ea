"""Sending what is due. The rows are the work; a message only wakes it."""

from celery import shared_task

from communities.inbox.actions import deliver_next
from homeservice.kernel.clock import now

BATCH = 200


@shared_task(name="communities.inbox.deliver_due", ignore_result=True)
def deliver_due() -> int:
    """Sends up to `BATCH` due deliveries; answers how many. Safe twice, and beside others of its kind."""
    sent = 0
    while sent < BATCH and deliver_next(at=now()):
        sent += 1
    return sent
