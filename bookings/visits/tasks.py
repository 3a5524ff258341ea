"""Deadlines of visits."""

from celery import shared_task

from bookings.visits import actions
from homeservice.kernel import clock


@shared_task(name="bookings.visits.settle_finished")
def settle_finished() -> int:
    """Every booking finished 48 hours ago without another word counts as confirmed."""
    total = 0
    while settled := actions.settle_finished(at=clock.now()):
        total += settled
    return total
