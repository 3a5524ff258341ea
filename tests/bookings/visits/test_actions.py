from datetime import timedelta

import pytest

from bookings.dispatch.actions import run_round
from bookings.dispatch.answers import assign_by_hand
from bookings.lifecycle.models import Assignment, Booking, BookingEvent, State
from bookings.lifecycle.rules import Actor
from bookings.visits.actions import (
    check_in,
    confirm_visit,
    finish_visit,
    refuse_unsafe,
    refuse_visit,
    report_no_show,
    set_out,
    settle_finished,
    unlock_door_code,
)
from bookings.visits.tasks import settle_finished as settle_task
from communities.inbox.models import Notification
from homeservice.foundation.models import AuditEntry
from homeservice.kernel import clock
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from providers.workers.models import Worker
from tests import world
from tests.bookings.visits.crew import SOON, START, assigned, begun, confirmed, fresh, rounds, wrong

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def refusal_of(call) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(DomainError) as refused:
        call()
    return refused.value.code


def states() -> list[tuple[int, str, str]]:
    rows = Assignment.objects.order_by("pk")
    return list(rows.values_list("worker_id", "state", "released_reason"))


def test_a_confirmed_visit_is_no_longer_due_for_dispatch() -> None:
    town = world.town()
    booking = confirmed(town)
    assert (booking.state, booking.confirmed_at, booking.dispatch_due_at) == (State.CONFIRMED, world.NOW, None)
    assert states() == [(town.worker.pk, "confirmed", "")]
    assert Notification.objects.filter(recipient=town.alice, title__startswith="The worker has confirmed").count() == 1


def test_confirming_twice_changes_nothing() -> None:
    town = world.town()
    booking = confirmed(town)
    confirm_visit(booking=booking, worker=town.worker, at=world.NOW + timedelta(minutes=1))
    assert fresh(booking).version == booking.version


def test_a_crew_of_two_is_confirmed_when_the_second_has_confirmed() -> None:
    town = world.town()
    bath = world.item("EL05", crew_size=2)
    second = world.worker(town.enterprise, "周阿姨")
    town.entry = world.entry(town.point, world.listing(town.enterprise, bath))
    booking = assigned(town)
    confirm_visit(booking=booking, worker=town.worker, at=world.NOW)
    assert fresh(booking).state == State.ASSIGNED
    confirm_visit(booking=booking, worker=second, at=world.NOW)
    assert fresh(booking).state == State.CONFIRMED


def test_a_worker_acts_only_on_visits_of_their_own() -> None:
    town = world.town()
    charlie = world.worker(town.enterprise, "查阿姨", service_radius_m=1, lat=23.2)
    booking = confirmed(town)
    calls = [
        lambda: confirm_visit(booking=booking, worker=charlie, at=SOON),
        lambda: refuse_visit(booking=booking, worker=charlie, reason="x", at=SOON),
        lambda: set_out(booking=booking, worker=charlie, at=SOON),
        lambda: check_in(booking=booking, worker=charlie, door_code=booking.door_code, at=SOON),
        lambda: finish_visit(booking=booking, worker=charlie, at=SOON),
        lambda: refuse_unsafe(booking=booking, worker=charlie, reason="x", at=SOON),
        lambda: report_no_show(booking=booking, worker=charlie, reason="x", at=START + timedelta(hours=1)),
    ]
    assert {refusal_of(call) for call in calls} == {"not_your_visit"}
    assert fresh(booking).version == booking.version


def test_a_tentative_worker_has_nothing_to_confirm() -> None:
    town = world.town()
    booking = assigned(town)
    Assignment.objects.update(state="tentative")
    assert refusal_of(lambda: confirm_visit(booking=booking, worker=town.worker, at=world.NOW)) == "not_your_visit"


def test_after_a_refusal_the_next_round_names_somebody_else() -> None:
    town = world.town()
    booking = confirmed(town)
    other = world.worker(town.enterprise, "周阿姨")
    later = world.NOW + timedelta(minutes=5)
    refuse_visit(booking=booking, worker=town.worker, reason="孩子生病", at=later)
    waiting = fresh(booking)
    assert (waiting.state, waiting.dispatch_due_at) == (State.ACCEPTED, later)
    assert states() == [(town.worker.pk, "released", "refused")]
    assert BookingEvent.objects.get(step="refuse").reason == "孩子生病"
    rounds(later)
    assert fresh(booking).state == State.ASSIGNED
    assert states() == [(town.worker.pk, "released", "refused"), (other.pk, "assigned", "")]


