from datetime import date, time, timedelta

import pytest

from bookings.contracts.models import Terms
from bookings.dispatch.actions import run_round
from bookings.dispatch.answers import assign_by_hand
from bookings.lifecycle.models import Assignment, Booking, BookingEvent, State, Visit
from bookings.lifecycle.rules import Actor
from bookings.menus.models import Sitting
from bookings.orders.actions import cancel_booking, cancellation_fee, forget_drafts, lapse_holds
from bookings.slots.queries import Ask, day_slots
from communities.accounts.models import Identity
from communities.inbox.models import Notification
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from tests import world
from tests.bookings.ordering import hold, place, placed, resident, tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def test_holding_a_time_writes_the_visit_and_the_tentative_worker() -> None:
    town = world.town()
    booking = hold(town.alice, town.home, town.entry, tomorrow(10), quantity=3)
    visit = Visit.objects.get()
    assignment = Assignment.objects.get()
    assert (booking.state, booking.hold_until) == (State.HELD, world.NOW + timedelta(minutes=10))
    assert (visit.starts_at, visit.ends_at, visit.crew_size) == (tomorrow(10), tomorrow(13), 1)
    assert (assignment.worker, assignment.state) == (town.worker, "tentative")
    assert (assignment.busy_from, assignment.busy_until) == (tomorrow(10), tomorrow(13, 10))
    assert (booking.price_fen, booking.shard) == (13_500, "4401")
    assert [row["code"] for row in booking.price_parts] == ["base"]


def test_placing_needs_the_terms_and_makes_the_order_due_for_dispatch() -> None:
    town = world.town()
    held = hold(town.alice, town.home, town.entry, tomorrow(10))
    with pytest.raises(DomainError) as refusal:
        place(held, terms_version="")
    assert (refusal.value.code, refusal.value.field) == ("terms_not_accepted", "terms")
    booking = place(held, note="请按门铃 𡚸😀")
    booking.refresh_from_db()
    assert (booking.state, booking.dispatch_due_at, booking.terms) == (State.PLACED, world.NOW, world.terms())
    assert (booking.note, len(booking.door_code)) == ("请按门铃 𡚸😀", 4)
    assert list(BookingEvent.objects.order_by("pk").values_list("step", "source", "target", "actor_role")) == [
        ("hold", "", "held", "resident"), ("place", "held", "placed", "resident"),
    ]  # fmt: skip
    assert Notification.objects.get().recipient == town.alice


def test_terms_of_yesterday_or_tomorrow_are_no_agreement() -> None:
    town = world.town()
    for version, valid_from in (("2025-1", date(2025, 1, 1)), ("2027-1", date(2027, 1, 1))):
        Terms.objects.create(version=version, text_zh="条款", text_en="Terms", sha256="0" * 64, valid_from=valid_from)
        with pytest.raises(DomainError) as refusal:
            place(hold(town.alice, town.home, town.entry, tomorrow(10)), terms_version=version)
        assert (refusal.value.code, refusal.value.field) == ("terms_not_accepted", "terms")


def test_nobody_is_sent_to_a_resident_whose_identity_is_not_verified() -> None:
    town = world.town()
    Identity.objects.update(state="pending", verified_at=None)
    with pytest.raises(DomainError) as refusal:
        placed(town)
    assert refusal.value.code == "identity_missing"


def test_a_hold_past_its_ten_minutes_cannot_be_placed_and_frees_the_worker() -> None:
    town = world.town()
    held = hold(town.alice, town.home, town.entry, tomorrow(10))
    late = world.NOW + timedelta(minutes=10)
    with pytest.raises(DomainError) as refusal:
        place(held, at=late)
    assert refusal.value.code == "hold_lapsed"
    assert (lapse_holds(at=late), lapse_holds(at=late)) == (1, 0)
    assert Assignment.objects.get().state == "released"
    assert Booking.objects.get().state == State.CANCELLED


