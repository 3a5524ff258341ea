"""Work that lies in rows: certificates for the registry, and lists that nobody closed."""

from celery import shared_task

from homeservice.kernel.clock import now
from providers.training import actions


@shared_task(name="providers.training.enter_certificates", ignore_result=True)
def enter_certificates() -> int:
    """Certificates of people on file as workers become papers of the registry. Safe twice."""
    return actions.enter_certificates(at=now())


@shared_task(name="providers.training.close_ended", ignore_result=True)
def close_ended() -> int:
    """Sessions a day over are closed. Safe twice."""
    return actions.close_ended(at=now())
