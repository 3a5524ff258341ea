"""Alice scans her worker's code at the door; Bob orders for her home; Charlie is a stranger with a visit of his own."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from bookings.lifecycle.models import Booking, BookingEvent, State
from bookings.visits.actions import check_in_by_scan
from bookings.visits.models import VisitScan
from homeservice.foundation.models import AuditEntry
from homeservice.kernel import clock
from homeservice.kernel.errors import DomainError
from providers.service_codes import door
from providers.service_codes.models import CodeScan
from providers.workers.models import Worker
from tests import world
from tests.bookings.visits.crew import SOON, assigned, confirmed, fresh
from tests.providers.service_codes.people import code_of, some_nonce

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> world.Town:
    return world.town()


@pytest.fixture
def booking(town) -> Booking:
    return confirmed(town)


@pytest.fixture(autouse=True)
def _twenty_minutes_before():
    with clock.frozen(SOON):
        yield


def scanned(worker: Worker, client: Client) -> str:
    """The address on which the client's browser may begin the visit, after scanning the worker's code."""
    token = door.issue(code_id=code_of(worker).pk, nonce=some_nonce(), at=clock.now(), keys=settings.DOOR_KEYS)
    seen = client.post(reverse("service_code_door", args=[token]), follow=True)
    return reverse("visit_scan", args=[seen.context["scan"]])


def test_alice_says_that_the_worker_is_there_and_the_service_begins(town, booking, sign_in):
    alice = sign_in(town.alice)
    address = scanned(town.worker, alice)

    asked = alice.get(address)
    assert asked.context["booking"] == booking
    assert fresh(booking).state == State.CONFIRMED

    response = alice.post(address)
    assert response["Location"] == reverse("booking_page", args=[booking.no])
    begun, kept = fresh(booking), VisitScan.objects.get()
    assert (begun.state, begun.arrived_at, begun.started_at) == (State.IN_SERVICE, SOON, SOON)
    assert (kept.booking, kept.scan.code.worker, kept.scan.user, kept.at) == (booking, town.worker, town.alice, SOON)
    assert [event.step for event in BookingEvent.objects.filter(booking=booking).order_by("pk")][-2:] == [
        "arrive", "begin"
    ]  # fmt: skip
    assert AuditEntry.objects.filter(action="visit.begun_by_scan", actor_id=town.alice.pk).count() == 1


def test_the_page_of_the_scanned_code_leads_to_it(town, booking, sign_in):
    alice = sign_in(town.alice)
    address = scanned(town.worker, alice)
    seen = alice.get(address.replace("/visits/scanned/", "/s/seen/"))

    assert address in seen.content.decode()


def test_asking_twice_begins_once(town, booking):
    alice = Client()
    alice.force_login(town.alice)
    scanned(town.worker, alice)
    scan = CodeScan.objects.get(view="consumer")
    for _ in range(2):
        check_in_by_scan(booking=booking, scan=scan, actor_id=town.alice.pk, at=SOON)

    assert VisitScan.objects.count() == 1
    assert BookingEvent.objects.filter(booking=booking, step="begin").count() == 1


def test_one_scan_begins_one_booking_and_the_next_needs_a_fresh_code(town, booking, sign_in):
    later = confirmed(town, booking.starts_at + timedelta(hours=5))
    alice = sign_in(town.alice)
    address = scanned(town.worker, alice)
    alice.post(address)
    Booking.objects.filter(pk=later.pk).update(on_the_way_at=clock.now())

    with clock.frozen(SOON + timedelta(minutes=10)):
        again = alice.post(address)
    assert (again.status_code, again.context["booking"]) == (422, later)
    assert again.context["refused"]
    assert fresh(later).state == State.CONFIRMED
    assert VisitScan.objects.get().booking == booking


def test_who_is_not_of_the_household_reads_how_else_and_begins_nothing(town, booking, sign_in):
    charlie = sign_in(world.verified(world.user("查理")))
    address = scanned(town.worker, charlie)

    assert charlie.get(address).context["booking"] is None
    assert charlie.post(address).status_code == 422
    assert fresh(booking).state == State.CONFIRMED


def test_the_scan_is_the_browsers_that_made_it(town, booking, sign_in):
    charlie, alice = sign_in(world.user("查理")), sign_in(town.alice)
    address = scanned(town.worker, charlie)

    assert alice.get(address).status_code == 404
    assert Client().get(address)["Location"].startswith(reverse("sign_in"))


def test_the_code_of_another_worker_begins_nothing(town, booking, sign_in):
    alice, other = sign_in(town.alice), world.worker(town.enterprise, "周阿姨")
    address = scanned(other, alice)

    assert alice.get(address).context["booking"] is None
    with pytest.raises(DomainError) as refusal:
        check_in_by_scan(booking=booking, scan=CodeScan.objects.get(view="consumer"), actor_id=town.alice.pk, at=SOON)
    assert refusal.value.code == "not_your_visit"
    assert not VisitScan.objects.exists()


def test_a_quarter_of_an_hour_later_the_scan_is_closed(town, booking, sign_in):
    alice = sign_in(town.alice)
    address = scanned(town.worker, alice)
    with clock.frozen(SOON + timedelta(minutes=15)):
        assert alice.post(address).status_code == 404
    assert fresh(booking).state == State.CONFIRMED


def test_hours_before_there_is_no_visit_to_begin_unless_the_worker_has_set_out(town, booking, sign_in):
    alice = sign_in(town.alice)
    with clock.frozen(booking.starts_at - timedelta(hours=2)) as early:
        address = scanned(town.worker, alice)
        assert alice.get(address).context["booking"] is None
        Booking.objects.filter(pk=booking.pk).update(on_the_way_at=early)
        response = alice.post(address)

    assert response.status_code == 422
    assert response.context["refused"]
    assert fresh(booking).state == State.CONFIRMED


def test_a_visit_that_the_worker_has_not_confirmed_is_not_begun(town, sign_in):
    booking = assigned(town)
    alice = sign_in(town.alice)
    address = scanned(town.worker, alice)

    assert alice.get(address).context["booking"] is None
    with pytest.raises(DomainError) as refusal:
        check_in_by_scan(booking=booking, scan=CodeScan.objects.get(view="consumer"), actor_id=town.alice.pk, at=SOON)
    assert refusal.value.code == "step_not_possible"


def test_the_gate_is_asked_again_at_the_door(town, booking, sign_in):
    alice = sign_in(town.alice)
    address = scanned(town.worker, alice)
    town.worker.credentials.filter(code="ID").update(state="revoked")

    response = alice.post(address)
    assert response.status_code == 422
    assert response.context["refused"]
    assert fresh(booking).state == State.CONFIRMED
    assert not VisitScan.objects.exists()


def test_wrong_door_codes_before_do_not_bar_the_scan(town, booking, sign_in):
    Booking.objects.filter(pk=booking.pk).update(door_code_misses=5)
    alice = sign_in(town.alice)

    assert alice.post(scanned(town.worker, alice)).status_code == 302
    assert fresh(booking).state == State.IN_SERVICE


# who comes, for who has ordered


def test_who_has_ordered_sees_the_consumers_view_and_the_look_is_kept(town, booking, sign_in):
    code = code_of(town.worker)
    response = sign_in(town.alice).get(reverse("booking_worker_code", args=[booking.no, town.worker.pk]))

    assert response.context["shown"]["full_name"] == town.worker.real_name
    kept = CodeScan.objects.get()
    assert (kept.code, kept.view, kept.user) == (code, "consumer", town.alice)


def test_strangers_other_workers_and_bookings_that_are_over_show_nothing(town, booking, sign_in):
    code_of(town.worker)
    path = reverse("booking_worker_code", args=[booking.no, town.worker.pk])
    other = world.worker(town.enterprise, "周阿姨")
    alice = sign_in(town.alice)

    assert sign_in(world.user("查理")).get(path).status_code == 404
    assert alice.get(reverse("booking_worker_code", args=[booking.no, other.pk])).status_code == 404
    Booking.objects.filter(pk=booking.pk).update(state=State.SETTLED)
    assert alice.get(path).status_code == 404
    assert not CodeScan.objects.exists()


def test_the_bookings_page_leads_there(town, booking, sign_in):
    page = sign_in(town.alice).get(reverse("booking_page", args=[booking.no])).content.decode()

    assert reverse("booking_worker_code", args=[booking.no, town.worker.pk]) in page
