"""Whether what stands in the database is whole: nothing half-done, lost, doubled or overlapping."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.db import connection

from bookings.dispatch.models import PointOffer
from bookings.lifecycle.models import PERSONAL, Assignment, Booking, BookingEvent, State, Visit
from communities.inbox.models import Notification
from homeservice.foundation.models import IdempotencyKey
from homeservice.kernel.geo import distance_m, travel_min

PLACED = ("hold", "place")
DISPATCHED = (*PLACED, "accept", "assign")
LIVE = ("tentative", "assigned", "confirmed")

OVERLAPPING = """
SELECT count(*) FROM bookings_assignment one JOIN bookings_assignment other
    ON one.worker_id = other.worker_id AND one.id < other.id
   AND tstzrange(one.busy_from, one.busy_until) && tstzrange(other.busy_from, other.busy_until)
WHERE one.state <> 'released' AND other.state <> 'released'
"""


def lives() -> dict[int, tuple[str, ...]]:
    """The steps of each booking in the order in which they were taken."""
    steps: dict[int, list[str]] = defaultdict(list)
    for booking_id, step in BookingEvent.objects.order_by("booking", "pk").values_list("booking_id", "step"):
        steps[booking_id].append(step)
    return {booking_id: tuple(taken) for booking_id, taken in steps.items()}


def assert_every_booking_is_whole() -> None:
    """Each booking was placed in one piece: its events and version agree, one crew, one key; no strays."""
    bookings = {one.pk: one for one in Booking.objects.defer(*PERSONAL)}
    assert all(one.placed_at for one in bookings.values())
    taken = lives()
    assert set(taken) == set(bookings)
    assert {taken[pk][:2] for pk in bookings} <= {PLACED}
    assert {pk: one.version for pk, one in bookings.items()} == {pk: len(steps) for pk, steps in taken.items()}
    visits = {one.visit_id for one in bookings.values()}
    assert len(visits) == len(bookings)
    assert set(Visit.objects.values_list("pk", flat=True)) == visits
    assert Counter(_live().values_list("visit_id", flat=True)) == Counter(visits)
    keys = IdempotencyKey.objects.values_list("answer__no", flat=True)
    assert sorted(keys) == sorted(one.no for one in bookings.values())


def assert_all_dispatched_once(numbers: Iterable[str]) -> None:
    """These bookings and no others exist; each took each step once, at one point, with one named worker,
    and everybody was told of each step once."""
    assert_every_booking_is_whole()
    bookings = list(Booking.objects.order_by("no").values_list("no", "state"))
    assert bookings == [(no, State.ASSIGNED) for no in sorted(numbers)]
    assert set(lives().values()) == {DISPATCHED}
    assert Counter(_live().values_list("state", flat=True)) == {"assigned": len(bookings)}
    offers = PointOffer.objects.values_list("booking__no", "state")
    assert sorted(offers) == [(no, PointOffer.State.ACCEPTED) for no, _state in bookings]
    told = Counter((args[0], title) for args, title in Notification.objects.values_list("url_args", "title"))
    assert sorted(told.values()) == [1] * (4 * len(bookings))  # placed, accepted, named: resident; named: worker
    assert_nobody_is_in_two_places()


def assert_nobody_is_in_two_places() -> None:
    """No worker's busy times overlap, and between two visits there is time to clear up and travel."""
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPPING)
        assert cursor.fetchone() == (0,)
    days: dict[int, list[Assignment]] = defaultdict(list)
    for one in _live().select_related("visit", "worker").order_by("worker", "visit__starts_at"):
        days[one.worker_id].append(one)
    late = [(a.pk, b.pk) for day in days.values() for a, b in pairwise(day) if _minutes_between(a, b) < _way(a, b)]
    assert late == []


def _minutes_between(before: Assignment, after: Assignment) -> float:
    return (after.visit.starts_at - before.busy_until).total_seconds() / 60


def _way(before: Assignment, after: Assignment) -> int:
    one, other = before.visit, after.visit
    return travel_min(distance_m(one.lat, one.lon, other.lat, other.lon), before.worker.transport)


def _live() -> Any:
    return Assignment.objects.filter(state__in=LIVE)
