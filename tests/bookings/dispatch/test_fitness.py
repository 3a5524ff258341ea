"""The gate after naming: in the days before a visit, and on its day."""

from datetime import timedelta

import pytest
from django.utils import translation

from bookings.dispatch.tasks import ask_again_today, replace_unfit
from bookings.lifecycle.models import Assignment, Booking, BookingEvent, State
from bookings.orders.drafts import keep_details
from bookings.orders.rules import Details
from bookings.visits.actions import check_in, refuse_visit
from communities.inbox.models import Notification
from homeservice.kernel import clock
from homeservice.kernel.errors import DomainError
from providers.credentials.models import Credential
from providers.workers.actions import mark_papers_changed
from providers.workers.models import Worker
from tests import world
from tests.bookings.ordering import hold, place, tomorrow
from tests.bookings.visits.crew import SOON, assigned, confirmed, fresh, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def assignments() -> list[tuple[int, str, str]]:
    return list(Assignment.objects.order_by("pk").values_list("worker_id", "state", "released_reason"))


def revoke_papers_of(worker: Worker) -> None:
    Credential.objects.filter(worker=worker).update(state="revoked")


@pytest.mark.parametrize("far", [assigned, confirmed])
def test_a_named_worker_whose_paper_is_revoked_is_replaced_and_dispatch_finds_another(far) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = far(town)
    other = world.worker(town.enterprise, "周阿姨")
    revoke_papers_of(town.worker)

    assert replace_unfit() == 1

    waiting = fresh(booking)
    assert (waiting.state, waiting.dispatch_due_at, waiting.confirmed_at) == (State.ACCEPTED, world.NOW, None)
    assert BookingEvent.objects.get(step="replace").reason == "需要ID"
    rounds()
    assert Notification.objects.filter(recipient=town.alice, title__startswith="Another worker will come").count() == 1
    assert fresh(booking).state == State.ASSIGNED
    assert assignments() == [(town.worker.pk, "released", "replaced"), (other.pk, "assigned", "")]
    assert replace_unfit() == 0


def test_a_suspended_worker_is_replaced_and_with_nobody_else_the_resident_is_told() -> None:
    town = world.town()
    booking = confirmed(town)
    Worker.objects.filter(pk=town.worker.pk).update(state="suspended")

    assert replace_unfit() == 1
    rounds()

    assert fresh(booking).state == State.UNFILLED


def test_a_suspended_enterprise_finishes_the_orders_that_run() -> None:
    town = world.town()
    booking = confirmed(town)
    town.enterprise.state = "suspended"
    town.enterprise.save()

    assert replace_unfit() == 0
    check_in(booking=booking, worker=town.worker, door_code=booking.door_code, at=SOON)

    assert fresh(booking).state == State.IN_SERVICE


def test_only_the_one_of_a_crew_who_may_not_come_makes_room() -> None:
    town = world.town()
    bath = world.item("EL05", crew_size=2)
    second = world.worker(town.enterprise, "周阿姨")
    town.entry = world.entry(town.point, world.listing(town.enterprise, bath))
    assigned(town)
    revoke_papers_of(second)

    assert replace_unfit() == 1

    assert assignments() == [(town.worker.pk, "assigned", ""), (second.pk, "released", "replaced")]


def test_a_revoked_paper_replaces_in_every_coming_visit_at_once_or_in_the_morning_at_the_latest() -> None:
    town = world.town()
    booking = confirmed(town, tomorrow(10) + timedelta(days=9))
    revoke_papers_of(town.worker)
    assert (replace_unfit(), fresh(booking).state) == (0, State.CONFIRMED)  # nobody said that anything has changed

    mark_papers_changed(worker_ids=[town.worker.pk], at=world.NOW)
    assert (replace_unfit(), fresh(booking).state) == (1, State.ACCEPTED)

    other = confirmed(world_of_another_worker(town), tomorrow(14) + timedelta(days=9))
    revoke_papers_of(town.worker)
    assert (ask_again_today(), fresh(other).state) == (2, State.ACCEPTED)  # the first one had become theirs, too


def world_of_another_worker(town: world.Town) -> world.Town:
    town.worker = world.worker(town.enterprise, "周阿姨")
    return town


def test_a_paper_that_ends_before_the_visit_is_warned_of_a_week_ahead_and_waited_for_until_three_days_ahead() -> None:
    town = world.town()
    manager = world.manager(town.enterprise)
    visit_at = tomorrow(10) + timedelta(days=9)
    booking = confirmed(town, visit_at)
    Credential.objects.filter(worker=town.worker).update(valid_until=visit_at.date() - timedelta(days=1))

    def asked(days: int) -> tuple[int, int, int]:
        with clock.frozen(visit_at - timedelta(days=days, minutes=5)):
            replaced = ask_again_today()
        told = [
            Notification.objects.filter(recipient=person, title__contains="ends before a visit").count()
            for person in (town.worker.user, manager)
        ]
        return (replaced, *told)

    assert asked(8) == (0, 0, 0)
    assert asked(6) == (0, 1, 1)
    assert asked(5) == (0, 1, 1)  # once is enough
    assert fresh(booking).state == State.CONFIRMED
    (text,) = Notification.objects.filter(recipient=manager).values_list("params__reason_en", flat=True)
    assert text == "Needs ID"
    with clock.frozen(visit_at - timedelta(days=3)):
        assert replace_unfit() == 1
    assert fresh(booking).state == State.ACCEPTED


