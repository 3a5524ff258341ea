"""What menus owe to changes below them."""

from celery import shared_task

from bookings.menus.actions import follow_listings as lower_prices
from homeservice.kernel.clock import now


@shared_task(name="bookings.menus.follow_listings")
def follow_listings() -> None:
    """Sweep: no published price stays above its listing's. Safe twice."""
    lower_prices(at=now())
