"""The work of imports. Rows say what is to be done: a lost message or a killed process delays it."""

from celery import shared_task

from homeservice.kernel.clock import now
from providers.exchange import actions


@shared_task(name="providers.exchange.check")
def check() -> None:
    """Every file that waits is checked. Safe twice."""
    while actions.check_next(at=now()):
        pass


@shared_task(name="providers.exchange.take_over")
def take_over() -> None:
    """Every file that is to be taken over is, as a whole. Safe twice."""
    while actions.take_over_next(at=now()):
        pass


@shared_task(name="providers.exchange.forget_files")
def forget_files() -> None:
    """Files of imports go after thirty days. Safe twice."""
    actions.forget_files(at=now())