def test_a_paper_renewed_in_time_keeps_the_visit() -> None:
    town = world.town()
    visit_at = tomorrow(10) + timedelta(days=6)
    booking = confirmed(town, visit_at)
    Credential.objects.filter(worker=town.worker).update(valid_until=visit_at.date() - timedelta(days=1))
    assert ask_again_today() == 0
    world.credential(town.worker, "ID", valid_from=world.MONDAY)
    with clock.frozen(visit_at - timedelta(days=1)):
        assert (ask_again_today(), fresh(booking).state) == (0, State.CONFIRMED)


@pytest.mark.parametrize("state", ["suspended", "exited", "blacklisted"])
def test_a_worker_who_is_not_admitted_any_more_makes_room(state: str) -> None:
    town = world.town()
    booking = confirmed(town)
    Worker.objects.filter(pk=town.worker.pk).update(state=state)
    assert (replace_unfit(), fresh(booking).state) == (1, State.ACCEPTED)


def test_a_worker_who_left_the_enterprise_or_moved_to_another_makes_room() -> None:
    town = world.town()
    first, second = confirmed(town), confirmed(town, tomorrow(14))
    Worker.objects.filter(pk=town.worker.pk).update(enterprise=None)
    assert replace_unfit() == 2
    rounds()
    assert {fresh(one).state for one in (first, second)} == {State.UNFILLED}

    third = confirmed(world_of_another_worker(town), tomorrow(16))
    Worker.objects.filter(pk=town.worker.pk).update(enterprise=world.enterprise("阳光家政"))
    with pytest.raises(DomainError) as refusal:
        check_in(
            booking=third, worker=Worker.objects.get(pk=town.worker.pk), door_code=third.door_code, at=tomorrow(16)
        )
    assert refusal.value.code == "gate_blocks"
    assert (replace_unfit(), fresh(third).state) == (1, State.ACCEPTED)


def test_who_is_replaced_reads_why_in_their_own_words_and_the_enterprise_too() -> None:
    town = world.town()
    manager = world.manager(town.enterprise)
    confirmed(town)
    revoke_papers_of(town.worker)
    before = set(Notification.objects.values_list("pk", flat=True))
    replace_unfit()
    told = Notification.objects.exclude(pk__in=before).order_by("recipient")
    assert [(one.recipient, one.url_name) for one in told] == [
        (town.worker.user, "worker_visit"), (manager, "enterprise_booking")
    ]  # fmt: skip
    with translation.override("zh-hans"):
        assert all("需要ID" in one.body_text for one in told)
    with translation.override("en"):
        assert all("Needs ID" in one.body_text for one in told)


def test_when_nobody_is_left_resident_and_desk_are_told_before_other_points_are_asked() -> None:
    town = world.town()
    desk = world.staff(point=town.point)
    booking = confirmed(town)
    revoke_papers_of(town.worker)
    replace_unfit()
    rounds()
    assert fresh(booking).state == State.UNFILLED
    assert (
        Notification.objects.filter(recipient=desk, title__startswith="Nobody of the enterprise is left").count() == 1
    )
    titles = list(Notification.objects.filter(recipient=town.alice).order_by("pk").values_list("title", flat=True))
    assert titles[-2:] == ["We are looking for another worker: %(item)s", "Nobody is free for your booking: %(item)s"]


def test_one_booking_that_crashes_keeps_no_other_from_being_looked_at() -> None:
    town = world.town()
    broken, sound = confirmed(town), confirmed(town, tomorrow(14))
    Booking.objects.filter(pk=broken.pk).update(snapshot=[])  # what no code of ours writes
    revoke_papers_of(town.worker)
    assert replace_unfit() == 1
    assert [fresh(one).state for one in (broken, sound)] == [State.CONFIRMED, State.ACCEPTED]


def test_nobody_begins_a_service_with_a_paper_that_has_lapsed() -> None:
    town = world.town()
    booking = confirmed(town)
    revoke_papers_of(town.worker)

    with pytest.raises(DomainError) as refusal:
        check_in(booking=booking, worker=town.worker, door_code=booking.door_code, at=SOON)

    assert (refusal.value.code, refusal.value.field) == ("gate_blocks", "door_code")
    assert (fresh(booking).state, fresh(booking).door_code_misses) == (State.CONFIRMED, 0)


def test_the_gate_is_asked_once_for_visits_alike(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    confirmed(town)
    with django_assert_num_queries(9):
        replace_unfit()
    confirmed(town, tomorrow(14))
    confirmed(town, tomorrow(17))
    with django_assert_num_queries(9):
        replace_unfit()


def test_an_order_for_the_whole_home_asks_for_the_papers_that_its_weakest_member_needs() -> None:
    town = world.town()
    world.requirement("SK-YL", condition="care_level_2")
    world.recipient(town.home, care_level=3)
    able = world.worker(town.enterprise, "周阿姨", lat=world.HOME[0] + 0.01)
    world.credential(able, "SK-YL", level=5)
    booking = assigned(town)
    assert assignments() == [(able.pk, "assigned", "")]

    refuse_visit(booking=booking, worker=able, reason="病了", at=world.NOW)
    rounds()

    assert (fresh(booking).state, assignments()) == (State.UNFILLED, [(able.pk, "released", "refused")])


def test_a_home_where_a_child_lives_asks_for_the_child_protection_check_without_being_told() -> None:
    town = world.town()
    world.requirement("BG2", condition="child")
    world.recipient(town.home, name="小宝", groups=["infant"])
    checked = world.worker(town.enterprise, "周阿姨", lat=world.HOME[0] + 0.01)
    world.credential(checked, "BG2")

    held = hold(town.alice, town.home, town.entry, tomorrow(10))
    keep_details(booking=held, details=Details(contact_name="爱丽丝", contact_phone="13900000000"), at=world.NOW)
    place(held)
    rounds()
    booking = fresh(held)

    assert (booking.child_present, assignments()) == (True, [(checked.pk, "assigned", "")])
