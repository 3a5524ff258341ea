import pytest
from django.test import Client
from django.urls import reverse

from bookings.dispatch.models import PointOffer
from bookings.lifecycle.models import Assignment, Booking, BookingEvent, State
from homeservice.foundation.models import AuditEntry
from homeservice.kernel import clock
from providers.workers.models import Leave
from tests import world
from tests.bookings.ordering import placed, tomorrow
from tests.bookings.visits.crew import SOON, assigned, confirmed, fresh, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

ACTS = {
    "desk_accept": {},
    "desk_decline": {"decline-reason": "x"},
    "desk_assign": {"assign-worker": "1"},
    "desk_cancel": {"cancel-reason": "x"},
    "desk_unlock": {"unlock-reason": "x"},
    "desk_reveal": {"field": "address", "purpose": "电话核实"},
}


def url(name: str, booking: Booking) -> str:
    return reverse(name, args=[booking.no])


def offered(town: world.Town) -> Booking:
    town.point.acceptance = "staffed"
    town.point.save()
    booking = placed(town)
    rounds()
    return fresh(booking)


@pytest.mark.parametrize("name", list(ACTS))
def test_each_act_is_refused_to_strangers_and_to_other_roles(sign_in, name: str) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = confirmed(town)
    stranger = world.staff(division=world.SHIPAI)
    target = url(name, booking)
    assert sign_in(stranger, second_factor=True).post(target, ACTS[name]).status_code == 404
    for person in (town.alice, town.worker.user, world.manager(town.enterprise)):
        assert sign_in(person, second_factor=True).post(target, ACTS[name]).status_code == 403
    assert (
        sign_in(world.staff(division=world.WUSHAN))
        .post(target, ACTS[name])["Location"]
        .startswith(reverse("second_factor"))
    )
    assert Client().post(target, ACTS[name]).status_code == 302
    assert sign_in(world.staff(division=world.WUSHAN), second_factor=True).get(target).status_code == 405
    assert (fresh(booking).version, AuditEntry.objects.count()) == (booking.version, 0)