def test_one_of_a_crew_refuses_and_the_other_keeps_the_time_until_the_round() -> None:
    town = world.town()
    bath = world.item("EL05", crew_size=2)
    second, third = (world.worker(town.enterprise, name) for name in ("周阿姨", "吴阿姨"))
    town.entry = world.entry(town.point, world.listing(town.enterprise, bath))
    booking = assigned(town)
    refuse_visit(booking=booking, worker=second, reason="远", at=world.NOW)
    assert states() == [(town.worker.pk, "assigned", ""), (second.pk, "released", "refused")]
    rounds()
    named = set(Assignment.objects.filter(state="assigned").values_list("worker_id", flat=True))
    assert (fresh(booking).state, named) == (State.ASSIGNED, {town.worker.pk, third.pk})


@pytest.mark.parametrize(("reason", "code"), [("  ", "reason_missing"), ("长" * 201, "reason_too_long")])
def test_declining_needs_a_reason_that_fits(reason: str, code: str) -> None:
    town = world.town()
    booking = assigned(town)
    assert refusal_of(lambda: refuse_visit(booking=booking, worker=town.worker, reason=reason, at=world.NOW)) == code
    assert states() == [(town.worker.pk, "assigned", "")]


def test_setting_out_tells_the_resident_once() -> None:
    town = world.town()
    booking = confirmed(town)
    set_out(booking=booking, worker=town.worker, at=SOON)
    set_out(booking=booking, worker=town.worker, at=SOON + timedelta(minutes=1))
    assert fresh(booking).on_the_way_at == SOON
    assert Notification.objects.filter(recipient=town.alice, title__startswith="The worker is on the way").count() == 1


@pytest.mark.parametrize("by", ["the worker", "the desk"])
def test_who_comes_instead_starts_afresh(by: str) -> None:
    town = world.town()
    booking = confirmed(town)
    other = world.worker(town.enterprise, "周阿姨")
    set_out(booking=booking, worker=town.worker, at=SOON)
    miss = refusal_of(lambda: check_in(booking=booking, worker=town.worker, door_code="x", at=SOON))
    assert miss == "door_code_wrong"
    if by == "the worker":
        refuse_visit(booking=booking, worker=town.worker, reason="车坏了", at=SOON)
        run_round("4401", at=SOON)
    else:
        desk = Actor(world.staff(point=town.point).pk, Role.STAFF)
        assign_by_hand(booking=booking, worker=other, actor=desk, at=SOON, reason="车坏了")
    named = fresh(booking)
    assert (named.state, named.on_the_way_at, named.confirmed_at, named.door_code_misses) == (
        State.ASSIGNED, None, None, 0
    )  # fmt: skip
    confirm_visit(booking=booking, worker=other, at=SOON)
    set_out(booking=booking, worker=other, at=SOON + timedelta(minutes=5))
    assert Notification.objects.filter(recipient=town.alice, title__startswith="The worker is on the way").count() == 2


def test_nobody_sets_out_the_day_before() -> None:
    town = world.town()
    booking = confirmed(town)
    assert refusal_of(lambda: set_out(booking=booking, worker=town.worker, at=world.NOW)) == "too_early"


def test_the_door_code_begins_the_service() -> None:
    town = world.town()
    booking = confirmed(town)
    check_in(booking=booking, worker=town.worker, door_code=f" {booking.door_code} ", at=SOON)
    begun_booking = fresh(booking)
    assert (begun_booking.state, begun_booking.arrived_at, begun_booking.started_at) == (State.IN_SERVICE, SOON, SOON)


def test_checking_in_opens_an_hour_before_the_start() -> None:
    town = world.town()
    booking = confirmed(town)
    early = START - timedelta(minutes=61)
    call = lambda: check_in(booking=booking, worker=town.worker, door_code=booking.door_code, at=early)  # noqa: E731
    assert refusal_of(call) == "too_early"


