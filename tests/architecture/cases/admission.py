"""Admission: the office, the worker's own page, and the reviewing desk of the enterprise's district."""

from typing import Any

from providers.admission.actions import claim_case, open_cases_of_waiting_papers
from providers.admission.models import ReviewCase
from tests import world
from tests.architecture.walk import MANAGER, REVIEWER, Case, Walk, alike, plain


def furnish(walk: Walk) -> None:
    """Papers of the worker and a licence of the enterprise wait; the reviewer holds the worker's case."""
    walk.more["waiting paper"] = world.credential(walk.town.worker, "TR0", state="submitted")
    world.credential(walk.town.enterprise, "O-BL", state="submitted")
    open_cases_of_waiting_papers(at=world.NOW)
    case = ReviewCase.objects.get(worker=walk.town.worker)
    walk.more["review case"] = claim_case(case=case, actor_id=walk.people["reviewer"].pk, at=world.NOW)


def _case(walk: Walk) -> list[Any]:
    return [walk.more["review case"].pk]


def _paper(walk: Walk) -> list[Any]:
    return [*_case(walk), walk.more["waiting paper"].pk]


def _firm(walk: Walk) -> list[Any]:
    return [walk.town.enterprise.pk]


def _worker(walk: Walk) -> list[Any]:
    return [walk.town.worker.pk]


CASES: dict[str, Case] = {
    **plain("enterprise_office", "enterprise_submit", "enterprise_exit", "enterprise_appeal"),
    "enterprise_worker_submit": Case(_worker, MANAGER),
    **plain("worker_admission", "worker_appeal"),
    **plain("review_queue", "review_next", "review_bulk", "review_enterprises", "review_workers"),
    **alike(
        Case(_case, REVIEWER), "review_case", "review_claim", "review_release", "review_accept", "review_return"
    ),
    "review_paper": Case(_paper, REVIEWER),
    **alike(
        Case(_firm, REVIEWER), "review_enterprise", "review_enterprise_contact", "review_enterprise_grades",
        "review_enterprise_representative",
    ),
    "review_enterprise_step": Case(lambda walk: [*_firm(walk), "suspend"], REVIEWER),
    "review_worker": Case(_worker, REVIEWER),
    "review_worker_step": Case(lambda walk: [*_worker(walk), "suspend"], REVIEWER),
    "api_enterprise": Case(),
}  # fmt: skip
