"""Workers join an enterprise, and say when they work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from communities.accounts.models import User, phone_index
from communities.accounts.rules import checked_text, mainland_mobile
from communities.divisions.models import Division
from homeservice.foundation import audit
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake
from providers.catalogue.actions import Loaded
from providers.catalogue.rules import changed_fields
from providers.enterprises.models import Enterprise
from providers.workers.models import Leave, Worker, WorkingHours, WorkLimit
from providers.workers.rules import LEAST_AGE_YEARS, Span, why_not_hours, why_not_leave, years_old

NAME_MAX = 40
RECOMPUTE_CODES = "providers.service_codes.recompute_changed"
REASON_MAX = 100
RADIUS_M = (500, 50_000)


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """What an enterprise enters of a worker. The day starts at the home community unless lat and lon are given."""

    sex: str
    birth_date: date
    relation: str
    home_community: Division
    transport: str
    service_radius_m: int
    languages: tuple[str, ...] = ()
    origin_province: str = ""
    lat: float | None = None
    lon: float | None = None


@transaction.atomic
def add_worker(
    *,
    enterprise: Enterprise,
    phone: str,
    real_name: str,
    facts: WorkerFacts,
    authorised: bool,
    actor_id: int,
    at: datetime,
) -> Worker:
    """The person works for the enterprise; the gate lets them serve once their papers are verified.

    A known phone gives its person. Raises `phone_invalid`, `real_name_…`, `authorisation_missing` (the worker signs
    it before anything is entered), `worker_too_young`, `worker_bound` for one who has an enterprise, `service_radius`.
    """
    number = mainland_mobile(phone)
    name = checked_text(real_name, "real_name", limit=NAME_MAX)
    _refuse_facts(facts, authorised, local_day(at))
    user, _created = User.objects.get_or_create(
        phone_index=phone_index(number),
        defaults={"phone": number, "name": name, "password": make_password(None), "date_joined": at},
    )
    worker = Worker(user=user, enterprise=enterprise, state=Worker.State.ADMITTED, joined_date=local_day(at))
    worker.real_name = name
    _apply(worker, facts)
    try:
        with transaction.atomic():
            worker.save()
    except IntegrityError as error:
        message = _("This person is on file as a worker already. To change the enterprise both sides must agree.")
        raise DomainError("worker_bound", message, field="phone") from error
    audit.record(at=at, actor_id=actor_id, action="worker_added", subject=worker, authorised=True)
    return worker


@transaction.atomic
def change_worker(*, worker: Worker, facts: WorkerFacts, at: datetime) -> None:
    """The worker's facts are these. Raises `worker_too_young`, `service_radius`."""
    _refuse_facts(facts, True, local_day(at))
    _apply(worker, facts)
    worker.save()


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
    """Something that the workers' service codes show has changed: the codes are computed anew at once, or by the sweep."""
    Worker.objects.filter(pk__in=worker_ids).update(papers_changed_at=at)
    wake(RECOMPUTE_CODES)


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


def _refuse_facts(facts: WorkerFacts, authorised: bool, today: date) -> None:
    if not authorised:
        message = _("The worker must sign the authorisation before anything about them is entered.")
        raise DomainError("authorisation_missing", message, field="authorised")
    if years_old(facts.birth_date, today) < LEAST_AGE_YEARS:
        raise DomainError("worker_too_young", _("A worker must be at least 16 years old."), field="birth_date")
    if not RADIUS_M[0] <= facts.service_radius_m <= RADIUS_M[1]:
        message = _("The radius lies between 500 m and 50 km.")
        raise DomainError("service_radius", message, field="service_radius_m")


def _apply(worker: Worker, facts: WorkerFacts) -> None:
    worker.sex, worker.birth_date, worker.relation = facts.sex, facts.birth_date, facts.relation
    worker.home_community, worker.transport = facts.home_community, facts.transport
    worker.service_radius_m, worker.languages = facts.service_radius_m, list(facts.languages)
    worker.origin_province = facts.origin_province
    worker.lat = facts.home_community.lat if facts.lat is None else facts.lat
    worker.lon = facts.home_community.lon if facts.lon is None else facts.lon
