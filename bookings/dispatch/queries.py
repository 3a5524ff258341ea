"""What a round looks at: due bookings, points near them, and workers who might go. A statement each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from bookings.dispatch.models import DispatchPolicy, PointOffer
from bookings.dispatch.rules import POINTS_PER_BOOKING, SEARCH_RADIUS_M, DispatchTerms, PointCandidate, WorkerCandidate
from bookings.dispatch.workload import over_limits
from bookings.lifecycle.models import PERSONAL, Booking, State
from bookings.lifecycle.rules import job_context
from bookings.menus.models import MenuEntry
from bookings.money.queries import policy_in_force
from homeservice.kernel.clock import day_bounds, local, local_day
from providers.credentials.queries import qualified_periods
from providers.credentials.rules import DAY, Context

DUE_STATES = (State.PLACED, State.OFFERED, State.ACCEPTED, State.ASSIGNED)


def claim_due(shard: str, *, at: datetime, limit: int, only: int | None = None) -> list[Booking]:
    """Due bookings of the shard (or one of them), locked for this transaction and skipped by others. Longest
    waiting first."""
    due = _due(shard, at) if only is None else _due(shard, at).filter(pk=only)
    locked = due.select_for_update(of=("self",), skip_locked=True, no_key=True)
    lean = locked.defer(*PERSONAL).select_related("item", "entry__listing", "recipient")
    return list(lean.order_by("dispatch_due_at", "pk")[:limit])


def due_ids(shard: str, *, at: datetime, limit: int) -> list[int]:
    """The keys of the shard's due bookings, longest waiting first. Locks nothing."""
    return list(_due(shard, at).order_by("dispatch_due_at", "pk").values_list("pk", flat=True)[:limit])


def _due(shard: str, at: datetime) -> "QuerySet[Booking]":
    return Booking.objects.filter(shard=shard, dispatch_due_at__lte=at, state__in=DUE_STATES)


def dispatch_terms(area_code: str, on_date: date) -> DispatchTerms:
    """The terms of the policy for the smallest division that has one on that day; one query."""
    policy = policy_in_force(DispatchPolicy, area_code, on_date)
    if policy is None:
        return DispatchTerms()
    return DispatchTerms(
        confirm_window=timedelta(minutes=policy.confirm_window_min),
        last_call=timedelta(minutes=policy.last_call_min),
        keep_bonus=policy.keep_bonus,
        same_worker_bonus=policy.same_worker_bonus,
        rating_weight=policy.rating_weight,
        distance_weight=policy.distance_weight,
    )


def due_shards(*, at: datetime) -> list[str]:
    """The shards with anything due."""
    due = Booking.objects.filter(dispatch_due_at__lte=at, state__in=DUE_STATES).order_by("shard")
    return list(due.values_list("shard", flat=True).distinct())


POINTS_NEAR = """
SELECT b.id, p.id, e.id, l.enterprise_id, e.price_fen,
       round(earth_distance(ll_to_earth(b.lat, b.lon), ll_to_earth(p.lat, p.lon)))::int AS metres,
       p.reach_m, p.acceptance = 'automatic', p.accept_window_min,
       coalesce(p.paused_until > %(at)s, false),
       EXISTS (SELECT 1 FROM communities_pointclosure c
               WHERE c.point_id = p.id AND c.period && tstzrange(b.starts_at, b.ends_at)),
       p.daily_limit <= (SELECT count(*) FROM bookings_booking o
                         WHERE o.point_id = p.id AND o.id <> b.id AND o.starts_at >= b.day_begins
                           AND o.starts_at < b.day_ends
                           AND o.state NOT IN ('held', 'cancelled', 'unfilled', 'no_show')),
       EXISTS (SELECT 1 FROM bookings_pointoffer f
               WHERE f.booking_id = b.id AND f.point_id = p.id
                 AND (f.state IN ('declined', 'lapsed') OR (f.state = 'withdrawn' AND f.entry_id = e.id))),
       e.id = b.entry_id, p.community_id
FROM unnest(%(ids)s::bigint[], %(lats)s::float8[], %(lons)s::float8[], %(items)s::varchar[], %(entries)s::bigint[],
            %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(days)s::timestamptz[], %(day_ends)s::timestamptz[])
     AS b(id, lat, lon, item_code, entry_id, starts_at, ends_at, day_begins, day_ends)
CROSS JOIN LATERAL (
    SELECT * FROM communities_servicepoint q
    WHERE q.active AND earth_box(ll_to_earth(b.lat, b.lon), %(radius)s) @> ll_to_earth(q.lat, q.lon)
      AND EXISTS (SELECT 1 FROM bookings_menuentry m
                  WHERE m.point_id = q.id AND m.item_code = b.item_code AND m.state = 'published')
    ORDER BY ll_to_earth(q.lat, q.lon) <-> ll_to_earth(b.lat, b.lon), q.id
    LIMIT %(limit)s
) p
JOIN bookings_menuentry e ON e.point_id = p.id AND e.item_code = b.item_code AND e.state = 'published'
JOIN providers_listing l ON l.id = e.listing_id AND l.active
JOIN providers_enterprise firm ON firm.id = l.enterprise_id AND firm.state = 'admitted'
ORDER BY b.id, metres, e.id
"""


