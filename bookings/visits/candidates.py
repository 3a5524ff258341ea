"""Who could go to a booking, and what each receipt said: the same reasons for desk, enterprise and dispatch."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bookings.dispatch.models import Receipt
from bookings.dispatch.queries import context_of, workers_for
from bookings.dispatch.rules import DispatchTerms, WorkerCandidate, score_parts, why_not_worker
from bookings.lifecycle.models import Assignment, Booking, State
from bookings.visits.wording import POINT_REASONS, WORKER_REASONS, score_words
from communities.points.models import ServicePoint
from homeservice.kernel.clock import local_day
from providers.credentials.queries import assess_workers
from providers.credentials.rules import Finding
from providers.workers.models import Worker

NAMED = (State.ASSIGNED, State.CONFIRMED)
NOT_IN_THE_WAY = {"refused_before"}
HIDDEN_BY_HAND = "not_qualified"  # the gate's own findings say it better


@dataclass(frozen=True, slots=True)
class Candidate:
    """A worker of the booking's enterprise: whether they may be named by hand, and every reason why not."""

    worker: Worker
    distance_m: int
    may_go: bool
    held: bool
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One candidate of a receipt in words."""

    name: str
    distance_m: int
    chosen: bool
    words: str


@dataclass(frozen=True, slots=True)
class ReceiptWords:
    """One round's receipt in words."""

    receipt: Receipt
    points: tuple[ReceiptLine, ...]
    workers: tuple[ReceiptLine, ...]


def candidates_of(booking: Booking) -> list[Candidate]:
    """The workers of the accepting enterprise who do this kind: who may go first, best first. Nine queries at most."""
    found = workers_for([booking])[booking.pk]
    ids = [one.worker_id for one in found]
    workers = Worker.objects.select_related("user").in_bulk(ids)
    assessed = assess_workers(ids, booking.item, local_day(booking.starts_at), context_of(booking)) if ids else {}
    terms = DispatchTerms()
    rows = [
        (
            _candidate(
                one, workers[one.worker_id], assessed[one.worker_id].findings, named=one.held and booking.state in NAMED
            ),
            sum(score_parts(one, terms).values()),
        )
        for one in found
    ]
    return [row for row, _score in sorted(rows, key=lambda pair: (not pair[0].may_go, -pair[1], pair[0].worker.pk))]


def crew_of(booking: Booking) -> list[Worker]:
    """Whose time the visit has, held or named. One query."""
    over = [Assignment.State.RELEASED, Assignment.State.DONE]
    live = Assignment.objects.exclude(state__in=over).filter(visit=booking.visit_id).select_related("worker")
    return [one.worker for one in live.order_by("pk")]


def named_by_hand(booking: Booking) -> bool:
    """Whether a person can name somebody: a crew of which nobody is found yet is dispatch's to find."""
    return booking.item.crew_size == 1 or len(crew_of(booking)) >= booking.item.crew_size - 1


def receipts_of(booking: Booking) -> list[ReceiptWords]:
    """What each round saw and decided, newest first, with names. Three queries."""
    receipts = list(Receipt.objects.filter(booking=booking).order_by("-at", "-pk"))
    points = ServicePoint.objects.in_bulk({line["point"] for one in receipts for line in one.points})
    workers = Worker.objects.in_bulk({line["worker"] for one in receipts for line in one.workers})
    point_names = {pk: point.name for pk, point in points.items()}
    worker_names = {pk: worker.masked_name for pk, worker in workers.items()}
    return [
        ReceiptWords(
            receipt=one,
            points=tuple(_line(line, point_names.get(line["point"], "?"), POINT_REASONS) for line in one.points),
            workers=tuple(_line(line, worker_names.get(line["worker"], "?"), WORKER_REASONS) for line in one.workers),
        )
        for one in receipts
    ]


def _candidate(candidate: WorkerCandidate, worker: Worker, findings: tuple[Finding, ...], *, named: bool) -> Candidate:
    codes = _every_reason(candidate) | ({"named"} if named else set())
    return Candidate(
        worker=worker,
        distance_m=candidate.distance_m,
        may_go=not (codes - NOT_IN_THE_WAY),
        held=candidate.held,
        reasons=tuple(str(words) for code, words in WORKER_REASONS.items() if code in codes - {HIDDEN_BY_HAND}),
        findings=findings,
    )


def _every_reason(candidate: WorkerCandidate) -> set[str]:
    """All that speaks against a worker, not only the first: each is lifted in turn."""
    lifts: Mapping[str, dict[str, Any]] = {
        "refused_before": {"refused_before": False},
        "not_admitted": {"admitted": True},
        "not_qualified": {"qualified": True},
        "out_of_reach": {"distance_m": 0},
        "off_hours": {"works_then": True},
        "on_leave": {"on_leave": False},
        "busy": {"busy": False},
        candidate.over_limit: {"over_limit": ""},
    }
    codes: set[str] = set()
    while (code := why_not_worker(candidate)) is not None:
        codes.add(code)
        candidate = replace(candidate, **lifts[code])
    return codes


def _line(line: Mapping[str, Any], name: str, reasons: Mapping[str, Any]) -> ReceiptLine:
    removed_by = line.get("removed_by")
    words = str(reasons.get(removed_by, removed_by)) if removed_by else score_words(line) if "score" in line else ""
    return ReceiptLine(name=name, distance_m=line["distance_m"], chosen=bool(line.get("chosen")), words=words)