def test_accepting_leads_back_to_the_list_and_dispatch_names_a_worker(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    staff = world.staff(point=town.point)
    booking = offered(town)
    back = f"{reverse('desk_inbox')}?open={booking.no}"
    answer = sign_in(staff, second_factor=True).post(url("desk_accept", booking), {"next": back})
    assert (answer.status_code, answer["Location"]) == (302, back)
    assert PointOffer.objects.get().decided_by == staff
    rounds()
    assert fresh(booking).state == State.ASSIGNED


def test_an_answer_that_comes_too_late_is_told(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    booking = offered(town)
    with clock.frozen(PointOffer.objects.get().deadline_at):
        page = desk.post(url("desk_accept", booking))
    assert (page.status_code, fresh(booking).state) == (422, State.OFFERED)
    assert page.context["refused_form"].non_field_errors()


def test_the_homes_desk_cannot_answer_for_another_streets_point(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    town.home = world.household(town.alice, world.LVHE)
    booking = offered(town)
    page = sign_in(world.staff(division=world.SHIPAI), second_factor=True).post(url("desk_accept", booking))
    assert (page.status_code, fresh(booking).state) == (422, State.OFFERED)


def test_declining_needs_a_reason_and_asks_the_next_point(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    booking = offered(town)
    empty = desk.post(url("desk_decline", booking), {"decline-reason": " "})
    assert (empty.status_code, list(empty.context["decline_form"].errors)) == (422, ["reason"])
    answer = desk.post(url("desk_decline", booking), {"decline-reason": "当日满员"})
    assert answer["Location"] == reverse("desk_inbox")
    assert (PointOffer.objects.get().reason, fresh(booking).state) == ("当日满员", State.PLACED)


def test_the_page_says_why_this_worker_and_why_not_that_one(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    unpapered = world.worker(town.enterprise, "周阿姨")
    unpapered.credentials.all().delete()
    away = world.worker(town.enterprise, "吴阿姨")
    Leave.objects.create(worker=away, period=(tomorrow(0), tomorrow(23)))
    booking = assigned(town)
    page = sign_in(world.staff(point=town.point), second_factor=True).get(url("desk_booking", booking))
    facts = {one.worker.pk: (one.may_go, len(one.reasons), len(one.findings)) for one in page.context["candidates"]}
    assert facts == {town.worker.pk: (False, 1, 0), unpapered.pk: (False, 0, 1), away.pk: (False, 1, 0)}
    receipt = page.context["receipts"][0]
    assert [line.chosen for line in receipt.workers] == [True, False, False]
    assert all(line.words for line in receipt.workers)


def test_a_worker_is_replaced_by_hand_with_a_reason(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    other = world.worker(town.enterprise, "周阿姨")
    staff = world.staff(point=town.point)
    desk = sign_in(staff, second_factor=True)
    booking = assigned(town)
    without = desk.post(url("desk_assign", booking), {"assign-worker": other.pk})
    assert (without.status_code, list(without.context["assign_form"].errors)) == (422, ["reason"])
    desk.post(url("desk_assign", booking), {"assign-worker": other.pk, "assign-reason": "居民要求"})
    assert fresh(booking).state == State.ASSIGNED
    assert Assignment.objects.exclude(state="released").get().worker == other
    event = BookingEvent.objects.get(step="replace")
    assert (event.actor, event.actor_role, event.reason) == (staff, "staff", "居民要求")


@pytest.mark.parametrize("whose", ["unpapered", "another_enterprise"])
def test_nobody_whom_the_gate_or_the_enterprise_bars_can_be_named(sign_in, whose: str) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    barred = world.worker(town.enterprise if whose == "unpapered" else world.enterprise("别家"), "周阿姨")
    if whose == "unpapered":
        barred.credentials.all().delete()
    booking = assigned(town)
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    page = desk.post(url("desk_assign", booking), {"assign-worker": barred.pk, "assign-reason": "x"})
    assert (page.status_code, list(page.context["assign_form"].errors)) == (422, ["worker"])
    assert Assignment.objects.get().worker == town.worker


def test_a_booking_is_cancelled_for_the_resident(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = confirmed(town)
    desk = sign_in(world.staff(division=world.WUSHAN), second_factor=True)
    assert desk.post(url("desk_cancel", booking), {"cancel-reason": ""}).status_code == 422
    desk.post(url("desk_cancel", booking), {"cancel-reason": "家人住院"})
    assert fresh(booking).state == State.CANCELLED
    again = desk.post(url("desk_cancel", booking), {"cancel-reason": "x"})
    assert again.status_code == 422


def test_revealing_needs_a_purpose_and_is_logged(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = assigned(town)
    staff = world.staff(point=town.point)
    desk = sign_in(staff, second_factor=True)
    hidden = desk.get(url("desk_booking", booking)).content.decode()
    assert ("13900000000" in hidden, "3栋2单元501" in hidden) == (False, False)
    refused = desk.post(url("desk_reveal", booking), {"field": "contact_phone", "purpose": " "})
    assert (refused.status_code, AuditEntry.objects.count()) == (422, 0)
    shown = desk.post(url("desk_reveal", booking), {"field": "contact_phone", "purpose": "核对时间"})
    assert "tel:13900000000" in shown.content.decode()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.subject_id, entry.purpose, entry.detail) == (
        "reveal", staff.pk, str(booking.pk), "核对时间", {"field": "contact_phone"},
    )  # fmt: skip


def test_only_what_is_masked_can_be_revealed(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = assigned(town)
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    assert desk.post(url("desk_reveal", booking), {"field": "door_code", "purpose": "核对时间"}).status_code == 422


def test_the_desk_unlocks_the_door_code(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = confirmed(town)
    Booking.objects.update(door_code_misses=5)
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    with clock.frozen(SOON):
        assert desk.get(url("desk_booking", booking)).context["locked"]
        assert desk.post(url("desk_unlock", booking), {"unlock-reason": ""}).status_code == 422
        desk.post(url("desk_unlock", booking), {"unlock-reason": "电话核实"})
    assert fresh(booking).door_code_misses == 0
