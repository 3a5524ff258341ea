"""What happens to papers without anybody asking."""

from celery import shared_task

from homeservice.kernel.clock import now
from providers.credentials import keeping, reminders


@shared_task(name="providers.credentials.remind_expiring")
def remind_expiring() -> None:
    """Reminders of what ends within 30, 7 and 1 days, and of what has ended. Safe twice."""
    reminders.remind_expiring(at=now())


@shared_task(name="providers.credentials.forget_scans")
def forget_scans() -> None:
    """Scans that were kept for a form which was never sent again are gone. Safe twice."""
    while keeping.forget_scans(at=now()):
        pass
