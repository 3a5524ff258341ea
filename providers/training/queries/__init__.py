"""Reading courses, sessions, seats, certificates and requests."""

from providers.training.queries.certificates import (
    Verdict,
    certificate_by_code,
    certificates_awaiting_registry,
    certificates_of,
    certificates_to_revoke,
    certificates_to_show,
    sign_certificate,
    verdict_on,
)
from providers.training.queries.institution import (
    caravans_of,
    courses_of,
    is_training_institution,
    licensed_to_train,
    requests_for,
    requests_of_desk,
    routes_of,
    sessions_of,
    sessions_run_by,
)
from providers.training.queries.sessions import (
    Wanted,
    code_of_day,
    enrolment_of,
    public_sessions,
    roll_of,
    route_of,
    sessions_wanted,
    trainings_of,
    waiting_position,
)

__all__ = [
    "Verdict", "Wanted", "caravans_of", "certificate_by_code", "certificates_awaiting_registry", "certificates_of",
    "certificates_to_revoke", "certificates_to_show", "code_of_day", "courses_of", "enrolment_of",
    "is_training_institution", "licensed_to_train", "public_sessions", "requests_for", "requests_of_desk", "roll_of",
    "route_of", "routes_of", "sessions_of", "sessions_run_by", "sessions_wanted", "sign_certificate", "trainings_of",
    "verdict_on", "waiting_position",
]  # fmt: skip
