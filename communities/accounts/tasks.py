"""Tidying up after sign-ins."""

from celery import shared_task

from communities.accounts.actions import purge_codes
from homeservice.kernel.clock import now


@shared_task(name="communities.accounts.purge_codes", ignore_result=True)
def purge_old_codes() -> int:
    """Deletes codes that no quota counts any more; answers how many. Safe twice."""
    return purge_codes(at=now())
