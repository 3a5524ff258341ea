"""Jobs: the town's enterprise has an opening, and Alice has applied and is invited."""

from datetime import timedelta

from providers.jobs.models import JobApplication
from tests import world
from tests.architecture.walk import ALICE, MANAGER, Case, Walk, alike, plain
from tests.bookings.visits.crew import SOON
from tests.providers.jobs.market import opening


def furnish(walk: Walk) -> None:
    posted = opening(walk.town.enterprise)
    walk.more |= {
        "opening": posted,
        "application": JobApplication.objects.create(
            opening=posted, user=walk.people["alice"], state="interview", applied_at=world.NOW,
            interview_at=SOON + timedelta(days=1),
        ),
    }  # fmt: skip


def _opening(walk: Walk) -> list[int]:
    return [walk.more["opening"].pk]


def _application(walk: Walk) -> list[int]:
    return [walk.more["application"].pk]


CASES: dict[str, Case] = {
    **plain("job_openings", "my_applications", "enterprise_jobs", "enterprise_job_new", "api_job_openings"),
    "training_funnel": Case(),
    **alike(Case(_opening), "job_opening", "job_apply"),
    **alike(Case(_application, ALICE), "application_withdraw", "application_arrived"),
    **alike(Case(_opening, MANAGER), "enterprise_job", "enterprise_job_edit", "enterprise_job_close"),
    **alike(
        Case(_application, MANAGER), "enterprise_application", "enterprise_application_invite",
        "enterprise_application_place", "enterprise_application_refuse", "enterprise_application_arrived",
        "enterprise_application_reveal",
    ),
}  # fmt: skip
