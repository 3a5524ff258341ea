"""What enterprises and workers do themselves: they submit, and appeal."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from communities.accounts.rules import checked_text
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from providers.admission.actions.opening import open_cases
from providers.admission.actions.stepping import take_step
from providers.admission.models import ReviewCase
from providers.admission.queries import Holder, open_case_of
from providers.admission.rules import STATEMENT_MAX, Actor
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker

Kind = ReviewCase.Kind


@transaction.atomic
def submit_enterprise(*, enterprise: Enterprise, pledged: bool, actor_id: int, at: datetime) -> None:
    """The enterprise's admission is on the desk. `pledged`: its legal representative vouches for the truth.

    Raises `business_licence_missing`, `pledge_missing`, `step_not_possible`. Locks the enterprise.
    """
    row = take_step(enterprise, "submit", actor=Actor(actor_id, Role.MANAGER), at=at, pledged=pledged)
    open_cases([row], Kind.ADMISSION, at=at)


@transaction.atomic
def submit_worker(*, worker: Worker, actor_id: int, at: datetime, role: Role = Role.MANAGER) -> None:
    """The worker's admission is on the desk.

    Raises `authorisation_missing`, `binding_missing`, `identity_paper_missing`, `worker_under_age`,
    `step_not_possible`. Locks the worker.
    """
    row = take_step(worker, "submit", actor=Actor(actor_id, role), at=at)
    open_cases([row], Kind.ADMISSION, at=at)


@transaction.atomic
def appeal(*, holder: Holder, statement: str, actor_id: int, at: datetime, role: Role = Role.MANAGER) -> None:
    """A suspension or blacklisting is looked at again by the desk. The state stays until it decides. Locks the holder.

    Raises `statement_missing`, `statement_too_long`, `appeal_open`, `step_not_possible`.
    """
    said = checked_text(statement, "statement", limit=STATEMENT_MAX)
    row = take_step(holder, "appeal", actor=Actor(actor_id, role), at=at, reason=said)
    if open_case_of(row, Kind.APPEAL):
        message = _("Your appeal is with the reviewing office already.")
        raise DomainError("appeal_open", message, field="statement")
    open_cases([row], Kind.APPEAL, at=at, statement=said)
