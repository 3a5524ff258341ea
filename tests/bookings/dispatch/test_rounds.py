from datetime import time, timedelta

import pytest

from bookings.dispatch.actions import run_round
from bookings.dispatch.answers import accept_offer, assign_by_hand, decline_offer
from bookings.dispatch.models import PointOffer, Receipt
from bookings.lifecycle.actions import advance
from bookings.lifecycle.models import Assignment, Booking, State
from bookings.lifecycle.rules import Actor
from bookings.visits.candidates import candidates_of
from communities.inbox.models import Notification
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from tests import world
from tests.bookings.ordering import placed, tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def rounds(at=world.NOW) -> None:  # type: ignore[no-untyped-def]
    while run_round("4401", at=at):
        pass


def fresh(booking: Booking) -> Booking:
    return Booking.objects.select_related("point", "enterprise").get(pk=booking.pk)


def test_an_automatic_point_accepts_and_the_held_worker_is_named_in_one_round() -> None:
    town = world.town()
    booking = placed(town)
    assert run_round("4401", at=world.NOW) == 1
    booking = fresh(booking)
    assert (booking.state, booking.point, booking.enterprise) == (State.ASSIGNED, town.point, town.enterprise)
    assert (booking.point_area, booking.dispatch_round) == (world.CHASHAN, 1)
    assert booking.dispatch_due_at == world.NOW + timedelta(hours=1)
    assert Assignment.objects.get().state == "assigned"
    told = set(Notification.objects.values_list("recipient", "title"))
    assert (town.worker.user_id, "New visit for you: %(item)s") in told
    assert (town.alice.pk, "A worker is named: %(item)s") in told


