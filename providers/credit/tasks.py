"""The clock of objections."""

from celery import shared_task

from homeservice.kernel.clock import now
from providers.credit.actions import remind_reviewers


@shared_task(name="providers.credit.remind")
def remind() -> None:
    """Sweep: reviewing staff are told of objections due within five days and of those overdue. Safe twice."""
    remind_reviewers(at=now())
