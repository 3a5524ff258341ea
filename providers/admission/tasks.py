"""The desk's sweep."""

from celery import shared_task

from homeservice.kernel.clock import now
from providers.admission.actions import open_cases_of_waiting_papers, suspend_unauthorised


@shared_task(name="providers.admission.open_cases")
def open_cases() -> None:
    """Papers handed in by who serves already come onto the desk; who withdrew the authorisation serves no more.

    Safe twice.
    """
    open_cases_of_waiting_papers(at=now())
    suspend_unauthorised(at=now())
