"""The gate asked again after workers were named: papers lapse, are revoked, workers are suspended, leave or move."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bookings.dispatch.alone import crash_contained, each_alone
from bookings.dispatch.notices import of_replaced, of_warned
from bookings.dispatch.queries import context_of
from bookings.dispatch.rules import REPLACED_AHEAD, what_now
from bookings.lifecycle.actions import advance
from bookings.lifecycle.models import PERSONAL, Assignment, Booking, State
from bookings.lifecycle.rules import NOBODY_COMES, SYSTEM_ACTOR, Change
from bookings.orders.actions import DISPATCH
from communities.inbox.actions import tell
from homeservice.kernel.clock import local_day
from homeservice.kernel.queue import wake_shard
from homeservice.kernel.vocabulary import Admission
from providers.credentials.queries import assess, assess_workers
from providers.credentials.rules import BLOCK, ENTERPRISE_NOT_ACTIVE, Assessment, Context, Finding
from providers.workers.models import Worker

CHANGED_WITHIN = timedelta(hours=1)  # twelve sweeps: one that was missed is made up for
BATCH = 500
REASON_MAX = 200
NAMED = (State.ASSIGNED, State.CONFIRMED)
LIVE = (Assignment.State.ASSIGNED, Assignment.State.CONFIRMED)
GONE = (Admission.EXITED, Admission.BLACKLISTED)
MOVED = Finding(
    "worker_of_other_enterprise", BLOCK, "law", "standing",
    _("The worker no longer works for the enterprise of this booking."), _("Name another worker."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unfit:
    """A worker named for a visit, what forbids them to go, and what is done about it: `replace` or `warn`."""

    worker_id: int
    user_id: int
    findings: tuple[Finding, ...]
    now: str


def against(answer: Assessment, booking: Booking, enterprise_id: int | None) -> tuple[Finding, ...]:
    """What forbids a worker, who is bound to that enterprise now, to serve the booking.

    A suspended enterprise takes no new orders but finishes those that run (domain §8.2, 20); one that left does not.
    """
    forgiven = set() if booking.enterprise and booking.enterprise.state in GONE else {ENTERPRISE_NOT_ACTIVE.reason_code}
    found = tuple(one for one in answer.blocking if one.reason_code not in forgiven)
    moved = enterprise_id is not None and enterprise_id != booking.enterprise_id
    return (*found, MOVED) if moved else found


def why_not_go(booking: Booking, worker: Worker, on_date: date) -> str:
    """What forbids the worker to serve the booking on that day, in words; empty if nothing does."""
    answer = assess(worker.pk, booking.item, context_of(booking), on_date)
    return worded(against(answer, booking, worker.enterprise_id))


def worded(findings: Iterable[Finding]) -> str:
    """The findings in one line, each once."""
    return Assessment(BLOCK, tuple(dict.fromkeys(findings))).reasons


def replace_unfit(*, at: datetime, everything: bool = False) -> int:
    """Named workers who may not serve a coming visit make room, and dispatch seeks others; papers that end before
    one are warned of. Answers how many bookings lost a worker. Safe twice, and beside others.

    Looks at the visits of the next days, and of any day where worker or enterprise changed lately; with `everything`
    at all that are to come. A transaction for each booking, asked again under its lock.
    """
    rows = Booking.objects.filter(state__in=NAMED, starts_at__gt=at, item__needs_worker=True)
    if not everything:
        rows = rows.filter(Q(starts_at__lte=at + REPLACED_AHEAD) | _changed_since(at - CHANGED_WITHIN))
    ids = list(rows.order_by("starts_at", "pk").values_list("pk", flat=True))
    return sum(_swept(ids[first : first + BATCH], at) for first in range(0, len(ids), BATCH))


def _changed_since(moment: datetime) -> Q:
    live = Assignment.objects.filter(visit=OuterRef("visit"), state__in=LIVE)
    return Q(Exists(live.filter(worker__papers_changed_at__gt=moment))) | Q(enterprise__papers_changed_at__gt=moment)


def _swept(ids: Sequence[int], at: datetime) -> int:
    found = set(ids)  # each is asked again on its own, should one of them crash what is asked of all
    with crash_contained(bookings=len(ids)):
        found = set(judged(_with_facts(Booking.objects.filter(pk__in=ids)), at=at))
    return each_alone([pk for pk in ids if pk in found], partial(_settled, at=at))


def _with_facts(bookings: "QuerySet[Booking]") -> "QuerySet[Any]":
    return bookings.defer(*PERSONAL).select_related("item", "recipient", "enterprise").order_by("pk")


def judged(bookings: Iterable[Booking], *, at: datetime) -> dict[int, list[Unfit]]:
    """For each booking the workers about whom something is to be done. The gate is asked once an item and day."""
    rows = list(bookings)
    crews = _crews([one.visit_id for one in rows])
    alike: dict[tuple[str, date, Context], list[Booking]] = defaultdict(list)
    for one in rows:
        alike[one.item_id, local_day(one.starts_at), context_of(one)].append(one)
    found: dict[int, list[Unfit]] = {}
    for (_item, day, context), group in alike.items():
        named = {worker_id for one in group for worker_id, *_who in crews[one.visit_id]}
        answers = assess_workers(sorted(named), group[0].item, day, context)
        for one in group:
            crew = [_judged(one, *member, answers[member[0]], at) for member in crews[one.visit_id]]
            unfit = [member for member in crew if member.now]
            found |= {one.pk: unfit} if unfit else {}
    return found


def _crews(visit_ids: Sequence[int]) -> dict[int, list[tuple[int, int, int | None]]]:
    """For each visit its named workers: worker, person, and the enterprise that they are bound to now. One query."""
    crews: dict[int, list[tuple[int, int, int | None]]] = defaultdict(list)
    live = Assignment.objects.filter(visit__in=visit_ids, state__in=LIVE).order_by("pk")
    for visit_id, *who in live.values_list("visit_id", "worker_id", "worker__user_id", "worker__enterprise_id"):
        crews[visit_id].append((who[0], who[1], who[2]))
    return crews


def _judged(
    booking: Booking, worker_id: int, user_id: int, enterprise_id: int | None, answer: Assessment, at: datetime
) -> Unfit:
    findings = against(answer, booking, enterprise_id)
    now = what_now([one.cause for one in findings], starts_at=booking.starts_at, at=at)
    return Unfit(worker_id, user_id, findings, now)


def _settled(booking_id: int, *, at: datetime) -> bool:
    """Locks the booking and asks again; false if nobody has to go, or it has moved on meanwhile."""
    Booking.objects.select_for_update(no_key=True).only("pk").get(pk=booking_id)
    booking: Any = _with_facts(Booking.objects.filter(pk=booking_id)).get()
    if booking.state not in NAMED:
        return False
    unfit = judged([booking], at=at).get(booking_id, [])
    tell(of_warned(booking, {one.user_id: one.findings for one in unfit if one.now == "warn"}), at=at)
    gone = [one for one in unfit if one.now == "replace"]
    if gone:
        _make_room(booking, gone, at)
    return bool(gone)


def _make_room(booking: Booking, gone: Sequence[Unfit], at: datetime) -> None:
    """The rest of the crew stays. Old worker and enterprise are told here, new worker and resident by dispatch."""
    change = Change(booking.pk, {**NOBODY_COMES, "dispatch_due_at": at})
    reason = worded(finding for one in gone for finding in one.findings)[:REASON_MAX]
    (moved,) = advance([booking.pk], "replace", at=at, actor=SYSTEM_ACTOR, reason=reason, changes=[change])
    live = Assignment.objects.filter(visit=booking.visit_id, worker__in=[one.worker_id for one in gone], state__in=LIVE)
    live.update(state=Assignment.State.RELEASED, released_reason="replaced")
    tell(of_replaced(moved, {one.user_id: one.findings for one in gone}), at=at)
    wake_shard(DISPATCH, booking.shard)
