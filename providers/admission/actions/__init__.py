"""The only writers of an enterprise's and a worker's state, and of the desk's cases."""

from providers.admission.actions.applying import appeal, submit_enterprise, submit_worker
from providers.admission.actions.bulk import BulkOutcome, accept_cases
from providers.admission.actions.deciding import (
    accept_case,
    claim_case,
    claim_next,
    refuse_paper,
    release_case,
    return_case,
    verify_paper,
)
from providers.admission.actions.opening import open_cases_of_waiting_papers
from providers.admission.actions.standing import blacklist, exit_, readmit, suspend, suspend_unauthorised

__all__ = [
    "BulkOutcome",
    "accept_case",
    "accept_cases",
    "appeal",
    "blacklist",
    "claim_case",
    "claim_next",
    "exit_",
    "open_cases_of_waiting_papers",
    "readmit",
    "refuse_paper",
    "release_case",
    "return_case",
    "submit_enterprise",
    "submit_worker",
    "suspend",
    "suspend_unauthorised",
    "verify_paper",
]
