"""Deadlines of orders."""

from celery import shared_task

from bookings.orders import actions
from homeservice.kernel import clock


@shared_task(name="bookings.orders.forget_drafts")
def forget_drafts() -> int:
    """Personal words of orders that were never placed are gone after a day."""
    return actions.forget_drafts(at=clock.now())


@shared_task(name="bookings.orders.lapse_holds")
def lapse_holds() -> int:
    """Every hold past its ten minutes is given back."""
    total = 0
    while lapsed := actions.lapse_holds(at=clock.now()):
        total += lapsed
    return total
