"""What is photographed of supply: admission, codes, papers, listings, credit, trainings, jobs and imports."""

from collections.abc import Iterator

from django.urls import reverse

from homeservice.kernel import clock
from providers.admission.models import ReviewCase
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.jobs.models import JobOpening
from providers.listings.models import Listing
from providers.service_codes.models import ServiceCode
from providers.training.models import Session
from providers.workers.models import Worker
from tests.shots.people import Face, person


def supply_faces() -> Iterator[Face]:
    """Every face of supply, with things that have something to show."""
    yield from _of_the_enterprise()
    yield from _of_the_worker()
    yield from _of_the_reviewing_desk()
    yield from _for_everybody()


def _of_the_enterprise() -> Iterator[Face]:
    firm = EnterpriseManager.objects.get(user=person("manager")).enterprise
    listing = Listing.objects.filter(enterprise=firm).order_by("pk")[0]
    worker = Worker.objects.filter(enterprise=firm, state="admitted").order_by("pk")[0]
    yield Face("enterprise-office", "manager", reverse("enterprise_office"))
    yield Face("enterprise-accounts", "manager", reverse("enterprise_accounts"))
    yield Face("enterprise-worker", "manager", reverse("enterprise_worker", args=[worker.pk]))
    yield Face("enterprise-file", "manager", reverse("enterprise_worker_file", args=[worker.pk]))
    yield Face("enterprise-listing", "manager", reverse("enterprise_listing_edit", args=[listing.pk]))
    yield Face("enterprise-imports", "manager", reverse("enterprise_imports"))
    yield Face("enterprise-jobs", "manager", reverse("enterprise_jobs"))
    yield Face("school-training", "school", reverse("enterprise_training"))


def _of_the_worker() -> Iterator[Face]:
    yield Face("worker-code", "worker", reverse("worker_code"), with_looks=True)
    yield Face("worker-papers", "worker", reverse("worker_papers"))
    yield Face("worker-file", "worker", reverse("worker_file"))
    yield Face("worker-credit", "worker", reverse("worker_credit"))


def _of_the_reviewing_desk() -> Iterator[Face]:
    case = ReviewCase.objects.filter(closed_at=None, worker__isnull=False).order_by("opened_at", "pk")[0]
    yield Face("review-queue", "reviewer", reverse("review_queue"))
    yield Face("review-case", "reviewer", reverse("review_case", args=[case.pk]))
    yield Face("review-enterprises", "reviewer", reverse("review_enterprises"))


def _for_everybody() -> Iterator[Face]:
    worker = Worker.objects.get(user=person("worker"))
    firm = Enterprise.objects.get(pk=worker.enterprise_id)
    codes = ServiceCode.objects
    session = Session.objects.filter(state="open", starts_at__gt=clock.now()).order_by("starts_at", "pk")[0]
    opening = JobOpening.objects.open_to_public(clock.today()).order_by("pk")[0]
    of_worker = reverse("service_code", args=[codes.get(worker=worker).public_id])
    yield Face("code-worker", "resident", of_worker, with_looks=True)
    yield Face("code-enterprise", "resident", reverse("service_code", args=[codes.get(enterprise=firm).public_id]))
    yield Face("trainings", "resident", reverse("training_sessions"))
    yield Face("training", "resident", reverse("training_session", args=[session.pk]))
    yield Face("jobs", "resident", reverse("job_openings"))
    yield Face("job", "resident", reverse("job_opening", args=[opening.pk]))
    yield Face("credit-formula", "resident", reverse("credit_formula"))
