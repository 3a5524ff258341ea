"""Trainings: the town's enterprise holds them, its worker teaches, Alice has a seat and a certificate."""

from datetime import timedelta

from providers.training.models import Certificate, TrainingRequest
from providers.training.queries import sign_certificate
from providers.training.rules import new_certificate_code
from tests import world
from tests.architecture.walk import ALICE, MANAGER, NOBODY, Case, Walk, alike, plain
from tests.bookings.visits.crew import SOON
from tests.providers.training import school

RUNS = frozenset({"manager", "worker"})
OVERSEES = frozenset({"manager", "street", "supervisor", "reviewer"})
HOUR = timedelta(hours=1)


def furnish(walk: Walk) -> None:
    firm, alice, trainer = walk.town.enterprise, walk.people["alice"], walk.people["worker"]
    course = school.course(firm)
    running = school.session(course, trainer=trainer, starts_at=SOON - HOUR, ends_at=SOON + 2 * HOUR)
    bus = school.caravan(firm)
    passed = school.seat(
        running, alice, "passed", attended_at=SOON - HOUR, decided_at=SOON, decided_by=trainer
    )  # fmt: skip
    coming = school.session(course, trainer=trainer, starts_at=SOON + 24 * HOUR, ends_at=SOON + 27 * HOUR)
    school.seat(coming, alice)
    code = new_certificate_code(sign_certificate)
    walk.more |= {
        "course": course,
        "session": coming,
        "ended": running,
        "caravan": bus,
        "stop": school.stop(bus, SOON + 24 * HOUR),
        "passed": passed,
        "certificate": Certificate.objects.create(enrolment=passed, code=code, issued_at=SOON),
        "request": TrainingRequest.objects.create(
            community_id=world.CHASHAN, kind=world.kind(), headcount=20, requested_by=walk.people["street"],
            requested_at=world.NOW,
        ),
    }  # fmt: skip


def _of(*names: str) -> Case:
    return Case(lambda walk: [walk.more[name].pk for name in names])


def _seen_by(names: frozenset[str], *of: str) -> Case:
    return Case(_of(*of).args, names)


CASES: dict[str, Case] = {
    **plain(
        "training_sessions",
        "my_trainings",
        "certificate_verify",
        "training_requests",
        "training_request_new",
        "enterprise_training",
        "enterprise_courses",
        "enterprise_course_new",
        "enterprise_session_new",
        "enterprise_caravans",
        "enterprise_requests",
        "api_training_sessions",
    ),
    **alike(_of("session"), "training_session", "session_enrol"),
    "caravan_route": _of("caravan"),
    **alike(_seen_by(ALICE, "session"), "session_leave", "session_attend"),
    "certificate_pdf": _seen_by(frozenset({"alice", "manager"}), "certificate"),
    "certificate_revoke": _seen_by(OVERSEES, "certificate"),
    **alike(_seen_by(RUNS, "session"), "training_roll", "training_sheet", "training_mark", "training_close"),
    "training_correct": _seen_by(RUNS, "ended", "passed"),
    "enterprise_course": _seen_by(MANAGER, "course"),
    **alike(
        _seen_by(MANAGER, "session"), "enterprise_session", "enterprise_session_publish", "enterprise_session_cancel"
    ),
    "enterprise_caravan": _seen_by(MANAGER, "caravan"),
    "enterprise_stop_remove": _seen_by(MANAGER, "caravan", "stop"),
    "enterprise_request_take": _seen_by(NOBODY, "request"),  # only of training institutions, and the town's is none
    "training_request_withdraw": _seen_by(frozenset({"street"}), "request"),
    "api_certificate": Case(lambda walk: [walk.more["certificate"].code]),
}
