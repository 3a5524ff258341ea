"""A shown time is a promise to exactly one."""

from datetime import time, timedelta
from functools import partial
from threading import Event, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from bookings.dispatch.actions import run_round
from bookings.lifecycle.models import Assignment, Booking, State, Visit
from bookings.menus.models import Sitting
from bookings.orders.actions import ask_for, lapse_holds
from bookings.slots.actions import lock_workers, take_crew
from homeservice.kernel.errors import DomainError
from providers.workers.models import Worker
from tests import world
from tests.bookings.ordering import hold, place, tomorrow
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def crowd(count: int) -> list[tuple[world.User, world.Household]]:
    people = [world.verified(world.user(f"居民{n}")) for n in range(count)]
    return [(person, world.household(person)) for person in people]


def test_of_twenty_people_for_one_workers_last_hours_one_wins_and_the_others_see_other_times() -> None:
    town = world.town()
    people = crowd(20)
    answers = all_at_once([partial(hold, person, home, town.entry, tomorrow(18)) for person, home in people])
    winners = [answer for answer in answers if isinstance(answer, Booking)]
    losers = [answer for answer in answers if isinstance(answer, DomainError)]
    assert (len(winners), len(losers)) == (1, 19)
    assert {refusal.code for refusal in losers} == {"slot_gone"}
    nearest = [tomorrow(14), tomorrow(14, 30), tomorrow(15), tomorrow(15, 30)]
    assert [refusal.facts["alternatives"] for refusal in losers] == [nearest] * 19
    assert (Visit.objects.count(), Assignment.objects.count(), Booking.objects.count()) == (1, 1, 1)


def test_of_twenty_people_for_times_that_overlap_no_worker_is_given_two_visits() -> None:
    town = world.town()
    for name in ("周阿姨", "吴阿姨"):
        world.worker(town.enterprise, name)
    people = crowd(20)
    starts = [tomorrow(9 + n % 3) for n in range(20)]
    answers = all_at_once(
        [partial(hold, person, home, town.entry, start) for (person, home), start in zip(people, starts, strict=True)]
    )
    won = [answer for answer in answers if isinstance(answer, Booking)]
    assert len(won) == 3
    assert all(isinstance(answer, (Booking, DomainError)) for answer in answers)
    assert Assignment.objects.values("worker").distinct().count() == 3


def test_a_crew_of_two_is_taken_whole_or_not_at_all() -> None:
    town = world.town()
    deep = world.item("CL02", crew_size=2)
    offered = world.entry(town.point, world.listing(town.enterprise, deep))
    for name in ("周阿姨", "吴阿姨", "郑阿姨"):
        world.worker(town.enterprise, name)
    answers = all_at_once([partial(hold, person, home, offered, tomorrow(10)) for person, home in crowd(8)])
    won = [answer for answer in answers if isinstance(answer, Booking)]
    assert len(won) == 2
    assert all(isinstance(answer, (Booking, DomainError)) for answer in answers)
    assert Assignment.objects.count() == 4


def test_a_sitting_is_never_overfull() -> None:
    town = world.town()
    meal = world.item("EL07", needs_worker=False, place="point", min_quantity=1, duration_min=60)
    lunch = world.entry(town.point, world.listing(town.enterprise, meal), capacity=5, sittings=[time(11, 30)])
    people = crowd(12)
    answers = all_at_once([partial(hold, person, home, lunch, tomorrow(11, 30), quantity=1) for person, home in people])
    assert sum(isinstance(answer, Booking) for answer in answers) == 5
    assert Sitting.objects.get().taken == 5


def test_rounds_side_by_side_work_each_booking_once() -> None:
    town = world.town()
    for n in range(9):
        world.worker(town.enterprise, f"阿姨{n}")
    for person, home in crowd(10):
        place(hold(person, home, town.entry, tomorrow(10)))
    claimed = all_at_once([partial(run_round, "4401", at=world.NOW, limit=3) for _ in range(4)])
    while run_round("4401", at=world.NOW):
        pass
    assert sum(claimed) == 10
    assert list(Booking.objects.values_list("state", "dispatch_round").distinct()) == [(State.ASSIGNED, 1)]
    assert Assignment.objects.filter(state="assigned").values("worker").distinct().count() == 10


