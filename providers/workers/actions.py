"""Workers join an enterprise, and say when they work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from communities.accounts.models import User
from communities.accounts.rules import IdNumber, checked_text
from communities.divisions.models import Division
from homeservice.foundation import audit
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from homeservice.kernel.clock import local_day
from homeservice.kernel.crypto import blind_index
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake
from homeservice.kernel.vocabulary import Admission
from providers.catalogue.actions import Loaded
from providers.catalogue.rules import changed_fields
from providers.workers.models import Leave, Worker, WorkingHours, WorkLimit
from providers.workers.rules import (
    Span,
    why_not_facts,
    why_not_hours,
    why_not_leave,
    why_not_words,
    why_not_worker,
)

NAME_MAX = 40
RECOMPUTE_CODES = "providers.service_codes.recompute_changed"
REPLACE_UNFIT = "bookings.dispatch.replace_unfit"
REASON_MAX = 100


@dataclass(frozen=True, slots=True)
class Person:
    """Who a worker is: the name as on the ID card, and the number, which tells sex and birth date."""

    real_name: str
    id_number: IdNumber
    home_community: Division


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """What may be changed of a worker by either side. The day starts at the home community's middle.

    Own limits count where they are lower than the law's; None: the law's.
    """

    home_community: Division
    transport: str
    service_radius_m: int
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    education: str = ""
    origin_province: str = ""
    daily_limit_min: int | None = None
    weekly_limit_min: int | None = None


@transaction.atomic
def create_worker(*, user: User, person: Person, relation: str, at: datetime) -> Worker:
    """The person is on file as a worker of nobody, awaiting authorisation. The caller sees to signature and binding.

    Raises `real_name_…`, `worker_too_young`, `community_needed`, `worker_known` for a person or an ID number that is
    on file already (the database keeps each once).
    """
    name = checked_text(person.real_name, "real_name", limit=NAME_MAX)
    refusal = why_not_worker(person.id_number.birth_date, local_day(at))
    if refusal:
        raise refusal
    home = person.home_community
    if home.level != Division.Level.COMMUNITY:
        message = _("Please choose your community or village from the list.")
        raise DomainError("community_needed", message, field="community")
    worker = Worker(
        user=user, state=Admission.AWAITING_AUTHORISATION, relation=relation, real_name=name,
        id_number=person.id_number.number, id_number_index=id_number_index(person.id_number.number),
        sex=person.id_number.sex, birth_date=person.id_number.birth_date, home_community=home, lat=home.lat,
        lon=home.lon, joined_date=local_day(at),
    )  # fmt: skip
    try:
        with transaction.atomic():
            worker.save()
    except IntegrityError as error:
        message = _("This person is on file as a worker already.")
        raise DomainError("worker_known", message, field="id_number") from error
    return worker


@transaction.atomic
def change_facts(*, worker: Worker, facts: WorkerFacts, actor_id: int, at: datetime) -> None:
    """The worker's facts are these; bookings already placed stay. Locks the worker.

    Raises `service_radius`, `limits`, `community_needed`, `skills`, `languages`.
    """
    refusal = why_not_facts(facts.service_radius_m, facts.daily_limit_min, facts.weekly_limit_min)
    refusal = refusal or why_not_words(facts.languages, "languages") or why_not_words(facts.skills, "skills")
    if refusal:
        raise refusal
    row = Worker.objects.select_for_update().get(pk=worker.pk)
    moved = row.home_community_id != facts.home_community.pk
    for name in WorkerFacts.__dataclass_fields__:
        value = getattr(facts, name)
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    if moved:
        row.lat, row.lon = facts.home_community.lat, facts.home_community.lon
    row.save()
    audit.record(at=at, actor_id=actor_id, action="worker_facts", subject=row)


@transaction.atomic
def change_photo(*, worker: Worker, file: "UploadedFile[Any]", actor_id: int, at: datetime) -> None:
    """Residents see this photo at the door. Raises what `store_upload` raises."""
    worker.photo = store_upload(file, purpose=UploadPurpose.WORKER_PHOTO, owner_id=actor_id, at=at)
    worker.save(update_fields=["photo"])


@transaction.atomic
def change_working_hours(*, worker: Worker, spans: Sequence[Span]) -> None:
    """The week is exactly these spans; bookings already placed stay. Raises `working_hours`. Locks the worker."""
    refusal = why_not_hours(spans)
    if refusal:
        raise refusal
    Worker.objects.select_for_update().get(pk=worker.pk)
    WorkingHours.objects.filter(worker=worker).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(worker=worker, weekday=span.weekday, starts=span.starts, ends=span.ends) for span in spans
    )


@transaction.atomic
def add_leave(*, worker: Worker, starts_at: datetime, ends_at: datetime, reason: str, at: datetime) -> Leave:
    """No new booking falls into the leave; those already there are for the sweep of bookings to move.

    Raises `leave_backwards`, `leave_past`, `leave_too_long`, `leave_overlaps`, `reason_too_long`.
    """
    refusal = why_not_leave(starts_at, ends_at, at=at)
    if refusal:
        raise refusal
    said = checked_text(reason, "reason", limit=REASON_MAX, required=False)
    try:
        with transaction.atomic():
            return Leave.objects.create(worker=worker, period=DateTimeTZRange(starts_at, ends_at), reason=said)
    except IntegrityError as error:
        message = _("There is leave on some of these days already.")
        raise DomainError("leave_overlaps", message, field="starts") from error


@transaction.atomic
def remove_leave(*, leave: Leave) -> None:
    """The worker can be booked in these days again."""
    leave.delete()


@transaction.atomic
def mark_papers_changed(*, worker_ids: Sequence[int], at: datetime) -> None:
    """Something that the workers' service codes show has changed: the codes are computed anew and coming visits asked
    again, at once or by the sweeps."""
    Worker.objects.filter(pk__in=worker_ids).update(papers_changed_at=at)
    wake(RECOMPUTE_CODES)
    wake(REPLACE_UNFIT)


def id_number_index(number: str) -> str:
    """The blind index by which an ID number is kept once; identities of residents use the same."""
    return blind_index(number, purpose="id_number")


@transaction.atomic
def load_limits(*, document: Mapping[str, Any]) -> Loaded:
    """Every limit of working time is in force as the document says. Rows that it does not name stay."""
    before = {(row.relation, row.valid_from): row for row in WorkLimit.objects.all()}
    new = changed = 0
    for values in document["limits"]:
        wanted = {**values, "valid_from": date.fromisoformat(values["valid_from"])}
        row = before.get((wanted["relation"], wanted["valid_from"])) or WorkLimit()
        if row._state.adding or changed_fields(row, wanted):
            new, changed = new + row._state.adding, changed + (not row._state.adding)
            for name, value in wanted.items():
                setattr(row, name, value)
            row.full_clean(validate_unique=False)
            row.save()
    return Loaded(len(document["limits"]), new, changed)