def test_a_taken_time_is_refused_with_the_nearest_other_times() -> None:
    town = world.town()
    bob = world.verified(world.user("鲍勃"))
    hold(town.alice, town.home, town.entry, tomorrow(10))
    with pytest.raises(DomainError) as refusal:
        hold(bob, world.household(bob), town.entry, tomorrow(11))
    assert refusal.value.code == "slot_gone"
    assert refusal.value.facts["alternatives"] == [tomorrow(12, 30), tomorrow(13), tomorrow(13, 30), tomorrow(14)]
    assert Visit.objects.count() == 1


def test_a_second_hold_of_the_same_resident_gives_back_the_first() -> None:
    town = world.town()
    hold(town.alice, town.home, town.entry, tomorrow(10))
    again = hold(town.alice, town.home, town.entry, tomorrow(11))
    assert list(Booking.objects.filter(state=State.HELD)) == [again]


@pytest.mark.parametrize(
    ("minutes_from_now", "code"), [(-60, "slot_past"), (30, "slot_past"), (24 * 60 + 7, "slot_gone")]
)
def test_past_too_soon_and_crooked_times_are_refused(minutes_from_now: int, code: str) -> None:
    town = world.town()
    with pytest.raises(DomainError) as refusal:
        hold(town.alice, town.home, town.entry, world.NOW + timedelta(minutes=minutes_from_now))
    assert refusal.value.code == code


@pytest.mark.parametrize("quantity", [0, 1, 5])
def test_a_quantity_outside_the_items_range_is_refused(quantity: int) -> None:
    town = world.town()
    with pytest.raises(DomainError) as refusal:
        hold(town.alice, town.home, town.entry, tomorrow(10), quantity=quantity)
    assert refusal.value.code == "quantity_out_of_range"


def test_somebody_of_another_household_cannot_be_named_as_recipient() -> None:
    town = world.town()
    stranger = world.recipient(world.household(world.user("查理")))
    with pytest.raises(DomainError) as refusal:
        placed(town, recipient_id=stranger.pk)
    assert refusal.value.code == "recipient_unknown"


def test_cancelling_frees_the_worker_for_the_next_resident() -> None:
    town = world.town()
    booking = placed(town)
    assert cancellation_fee(booking, at=world.NOW) == 0
    assert cancel_booking(booking=booking, actor=resident(town.alice), at=world.NOW) == 0
    bob = world.verified(world.user("鲍勃"))
    assert hold(bob, world.household(bob), town.entry, tomorrow(10)).state == State.HELD


def test_a_crew_of_two_takes_two_workers_and_is_refused_with_one() -> None:
    town = world.town()
    deep = world.item("CL02", crew_size=2)
    offered = world.entry(town.point, world.listing(town.enterprise, deep))
    with pytest.raises(DomainError) as refusal:
        hold(town.alice, town.home, offered, tomorrow(10))
    assert refusal.value.code == "slot_gone"
    other = world.worker(town.enterprise, "周阿姨")
    hold(town.alice, town.home, offered, tomorrow(10))
    assert set(Assignment.objects.values_list("worker", flat=True)) == {town.worker.pk, other.pk}


def test_a_sitting_has_places_and_needs_no_worker() -> None:
    town = world.town()
    meal = world.item(
        "EL07", needs_worker=False, place="point", min_quantity=1, duration_min=60, duration_per_unit_min=0
    )
    lunch = world.entry(town.point, world.listing(town.enterprise, meal), capacity=3, sittings=[time(11, 30)])
    hold(town.alice, town.home, lunch, tomorrow(11, 30), quantity=2)
    bob = world.verified(world.user("鲍勃"))
    home = world.household(bob)
    with pytest.raises(DomainError) as refusal:
        hold(bob, home, lunch, tomorrow(11, 30), quantity=2)
    assert refusal.value.code == "slot_gone"
    hold(bob, home, lunch, tomorrow(11, 30), quantity=1)
    assert Sitting.objects.get().taken == 3
    assert not Assignment.objects.exists()