def test_a_round_costs_the_same_queries_for_one_booking_and_for_five(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    for name in ("周阿姨", "吴阿姨", "郑阿姨", "冯阿姨"):
        world.worker(town.enterprise, name)
    placed(town)
    with django_assert_num_queries(31):
        assert run_round("4401", at=world.NOW) == 1
    for hour in (8, 11, 13, 15, 17):
        placed(town, tomorrow(hour))
    with django_assert_num_queries(31):
        assert run_round("4401", at=world.NOW) == 5
    assert set(Booking.objects.values_list("state", flat=True)) == {State.ASSIGNED}


def test_the_receipt_names_every_candidate_and_what_removed_it() -> None:
    town = world.town()
    far = world.worker(town.enterprise, "远阿姨", lat=23.30, lon=113.34)
    without_paper = world.worker(town.enterprise, "周阿姨")
    without_paper.credentials.update(valid_until=world.MONDAY)
    small = world.point("小网点", world.LVHE, lat=23.15, reach_m=500)
    world.entry(small, town.entry.listing)
    booking = placed(town)
    rounds()
    points, workers = Receipt.objects.filter(booking=booking).order_by("pk")
    assert [(row["point"], row.get("removed_by")) for row in points.points] == [
        (town.point.pk, None), (small.pk, "out_of_reach"),
    ]  # fmt: skip
    assert {row["worker"]: row.get("removed_by", row.get("chosen")) for row in workers.workers} == {
        town.worker.pk: True, far.pk: "out_of_reach", without_paper.pk: "not_qualified",
    }  # fmt: skip


def test_a_staffed_point_is_asked_and_its_yes_leads_to_a_worker() -> None:
    town = world.town()
    town.point.acceptance = "staffed"
    town.point.save()
    desk = world.staff(point=town.point)
    booking = placed(town)
    rounds()
    offer = PointOffer.objects.get()
    assert (fresh(booking).state, offer.state) == (State.OFFERED, "open")
    assert (offer.deadline_at, fresh(booking).dispatch_due_at) == (world.NOW + timedelta(minutes=10),) * 2
    assert Notification.objects.filter(recipient=desk, title="New booking to answer: %(item)s").count() == 1
    accept_offer(offer=offer, actor=Actor(desk.pk, Role.STAFF), at=world.NOW)
    rounds()
    assert fresh(booking).state == State.ASSIGNED
    with pytest.raises(DomainError) as refusal:
        decline_offer(offer=offer, actor=Actor(desk.pk, Role.STAFF), reason="满了", at=world.NOW)
    assert refusal.value.code == "offer_over"


def test_a_point_that_declines_or_lets_its_window_pass_is_followed_by_the_next_ring() -> None:
    town = world.town()
    town.point.acceptance = "staffed"
    town.point.save()
    second = world.point("东莞庄服务站", world.DONGGUANZHUANG, lat=world.HOME[0] + 0.01, acceptance="staffed")
    world.entry(second, town.entry.listing)
    third = world.point("绿荷服务站", world.LVHE, lat=world.HOME[0] + 0.02)
    world.entry(third, town.entry.listing)
    booking = placed(town)
    rounds()
    decline_offer(
        offer=PointOffer.objects.get(state="open"), actor=Actor(world.staff(point=town.point).pk, Role.STAFF),
        reason="今天人手不够", at=world.NOW,
    )  # fmt: skip
    rounds()
    assert fresh(booking).point == second
    later = world.NOW + timedelta(minutes=10)
    rounds(later)
    assert (fresh(booking).state, fresh(booking).point) == (State.ASSIGNED, third)
    assert list(PointOffer.objects.order_by("pk").values_list("point", "state")) == [
        (town.point.pk, "declined"), (second.pk, "lapsed"), (third.pk, "accepted"),
    ]  # fmt: skip


def test_a_worker_whose_paper_lapses_before_the_visit_is_replaced_by_one_who_may_do_it() -> None:
    town = world.town()
    booking = placed(town)
    other = world.worker(town.enterprise, "周阿姨")
    town.worker.credentials.update(valid_until=world.MONDAY)
    rounds()
    assert fresh(booking).state == State.ASSIGNED
    assert Assignment.objects.exclude(state="released").get().worker == other


def test_with_nobody_to_send_the_booking_is_unfilled_and_the_resident_is_told() -> None:
    town = world.town()
    booking = placed(town)
    town.worker.credentials.update(state="revoked")
    rounds()
    assert fresh(booking).state == State.UNFILLED
    assert not Assignment.objects.exclude(state="released").exists()
    assert Notification.objects.filter(recipient=town.alice, title="Nobody is free for your booking: %(item)s").exists()


def test_another_enterprise_comes_only_if_the_resident_allowed_it_and_never_dearer() -> None:
    town = world.town()
    rival = world.enterprise("阳光家政")
    world.worker(rival, "赵阿姨")
    cheap = world.entry(town.point, world.listing(rival, price_fen=4400))
    town.worker.credentials.update(state="revoked")
    world.credential(town.worker, "ID")
    first = placed(town)
    second = placed(town, tomorrow(14), any_enterprise=True)
    town.worker.credentials.update(state="revoked")
    rounds()
    assert fresh(first).state == State.UNFILLED
    assert (fresh(second).state, fresh(second).enterprise) == (State.ASSIGNED, rival)
    assert PointOffer.objects.get(booking=second, state="accepted").entry == cheap


def test_a_worker_who_does_not_say_yes_in_time_gives_way_to_another() -> None:
    town = world.town()
    booking = placed(town)
    rounds()
    other = world.worker(town.enterprise, "周阿姨")
    rounds(world.NOW + timedelta(hours=1))
    assert Assignment.objects.exclude(state="released").get().worker == other
    assert fresh(booking).state == State.ASSIGNED


def test_naming_a_worker_by_hand_asks_the_gate_and_the_diary() -> None:
    town = world.town()
    desk = Actor(world.staff(point=town.point).pk, Role.STAFF)
    booking = placed(town)
    rounds()
    other = world.worker(town.enterprise, "周阿姨")
    stranger = world.worker(world.enterprise("阳光家政"), "赵阿姨")
    unpapered = world.worker(town.enterprise, "吴阿姨")
    unpapered.credentials.update(state="revoked")
    asleep = world.worker(town.enterprise, "郑阿姨")
    asleep.hours.all().delete()
    for worker, code in [(stranger, "worker_of_other_enterprise"), (unpapered, "gate_blocks"), (asleep, "worker_busy")]:
        with pytest.raises(DomainError) as refusal:
            assign_by_hand(booking=booking, worker=worker, actor=desk, at=world.NOW, reason="居民要求")
        assert refusal.value.code == code
    moved = assign_by_hand(booking=booking, worker=other, actor=desk, at=world.NOW, reason="居民要求")
    assert moved.state == State.ASSIGNED
    assert Assignment.objects.exclude(state="released").get().worker == other


def test_a_meal_is_accepted_and_needs_no_worker() -> None:
    town = world.town()
    meal = world.item(
        "EL07", needs_worker=False, place="point", min_quantity=1, duration_min=60, duration_per_unit_min=0
    )
    town.entry = world.entry(town.point, world.listing(town.enterprise, meal), capacity=30, sittings=[time(11, 30)])
    booking = placed(town, tomorrow(11, 30))
    rounds()
    assert (fresh(booking).state, fresh(booking).dispatch_due_at) == (State.ACCEPTED, None)


def test_a_step_from_the_wrong_state_or_by_the_wrong_person_is_refused() -> None:
    town = world.town()
    booking = placed(town)
    with pytest.raises(DomainError) as refusal:
        advance([booking.pk], "finish", at=world.NOW, actor=Actor(town.worker.user_id, Role.WORKER))
    assert refusal.value.code == "step_not_possible"
    with pytest.raises(DomainError) as refusal:
        advance([booking.pk], "accept", at=world.NOW, actor=Actor(town.alice.pk, Role.RESIDENT))
    assert refusal.value.code == "step_not_yours"


def test_nobody_can_be_named_by_hand_before_a_point_has_accepted() -> None:
    town = world.town()
    town.point.acceptance = "staffed"
    town.point.save()
    booking = placed(town)
    rounds()
    desk = Actor(world.staff(point=town.point).pk, Role.STAFF)
    with pytest.raises(DomainError) as refused:
        assign_by_hand(booking=booking, worker=town.worker, actor=desk, at=world.NOW)
    assert refused.value.code == "step_not_possible"


def test_a_meal_is_asked_of_the_chosen_point_only() -> None:
    town = world.town()
    meal = world.item("EL07", needs_worker=False, place="point", min_quantity=1, duration_min=60)
    offered = world.listing(town.enterprise, meal)
    town.entry = world.entry(town.point, offered, capacity=30, sittings=[time(11, 30)])
    other = world.point("东莞庄服务站", world.DONGGUANZHUANG)
    world.entry(other, offered, capacity=30, sittings=[time(11, 30)])
    booking = placed(town, tomorrow(11, 30))
    town.point.active = False
    town.point.save()
    rounds()
    assert fresh(booking).state == State.UNFILLED
    assert Receipt.objects.get().points[0]["removed_by"] == "not_the_chosen_point"


def test_the_way_to_a_service_at_the_point_is_counted_to_the_point() -> None:
    town = world.town()
    haircut = world.item("EL09", place="point")
    town.entry = world.entry(town.point, world.listing(town.enterprise, haircut))
    world.Household.objects.filter(pk=town.home.pk).update(lat=world.HOME[0] + 0.02)
    town.home.refresh_from_db()
    world.Worker.objects.filter(pk=town.worker.pk).update(service_radius_m=1000)
    booking = placed(town)
    rounds()
    assert fresh(booking).state == State.ASSIGNED
    assert [(line["worker"], line["distance_m"]) for line in Receipt.objects.get(outcome="assigned").workers] == [
        (town.worker.pk, 0)
    ]


def test_a_worker_at_the_end_of_their_hours_is_removed_from_the_round_and_the_receipt_says_why() -> None:
    town = world.town()
    world.Worker.objects.filter(pk=town.worker.pk).update(daily_limit_min=180)
    placed(town, tomorrow(16))  # the worker's two hours of that day
    other = world.worker(town.enterprise, "周阿姨", lat=world.HOME[0] + 0.01)
    booking = placed(town, tomorrow(10))
    rounds()
    assert fresh(booking).state == State.ASSIGNED
    lines = Receipt.objects.get(booking=booking, outcome="assigned").workers
    assert [(line["worker"], line.get("removed_by"), line.get("chosen")) for line in lines] == [
        (town.worker.pk, "daily_limit", None), (other.pk, None, True)
    ]  # fmt: skip


def test_nobody_is_named_by_hand_beyond_their_hours() -> None:
    town = world.town()
    world.Worker.objects.filter(pk=town.worker.pk).update(daily_limit_min=180)
    placed(town, tomorrow(16))
    world.worker(town.enterprise, "周阿姨", lat=world.HOME[0] + 0.01)
    booking = placed(town, tomorrow(10))
    rounds()
    desk = Actor(world.staff(point=town.point).pk, Role.STAFF)
    (line,) = [one for one in candidates_of(fresh(booking)) if one.worker == town.worker]
    assert (line.may_go, line.reasons) == (False, ("当日工时会超过法定或本人上限",))
    with pytest.raises(DomainError) as refusal:
        assign_by_hand(booking=booking, worker=town.worker, actor=desk, at=world.NOW, reason="居民要求")
    assert (refusal.value.code, refusal.value.field, refusal.value.facts) == (
        "work_limit", "worker", {"limit": "daily_limit"}
    )  # fmt: skip


def test_a_booking_that_crashes_a_round_rolls_back_itself_only_and_waits() -> None:
    town = world.town()
    world.worker(town.enterprise, "周阿姨")
    broken, sound = placed(town), placed(town)
    Booking.objects.filter(pk=broken.pk).update(snapshot={})  # without the price that was agreed
    rounds()
    assert (fresh(sound).state, fresh(broken).state) == (State.ASSIGNED, State.PLACED)
    assert fresh(broken).dispatch_due_at == world.NOW + timedelta(minutes=5)
    Booking.objects.filter(pk=broken.pk).update(snapshot=sound.snapshot)
    rounds(world.NOW + timedelta(minutes=5))
    assert fresh(broken).state == State.ASSIGNED
