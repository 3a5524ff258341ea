"""What changes courses, sessions, seats, results, certificates and requests; each is one transaction."""

from providers.training.actions.attendance import attend, mark_present
from providers.training.actions.caravans import add_caravan, add_stop, remove_stop
from providers.training.actions.certificates import (
    certificates_into_registry,
    enter_certificates,
    issue_certificates,
    revoke_certificate,
)
from providers.training.actions.courses import CourseFacts, add_course, change_course
from providers.training.actions.requests import request_training, take_request, withdraw_request
from providers.training.actions.results import close_ended, close_session, correct_result, decide_results
from providers.training.actions.seats import enrol, give_free_seats, leave
from providers.training.actions.sessions import (
    SessionFacts,
    cancel_session,
    change_session,
    plan_session,
    publish_session,
)

__all__ = [
    "CourseFacts", "SessionFacts", "add_caravan", "add_course", "add_stop", "attend", "cancel_session",
    "certificates_into_registry", "change_course", "change_session", "close_ended", "close_session", "correct_result",
    "decide_results", "enrol", "enter_certificates", "give_free_seats", "issue_certificates", "leave", "mark_present",
    "plan_session", "publish_session", "remove_stop", "request_training", "revoke_certificate", "take_request",
    "withdraw_request",
]  # fmt: skip
