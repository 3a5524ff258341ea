"""Computing codes anew."""

from celery import shared_task

from homeservice.kernel.clock import now
from providers.service_codes import actions


@shared_task(name="providers.service_codes.recompute_changed")
def recompute_changed() -> None:
    """The codes whose papers have changed or whose colour has run out. Safe twice."""
    actions.recompute_changed(at=now())


@shared_task(name="providers.service_codes.recompute_all")
def recompute_all() -> None:
    """Every code, once a day just after midnight. Safe twice."""
    actions.recompute_all(at=now())