def points_near(bookings: Sequence[Booking], *, at: datetime) -> dict[int, list[PointCandidate]]:
    """For each booking the nearest points that have its item on their menu, with what speaks against each."""
    days = [day_bounds(local_day(booking.starts_at)) for booking in bookings]
    rows = _rows(
        POINTS_NEAR,
        {
            "at": at,
            "ids": [booking.pk for booking in bookings],
            "lats": [booking.lat for booking in bookings],
            "lons": [booking.lon for booking in bookings],
            "items": [booking.item_id for booking in bookings],
            "entries": [booking.entry_id for booking in bookings],
            "starts": [booking.starts_at for booking in bookings],
            "ends": [booking.ends_at for booking in bookings],
            "days": [begins for begins, _ends in days],
            "day_ends": [ends for _begins, ends in days],
            "radius": SEARCH_RADIUS_M,
            "limit": POINTS_PER_BOOKING,
        },
    )
    found: dict[int, list[PointCandidate]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(PointCandidate(*row))
    return found


WORKERS_OF = """
SELECT b.id, w.id,
       round(earth_distance(ll_to_earth(v.lat, v.lon), ll_to_earth(w.lat, w.lon)))::int,
       w.service_radius_m, w.state = 'admitted',
       EXISTS (SELECT 1 FROM providers_workinghours h
               WHERE h.worker_id = w.id AND h.weekday = b.weekday AND h.starts <= b.wall_start AND h.ends >= b.wall_end),
       EXISTS (SELECT 1 FROM providers_leave l
               WHERE l.worker_id = w.id AND l.period && tstzrange(b.starts_at, b.ends_at)),
       EXISTS (SELECT 1 FROM bookings_assignment a
               WHERE a.worker_id = w.id AND a.state <> 'released' AND a.visit_id <> b.visit_id
                 AND a.period && tstzrange(b.starts_at, b.ends_at)),
       EXISTS (SELECT 1 FROM bookings_assignment a
               WHERE a.worker_id = w.id AND a.visit_id = b.visit_id AND a.state = 'released'
                 AND a.released_reason IN ('refused', 'not_confirmed', 'replaced')),
       EXISTS (SELECT 1 FROM bookings_assignment a
               WHERE a.worker_id = w.id AND a.visit_id = b.visit_id AND a.state <> 'released'),
       EXISTS (SELECT 1 FROM bookings_assignment a JOIN bookings_booking o ON o.visit_id = a.visit_id
               WHERE a.worker_id = w.id AND a.state = 'done' AND o.household_id = b.household_id),
       CASE WHEN w.rating_count > 0 THEN w.rating_sum::float8 / w.rating_count END
FROM unnest(%(ids)s::bigint[], %(visits)s::bigint[], %(firms)s::bigint[], %(kinds)s::varchar[], %(homes)s::bigint[],
            %(starts)s::timestamptz[], %(ends)s::timestamptz[],
            %(weekdays)s::int[], %(wall_starts)s::time[], %(wall_ends)s::time[])
     AS b(id, visit_id, enterprise_id, kind_id, household_id, starts_at, ends_at, weekday, wall_start, wall_end)
JOIN bookings_visit v ON v.id = b.visit_id
JOIN providers_worker w ON w.enterprise_id = b.enterprise_id
JOIN providers_workerkind k ON k.worker_id = w.id AND k.kind_id = b.kind_id
ORDER BY b.id, w.id
"""


HELD = 9  # the column that says that the worker's time is kept for this visit


def workers_for(bookings: Sequence[Booking]) -> dict[int, list[WorkerCandidate]]:
    """For each accepted booking the workers of its enterprise who do its kind, with what speaks against each."""
    rows = _rows(WORKERS_OF, _worker_params(bookings))
    by_booking = {key: list(group) for key, group in groupby(rows, key=lambda row: row[0])}
    qualified = _qualified(bookings, by_booking)
    over = over_limits({one: [row[1] for row in by_booking.get(one.pk, ()) if not row[HELD]] for one in bookings})
    return {
        booking.pk: [
            WorkerCandidate(
                worker_id=row[1], distance_m=row[2], service_radius_m=row[3], admitted=row[4],
                qualified=row[1] in qualified[booking.pk], works_then=row[5], on_leave=row[6], busy=row[7],
                refused_before=row[8], held=row[HELD], served_before=row[10], rating=row[11],
                over_limit=over.get((booking.pk, row[1]), ""),
            )
            for row in by_booking.get(booking.pk, ())
        ]
        for booking in bookings
    }  # fmt: skip


def accepted_entry(booking: Booking) -> MenuEntry:
    """The menu entry at which the accepting point took the booking: it names the enterprise that serves."""
    offers = PointOffer.objects.select_related("entry__listing__item", "entry__point")
    offer: PointOffer = offers.get(booking=booking, state=PointOffer.State.ACCEPTED)
    return offer.entry


def context_of(booking: Booking) -> Context:
    """What the gate is told of the job: of the person whom it is for, else of all who live there."""
    person, known = booking.recipient, booking.snapshot
    return job_context(
        child_present=booking.child_present,
        care_level=person.care_level if person else known.get("care_level", 0),
        circumstances=booking.circumstances,
        groups=person.groups if person else known.get("groups", ()),
    )


def _qualified(bookings: Sequence[Booking], rows: Mapping[int, list[Any]]) -> dict[int, set[int]]:
    """The gate asked once for each item and circumstance in the batch, over all its days and workers."""
    asked: dict[tuple[str, Context], list[Booking]] = defaultdict(list)
    for booking in bookings:
        asked[booking.item_id, context_of(booking)].append(booking)
    found: dict[int, set[int]] = {}
    for (_item, context), group in asked.items():
        days = {booking.pk: local_day(booking.starts_at) for booking in group}
        ids = sorted({row[1] for booking in group for row in rows.get(booking.pk, ())})
        spans = (
            qualified_periods(ids, group[0].item, min(days.values()), max(days.values()) + DAY, context) if ids else {}
        )
        for pk, day in days.items():
            own = (row[1] for row in rows.get(pk, ()))
            found[pk] = {one for one in own if any(first <= day < end for first, end in spans[one])}
    return found


def _worker_params(bookings: Sequence[Booking]) -> dict[str, Any]:
    starts = [local(booking.starts_at) for booking in bookings]
    ends = [local(booking.ends_at) for booking in bookings]
    return {
        "ids": [booking.pk for booking in bookings],
        "visits": [booking.visit_id for booking in bookings],
        "firms": [booking.enterprise_id for booking in bookings],
        "kinds": [booking.item.kind_id for booking in bookings],
        "homes": [booking.household_id for booking in bookings],
        "starts": starts,
        "ends": ends,
        "weekdays": [start.weekday() for start in starts],
        "wall_starts": [start.time() for start in starts],
        # a visit that runs past midnight fits in no day's hours
        "wall_ends": [
            end.time() if end.date() == start.date() else time.max for start, end in zip(starts, ends, strict=True)
        ],
    }


def _rows(sql: str, params: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[Any] = cursor.fetchall()
    return rows
