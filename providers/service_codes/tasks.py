"""Computing codes anew."""

from celery import shared_task

from homeservice.kernel.clock import now
from providers.service_codes.actions import recompute_changed as recompute


@shared_task(name="providers.service_codes.recompute_changed")
def recompute_changed() -> None:
    """The codes whose papers have changed or whose colour has run out. Safe twice."""
    recompute(at=now())
