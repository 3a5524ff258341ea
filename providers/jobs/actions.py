"""Openings posted, applications answered, people placed and arrived; each is one transaction."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from communities.accounts.models import User
from communities.accounts.rules import checked_text
from communities.divisions.models import Division
from communities.inbox.actions import tell
from homeservice.foundation import audit
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Admission
from providers.bindings.actions import decline_binding, invite_worker, take_back_proposal
from providers.bindings.models import Binding
from providers.catalogue.models import ServiceKind
from providers.enterprises.models import Enterprise
from providers.enterprises.queries import manager_ids
from providers.jobs import messages
from providers.jobs.models import JobApplication, JobOpening
from providers.jobs.rules import Terms, why_not_open, why_not_terms

NOTE_MAX = 300
State = JobApplication.State


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """What was entered of an opening."""

    community: Division
    kind: ServiceKind
    relation: str
    title: str
    duties: str
    hours_words: str
    pay_unit: str
    terms: Terms
    trains: bool = False
    lodging: bool = False


@transaction.atomic
def post_opening(*, enterprise: Enterprise, facts: OpeningFacts, at: datetime) -> JobOpening:
    """Everybody reads the opening. Raises `enterprise_not_admitted`, `…_missing`, `…_too_long`, and what
    `why_not_terms` gives."""
    if enterprise.state != Admission.ADMITTED:
        message = _("Only admitted enterprises may look for people here.")
        raise DomainError("enterprise_not_admitted", message)
    opening = JobOpening(enterprise=enterprise, published_at=at)
    _fill(opening, facts, at)
    opening.save()
    return opening


@transaction.atomic
def change_opening(*, opening: JobOpening, facts: OpeningFacts, at: datetime) -> JobOpening:
    """The opening is as entered; more places open a filled one again. Raises as `post_opening`. Locks the opening."""
    row: JobOpening = JobOpening.objects.select_for_update().get(pk=opening.pk)
    _fill(row, facts, at)
    if row.state != JobOpening.State.CLOSED:
        full = row.placed >= row.places
        row.state = JobOpening.State.FILLED if full else JobOpening.State.OPEN
    row.save()
    return row


@transaction.atomic
def close_opening(*, opening: JobOpening, at: datetime) -> None:
    """Nobody applies any more, and those not answered are told. Raises `opening_closed`. Locks the opening."""
    row = JobOpening.objects.select_for_update().get(pk=opening.pk)
    if row.state == JobOpening.State.CLOSED:
        raise DomainError("opening_closed", _("This opening is closed."))
    row.state = JobOpening.State.CLOSED
    row.save(update_fields=["state"])
    waiting = row.applications.filter(state__in=[State.APPLIED, State.INTERVIEW])
    told = [messages.closed(one, row) for one in waiting.order_by("pk")]
    waiting.update(state=State.REFUSED, decided_at=at)
    tell(told, at=at)


@transaction.atomic
def apply(*, opening: JobOpening, user: User, note: str, consented: bool, at: datetime) -> JobApplication:
    """The enterprise reads the application and is told. The phone is shown to it, masked until it invites.

    Raises `consent_missing`, `opening_closed`, `applied_already`, `note_too_long`. Locks the opening for sharing.
    """
    if not consented:
        message = _("The enterprise needs your number to answer you: please agree, or don't apply.")
        raise DomainError("consent_missing", message, field="consent")
    said = checked_text(note, "note", limit=NOTE_MAX, required=False)
    row = JobOpening.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=opening.pk)
    admitted = row.enterprise.state == Admission.ADMITTED
    if row.state != JobOpening.State.OPEN or row.closes_date < local_day(at) or not admitted:
        raise DomainError("opening_closed", _("This opening is closed."))
    try:
        with transaction.atomic():
            made = JobApplication.objects.create(opening=row, user=user, note=said, applied_at=at)
    except IntegrityError as error:
        if "job_application_once" not in str(error):
            raise
        raise DomainError("applied_already", _("You have applied already.")) from error
    tell([messages.applied(made, row, manager) for manager in manager_ids(row.enterprise_id)], at=at)
    return made


@transaction.atomic
def withdraw(*, application: JobApplication, at: datetime) -> None:
    """The person no longer wants the job; a place that they had is free again with the binding proposed for it
    declined, and the enterprise is told.

    Raises `application_over` once they have arrived, or are refused or withdrawn. Locks opening and application.
    """
    opening, row = _locked(application)
    had_place = row.state == State.PLACED
    refusal = why_not_open(row.state)
    if refusal and not (had_place and row.arrived_at is None):
        raise refusal
    proposal = _proposal_of(row, opening) if had_place else None
    _decide(row, State.WITHDRAWN, "", at)
    if had_place:
        _free_place(opening)
    if proposal:
        decline_binding(binding=proposal, side=Binding.Side.WORKER, actor_id=row.user_id, at=at)
    tell([messages.withdrawn(row, opening, manager) for manager in manager_ids(opening.enterprise_id)], at=at)


@transaction.atomic
def invite_to_talk(*, application: JobApplication, interview_at: datetime, answer: str, at: datetime) -> None:
    """The person is asked to come (or to answer the telephone) at that time, and told.

    Raises `application_over`, `interview_past`, `answer_too_long`. Locks opening and application.
    """
    said = checked_text(answer, "answer", limit=NOTE_MAX, required=False)
    opening, row = _locked(application)
    refusal = why_not_open(row.state)
    if refusal:
        raise refusal
    if interview_at <= at:
        raise DomainError("interview_past", _("Please choose a time that is still to come."), field="day")
    row.state, row.interview_at, row.answer = State.INTERVIEW, interview_at, said
    row.save(update_fields=["state", "interview_at", "answer"])
    tell([messages.invited(row, opening)], at=at)


@transaction.atomic
def place(*, application: JobApplication, actor_id: int, at: datetime) -> None:
    """The person has one of the places; a binding is proposed to them, which they confirm as any other.

    Raises `application_over`, `places_filled` (of two at once for the last place one is placed), and why the binding
    can't be proposed. Locks opening and application.
    """
    opening, row = _locked(application)
    refusal = why_not_open(row.state)
    if refusal:
        raise refusal
    free = JobOpening.objects.filter(pk=opening.pk, placed__lt=F("places"))
    if not free.update(placed=F("placed") + 1):
        raise DomainError("places_filled", _("All places are filled."))
    JobOpening.objects.filter(pk=opening.pk, placed__gte=F("places"), state=JobOpening.State.OPEN).update(
        state=JobOpening.State.FILLED
    )
    _decide(row, State.PLACED, row.answer, at)
    if not _is_bound(row.user_id, opening.enterprise_id):
        invite_worker(
            enterprise=opening.enterprise, phone=row.user.phone, relation=opening.relation, note=opening.title[:200],
            actor_id=actor_id, at=at,
        )  # fmt: skip
    tell([messages.placed(row, opening)], at=at)


@transaction.atomic
def refuse_application(*, application: JobApplication, answer: str, actor_id: int, at: datetime) -> None:
    """The person reads why not; the place of one who was placed and never came is free again, the binding proposed
    for it taken back.

    Raises `answer_missing`, `answer_too_long`, `application_over`. Locks opening and application.
    """
    said = checked_text(answer, "answer", limit=NOTE_MAX)
    opening, row = _locked(application)
    never_came = row.state == State.PLACED and row.arrived_at is None
    refusal = why_not_open(row.state)
    if refusal and not never_came:
        raise refusal
    proposal = _proposal_of(row, opening) if never_came else None
    _decide(row, State.REFUSED, said, at)
    if never_came:
        _free_place(opening)
    if proposal:
        take_back_proposal(binding=proposal, side=Binding.Side.ENTERPRISE, actor_id=actor_id, at=at)
    tell([messages.refused(row, opening)], at=at)


@transaction.atomic
def confirm_arrival(*, application: JobApplication, by_enterprise: bool, at: datetime) -> JobApplication:
    """One side says that the person has begun; said by both, the arrival stands.

    Raises `not_placed`, `arrival_said` the second time. Locks opening and application.
    """
    opening, row = _locked(application)
    if row.state != State.PLACED:
        raise DomainError("not_placed", _("Nobody is placed by this application."))
    field = "enterprise_arrived_at" if by_enterprise else "person_arrived_at"
    if getattr(row, field) is not None:
        raise DomainError("arrival_said", _("You have confirmed the arrival already."))
    setattr(row, field, at)
    if row.person_arrived_at and row.enterprise_arrived_at:
        row.arrived_at = at
    row.save(update_fields=[field, "arrived_at"])
    others = [row.user_id] if by_enterprise else manager_ids(opening.enterprise_id)
    tell([messages.arrived(row, opening, other, by_enterprise=by_enterprise) for other in others], at=at)
    return row


@transaction.atomic
def reveal_applicant_phone(*, application: JobApplication, purpose: str, actor_id: int, at: datetime) -> str:
    """The whole number of a person who was invited, once the log says who asked and why.

    Raises `invite_first` before the enterprise has invited them, and `purpose_needed`.
    """
    if application.state not in (State.INTERVIEW, State.PLACED):
        message = _("Invite the person first: until then their number stays masked.")
        raise DomainError("invite_first", message, field="purpose")
    return audit.reveal(at=at, actor_id=actor_id, subject=application.user, field="phone", purpose=purpose)


def _fill(opening: JobOpening, facts: OpeningFacts, at: datetime) -> None:
    refusal = why_not_terms(facts.terms, placed=opening.placed, today=local_day(at))
    if refusal:
        raise refusal
    for name in ("community", "kind", "relation", "pay_unit", "trains", "lodging"):
        setattr(opening, name, getattr(facts, name))
    for name in ("pay_low_fen", "pay_high_fen", "places", "closes_date"):
        setattr(opening, name, getattr(facts.terms, name))
    opening.title = checked_text(facts.title, "title", limit=60)
    opening.duties = checked_text(facts.duties, "duties", limit=600)
    opening.hours_words = checked_text(facts.hours_words, "hours_words", limit=120)


def _locked(application: JobApplication) -> tuple[JobOpening, JobApplication]:
    """The opening first, then the application: everybody in this order."""
    openings = JobOpening.objects.select_for_update(of=("self",)).select_related("enterprise")
    opening: JobOpening = openings.get(pk=application.opening_id)
    rows = JobApplication.objects.select_for_update(of=("self",)).select_related("user")
    return opening, rows.get(pk=application.pk)


def _decide(row: JobApplication, state: str, answer: str, at: datetime) -> None:
    row.state, row.answer, row.decided_at = state, answer, at
    row.save(update_fields=["state", "answer", "decided_at"])


def _free_place(opening: JobOpening) -> None:
    JobOpening.objects.filter(pk=opening.pk).update(placed=F("placed") - 1)
    JobOpening.objects.filter(pk=opening.pk, state=JobOpening.State.FILLED).update(state=JobOpening.State.OPEN)


def _proposal_of(row: JobApplication, opening: JobOpening) -> Binding | None:
    """The binding that the placement proposed and that waits for the person's answer."""
    if row.decided_at is None:
        return None
    rows = Binding.objects.filter(user_id=row.user_id, enterprise_id=opening.enterprise_id, proposed_at=row.decided_at)
    found: Binding | None = rows.filter(state=Binding.State.PROPOSED, proposed_by=Binding.Side.ENTERPRISE).first()
    return found


def _is_bound(user_id: int, enterprise_id: int) -> bool:
    live = (Binding.State.PROPOSED, Binding.State.IN_FORCE, Binding.State.ENDING)
    return Binding.objects.filter(user_id=user_id, enterprise_id=enterprise_id, state__in=live).exists()