def test_a_hold_is_either_placed_or_lapsed_but_never_both() -> None:
    town = world.town()
    ((person, home),) = crowd(1)
    held = hold(person, home, town.entry, tomorrow(10))
    just_before, just_after = world.NOW + timedelta(minutes=9, seconds=59), world.NOW + timedelta(minutes=10)
    placed, lapsed = all_at_once([partial(place, held, at=just_before), partial(lapse_holds, at=just_after)])
    held.refresh_from_db()
    assert (isinstance(placed, Booking), lapsed) in [(True, 0), (False, 1)]
    assert held.state == (State.PLACED if lapsed == 0 else State.CANCELLED)


def test_the_database_itself_refuses_overlapping_assignments() -> None:
    town = world.town()
    hold(town.alice, town.home, town.entry, tomorrow(10))
    visit, assignment = Visit.objects.get(), Assignment.objects.get()
    other = Visit.objects.create(
        item=visit.item, starts_at=tomorrow(11), ends_at=tomorrow(12), lat=visit.lat, lon=visit.lon
    )
    with pytest.raises(IntegrityError, match="assignment_worker_no_overlap"), transaction.atomic():
        Assignment.objects.create(
            visit=other, worker=assignment.worker, busy_from=tomorrow(11), busy_until=tomorrow(12), created_at=world.NOW
        )


def test_a_worker_whose_diary_is_held_too_long_is_passed_over_and_nothing_crashes() -> None:
    town = world.town()
    begun, done = Event(), Event()

    def keep_locked() -> None:
        with transaction.atomic():
            lock_workers([town.worker.pk])
            begun.set()
            done.wait(timeout=20)
        connection.close()

    keeper = Thread(target=keep_locked)
    keeper.start()
    begun.wait(timeout=20)
    with pytest.raises(DomainError) as refusal:
        hold(town.alice, town.home, town.entry, tomorrow(10))
    done.set()
    keeper.join()
    assert refusal.value.code == "slot_gone"
    assert not Booking.objects.exists()


def test_the_lock_of_a_worker_who_was_lost_is_given_back_before_the_next_is_tried() -> None:
    town = world.town()
    farther = world.worker(town.enterprise, "周阿姨", lat=world.HOME[0] + 0.01)
    with transaction.atomic():
        held = hold(town.alice, town.home, town.entry, tomorrow(10))
        assert Assignment.objects.get(visit=held.visit).worker == town.worker
    visit = Visit.objects.create(
        item=town.entry.listing.item, starts_at=tomorrow(10), ends_at=tomorrow(12), lat=held.lat, lon=held.lon
    )
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        seen_as_free = [town.worker, farther]  # what was true before somebody else committed
        patch.setattr("bookings.slots.actions._free_workers", lambda visit, ask: seen_as_free)
        take_crew(visit, ask_for(town.entry, town.home, 2), at=world.NOW, state="tentative")
        others = all_at_once([partial(_may_lock, town.worker.pk), partial(_may_lock, farther.pk)])
    assert others == [True, False]


def _may_lock(worker_id: int) -> bool:
    with transaction.atomic():
        free = Worker.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=worker_id)
        return bool(list(free))


def test_two_who_change_their_places_for_each_others_never_wait_in_a_circle() -> None:
    town = world.town()
    meal = world.item("EL07", needs_worker=False, place="point", min_quantity=1, duration_min=60)
    walls = [time(11, 30), time(12, 30)]
    lunch = world.entry(town.point, world.listing(town.enterprise, meal), capacity=50, sittings=walls)
    people, starts = crowd(2), [tomorrow(11, 30), tomorrow(12, 30)]
    for turn in range(12):
        answers = all_at_once(
            [
                partial(hold, person, home, lunch, starts[(turn + n) % 2], quantity=1)
                for n, (person, home) in enumerate(people)
            ]
        )
        assert [type(answer) for answer in answers] == [Booking, Booking]
    assert list(Sitting.objects.order_by("pk").values_list("taken", flat=True)) == [1, 1]