def test_the_fifth_wrong_code_locks_the_door_until_the_desk_helps() -> None:
    town = world.town()
    staff = world.staff(division=world.WUSHAN)
    booking = confirmed(town)

    def code_given(code: str) -> str:
        return refusal_of(lambda: check_in(booking=booking, worker=town.worker, door_code=code, at=SOON))

    answers = [code_given(wrong(booking.door_code)) for _ in range(5)]
    assert answers == ["door_code_wrong"] * 4 + ["door_code_locked"]
    assert code_given(booking.door_code) == "door_code_locked"
    assert (fresh(booking).state, fresh(booking).door_code_misses) == (State.CONFIRMED, 5)
    desk = Actor(staff.pk, Role.STAFF)
    unlock_door_code(booking=booking, actor=desk, purpose="已电话核实", at=SOON)
    check_in(booking=booking, worker=town.worker, door_code=booking.door_code, at=SOON)
    assert fresh(booking).state == State.IN_SERVICE
    entry = AuditEntry.objects.get(action="door_code.unlocked")
    assert (entry.actor_id, entry.subject_id, entry.purpose) == (staff.pk, str(booking.pk), "已电话核实")


def test_finishing_early_counts_the_visit_and_frees_the_rest_of_the_time() -> None:
    town = world.town()
    booking = begun(town)
    early = START + timedelta(hours=1)
    finish_visit(booking=booking, worker=town.worker, at=early)
    assert (fresh(booking).state, fresh(booking).finished_at) == (State.FINISHED, early)
    done = Assignment.objects.get()
    assert (done.state, done.busy_until) == ("done", early + timedelta(minutes=10))
    assert Worker.objects.get(pk=town.worker.pk).visits_done == 1


def test_finishing_late_or_twice_changes_neither_time_nor_count() -> None:
    town = world.town()
    booking = begun(town)
    busy_until = Assignment.objects.get().busy_until
    for minutes in (150, 151):
        finish_visit(booking=booking, worker=town.worker, at=START + timedelta(minutes=minutes))
    assert Assignment.objects.get().busy_until == busy_until
    assert Worker.objects.get(pk=town.worker.pk).visits_done == 1
    assert BookingEvent.objects.filter(step="finish").count() == 1


def test_finishing_needs_a_service_that_has_begun() -> None:
    town = world.town()
    booking = confirmed(town)
    assert refusal_of(lambda: finish_visit(booking=booking, worker=town.worker, at=SOON)) == "step_not_possible"


def test_an_unsafe_visit_ends_without_a_fee_and_everybody_is_told() -> None:
    town = world.town()
    staff, boss = world.staff(point=town.point), world.manager(town.enterprise)
    booking = begun(town)
    refuse_unsafe(booking=booking, worker=town.worker, reason="有大型犬未拴", at=START)
    ended = fresh(booking)
    assert (ended.state, ended.ended_at, ended.dispatch_due_at) == (State.CANCELLED, START, None)
    assert states() == [(town.worker.pk, "released", "refuse_unsafe")]
    told = set(Notification.objects.filter(created_at=START).values_list("recipient_id", flat=True))
    assert told == {staff.pk, boss.pk, town.alice.pk}


def test_a_no_show_counts_from_a_quarter_of_an_hour_after_the_start() -> None:
    town = world.town()
    booking = confirmed(town)

    def reported(minutes: int) -> None:
        at = START + timedelta(minutes=minutes)
        report_no_show(booking=booking, worker=town.worker, reason="无人应门", at=at)

    assert refusal_of(lambda: reported(14)) == "too_early"
    reported(15)
    assert fresh(booking).state == State.NO_SHOW
    assert states() == [(town.worker.pk, "released", "no_show")]


def test_the_workers_of_a_shared_visit_stay_until_its_last_booking_is_done() -> None:
    town = world.town()
    booking = begun(town)
    other = Booking.objects.get(pk=booking.pk)
    other.pk, other.no = None, "SHARED00000001"
    other.save(force_insert=True)
    finish_visit(booking=booking, worker=town.worker, at=START + timedelta(hours=1))
    assert states() == [(town.worker.pk, "confirmed", "")]
    finish_visit(booking=other, worker=town.worker, at=START + timedelta(hours=2))
    assert states() == [(town.worker.pk, "done", "")]
    assert Worker.objects.get(pk=town.worker.pk).visits_done == 1


def test_a_finished_booking_settles_after_two_days_and_settling_is_safe_twice() -> None:
    town = world.town()
    booking = begun(town)
    done = START + timedelta(hours=2)
    finish_visit(booking=booking, worker=town.worker, at=done)
    assert settle_finished(at=done + timedelta(hours=47, minutes=59)) == 0
    with clock.frozen(done + timedelta(hours=48)):
        assert settle_task() == 1
        assert settle_task() == 0
    assert fresh(booking).state == State.SETTLED
    assert BookingEvent.objects.filter(step="settle").count() == 1
