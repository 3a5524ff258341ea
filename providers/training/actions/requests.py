"""A community asks for a training, and an institution takes it on by planning a session."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from communities.accounts.rules import checked_text
from communities.divisions.models import Division
from communities.inbox.actions import tell
from communities.inbox.rules import Notice
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from providers.catalogue.models import ServiceKind
from providers.enterprises.models import Enterprise
from providers.training.actions.sessions import SessionFacts, plan_session
from providers.training.models import Course, Session, TrainingRequest
from providers.training.queries import is_training_institution

NOTE_MAX = 300
HEADCOUNT_MAX = 500
TAKEN = gettext_noop("%(provider)s holds the training that you asked for: %(kind)s")
TAKEN_BODY = gettext_noop("%(starts_at)s, %(place)s, %(seats)s seats. Please tell your residents once it is published.")


@transaction.atomic
def request_training(
    *, community: Division, kind: ServiceKind, headcount: int, wished_for: date | None, note: str, actor_id: int,
    at: datetime,
) -> TrainingRequest:  # fmt: skip
    """Institutions of the city see that the community wants a training.

    Raises `headcount_wrong`, `wished_for_past`, `note_too_long`, `request_open` while the same is asked for already.
    """
    if not 1 <= headcount <= HEADCOUNT_MAX:
        raise DomainError("headcount_wrong", _("Ask for 1 to 500 people."), field="headcount")
    if wished_for is not None and wished_for < local_day(at):
        raise DomainError("wished_for_past", _("This day has passed."), field="wished_for")
    said = checked_text(note, "note", limit=NOTE_MAX, required=False)
    Division.objects.select_for_update().get(pk=community.pk)
    same = TrainingRequest.objects.filter(community=community, kind=kind, state=TrainingRequest.State.OPEN)
    if same.exists():
        message = _("Your community has asked for this training already, and nobody has taken it on yet.")
        raise DomainError("request_open", message, field="kind")
    return TrainingRequest.objects.create(
        community=community, kind=kind, headcount=headcount, wished_for=wished_for, note=said,
        requested_by_id=actor_id, requested_at=at,
    )  # fmt: skip


@transaction.atomic
def withdraw_request(*, request: TrainingRequest) -> None:
    """The community no longer asks. Raises `request_taken` unless it is open. Locks the request."""
    _locked_open(request)
    TrainingRequest.objects.filter(pk=request.pk).update(state=TrainingRequest.State.WITHDRAWN)


@transaction.atomic
def take_request(
    *, request: TrainingRequest, provider: Enterprise, course: Course, facts: SessionFacts, at: datetime
) -> Session:
    """The institution plans a session for the request, and the community is told.

    Raises `not_a_training_institution`, `request_taken` (of two at once, one takes it), and as `plan_session`.
    Locks the request.
    """
    if not is_training_institution(provider):
        raise DomainError("not_a_training_institution", _("Only training institutions hold courses."))
    row = _locked_open(request)
    session = plan_session(course=course, facts=facts, at=at)
    row.state, row.taken_by, row.session = TrainingRequest.State.TAKEN, provider, session
    row.save(update_fields=["state", "taken_by", "session"])
    tell([_taken_notice(row, provider, session)], at=at)
    return session


def _locked_open(request: TrainingRequest) -> TrainingRequest:
    rows = TrainingRequest.objects.select_for_update(of=("self",)).select_related("kind")
    row: TrainingRequest = rows.get(pk=request.pk)
    if row.state != TrainingRequest.State.OPEN:
        raise DomainError("request_taken", _("This request is no longer open."))
    return row


def _taken_notice(row: TrainingRequest, provider: Enterprise, session: Session) -> Notice:
    params = {
        "provider": provider.name, "kind_zh": row.kind.name_zh, "kind_en": row.kind.name_en,
        "starts_at": session.starts_at, "place": session.place, "seats": session.seats,
    }  # fmt: skip
    return Notice(
        recipient_id=row.requested_by_id, title=TAKEN, body=TAKEN_BODY, params=params, url_name="training_requests",
        dedupe_key=f"request-taken-{row.pk}-{session.pk}",
    )  # fmt: skip
