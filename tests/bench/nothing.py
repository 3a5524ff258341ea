"""The yardstick N: a Celery task that does nothing."""

from celery import shared_task

NOTHING = "tests.bench.nothing"


@shared_task(name=NOTHING, ignore_result=True)
def nothing() -> None:
    """Does nothing."""