def test_free_times_come_from_hours_diaries_papers_and_lead_time(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    placed(town)
    ask = Ask(town.entry, 2, *world.HOME)
    strip = day_slots(ask, at=world.NOW, days=2)
    today, second = strip
    assert today.times[0] == world.NOW + timedelta(hours=1)
    assert (second.times[0], second.times[-1]) == (tomorrow(12, 30), tomorrow(18))  # ten minutes to clear up at ten
    for name in ("周阿姨", "吴阿姨"):
        world.worker(town.enterprise, name)
    ask.entry.listing.item  # noqa: B018  the entry is loaded with its item
    with django_assert_num_queries(9):
        day_slots(ask, at=world.NOW, days=14)


def test_a_point_does_not_serve_a_home_beyond_its_reach() -> None:
    town = world.town()
    far = world.household(town.alice, world.LVHE, (world.HOME[0] + 0.05, world.HOME[1]))
    with pytest.raises(DomainError) as refusal:
        hold(town.alice, far, town.entry, tomorrow(10))
    assert (refusal.value.code, refusal.value.field) == ("out_of_reach", "household")


def test_cancelling_keeps_the_fee_of_the_state_under_the_lock() -> None:
    town = world.town()
    booking = placed(town)
    run_round("4401", at=world.NOW)  # a worker is named, which the object in memory does not know
    late = tomorrow(9)
    assert cancel_booking(booking=booking, actor=resident(town.alice), at=late) == 4500
    assert Booking.objects.get().cancel_fee_fen == 4500


def test_words_typed_into_an_order_never_placed_are_gone_after_a_day() -> None:
    town = world.town()
    held = hold(town.alice, town.home, town.entry, tomorrow(10))
    Booking.objects.filter(pk=held.pk).update(note="过敏", health_facts="哮喘")
    later = world.NOW + timedelta(minutes=10)
    lapse_holds(at=later)
    assert forget_drafts(at=later + timedelta(hours=23)) == 0
    assert (forget_drafts(at=later + timedelta(days=1)), forget_drafts(at=later + timedelta(days=2))) == (1, 0)
    held.refresh_from_db()
    assert (held.note, held.health_facts, held.address) == ("", "", "")


def test_cancelling_costs_nothing_once_another_worker_was_sent() -> None:
    town = world.town()
    booking = placed(town)
    run_round("4401", at=world.NOW)
    other = world.worker(town.enterprise, "周阿姨")
    desk = Actor(world.staff(point=town.point).pk, Role.STAFF)
    assign_by_hand(booking=booking, worker=other, actor=desk, at=world.NOW, reason="原服务员请假")
    assert cancel_booking(booking=booking, actor=resident(town.alice), at=tomorrow(9)) == 0


def test_a_service_at_the_point_counts_the_way_to_the_point_not_to_the_home() -> None:
    town = world.town()
    bath = world.item("EL06", place="point", min_quantity=1, duration_min=60, duration_per_unit_min=0)
    far = world.point("远处网点", world.LVHE, lat=world.HOME[0] + 0.02)  # 2.2 km from the home
    at_far_point = world.entry(far, world.listing(town.enterprise, bath))
    placed(town, tomorrow(10))  # at the home, until noon and ten minutes to clear up
    bob = world.verified(world.user("鲍勃"))
    home = world.household(bob)
    with pytest.raises(DomainError) as refusal:
        hold(bob, home, at_far_point, tomorrow(12, 0), quantity=1)
    assert refusal.value.code == "slot_gone"
    booking = hold(bob, home, at_far_point, tomorrow(12, 30), quantity=1)
    assert (booking.visit.lat, booking.visit.lon) == (far.lat, far.lon)
    assert Assignment.objects.get(visit=booking.visit).busy_from < tomorrow(12, 30)
