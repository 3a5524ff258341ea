"""Gathers the tasks that the features define, where Celery looks for them."""

from bookings.dispatch.tasks import ask_again_today, replace_unfit, run_shard, sweep
from bookings.menus.tasks import follow_listings
from bookings.orders.tasks import forget_drafts, lapse_holds
from bookings.visits.tasks import settle_finished

__all__ = [
    "ask_again_today",
    "follow_listings",
    "forget_drafts",
    "lapse_holds",
    "replace_unfit",
    "run_shard",
    "settle_finished",
    "sweep",
]
