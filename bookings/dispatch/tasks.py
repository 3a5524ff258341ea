"""Dispatch's wake-ups. What is due stands in the bookings' rows."""

from celery import shared_task

from bookings.dispatch import actions, fitness, handover, queries
from homeservice.kernel import clock, queue

RUN_SHARD = "bookings.dispatch.run_shard"


@shared_task(name=RUN_SHARD)
def run_shard(shard: str) -> int:
    """Rounds of the city's shard until nothing is due. From here on a placement wakes it anew."""
    queue.shard_woken(RUN_SHARD, shard)
    total = 0
    while claimed := actions.run_round(shard, at=clock.now()):
        total += claimed
    return total


@shared_task(name="bookings.dispatch.sweep")
def sweep() -> list[str]:
    """Every shard with something due is woken: mends wake-ups that were lost."""
    shards = queries.due_shards(at=clock.now())
    for shard in shards:
        queue.send(RUN_SHARD, queue=queue.shard_queue(shard), shard=shard)
    return shards


@shared_task(name="bookings.dispatch.replace_unfit")
def replace_unfit() -> int:
    """Workers who may not do their coming visits any more are replaced in time; what an enterprise that left was to do
    is handed over."""
    at = clock.now()
    return handover.hand_over(at=at) + fitness.replace_unfit(at=at)


@shared_task(name="bookings.dispatch.ask_again_today")
def ask_again_today() -> int:
    """Before the day's first visit the gate is asked for each visit of the day, and for all that follow."""
    at = clock.now()
    return handover.hand_over(at=at) + fitness.replace_unfit(at=at, everything=True)
