import pytest
from django.test import Client
from django.urls import reverse

from bookings.enterprise_board.queries import board, workers_of
from bookings.enterprise_board.rules import week_of
from bookings.lifecycle.models import Assignment, Booking, BookingEvent, State
from bookings.visits.actions import finish_visit
from providers.scope import scope_of
from providers.workers.models import Leave
from tests import world
from tests.bookings.ordering import TOMORROW, hold, tomorrow
from tests.bookings.visits.crew import assigned, begun, confirmed, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

WEEK = week_of(TOMORROW)


def url(booking: Booking, name: str = "enterprise_booking") -> str:
    return reverse(name, args=[booking.no])


def test_the_week_shows_visits_leaves_and_gaps_of_ones_own_workers() -> None:
    town = world.town()
    boss = world.manager(town.enterprise)
    world.worker(world.enterprise("别家"), "查阿姨")
    Leave.objects.create(worker=town.worker, period=(tomorrow(15), tomorrow(18)), reason="看病")
    booking = assigned(town)
    scope = scope_of(boss, second_factor=False)
    rows = board(scope, list(workers_of(scope)), WEEK, at=world.NOW)
    assert [row.worker for row in rows] == [town.worker]
    cell = rows[0].cells[1]
    assert [(chip.no, chip.state, chip.starts_at) for chip in cell.chips] == [(booking.no, "assigned", tomorrow(10))]
    assert [leave.reason for leave in cell.leaves] == ["看病"]
    assert cell.gaps == ((tomorrow(8), tomorrow(10)), (tomorrow(12, 10), tomorrow(15)), (tomorrow(18), tomorrow(20)))


def test_a_time_that_is_only_held_is_shown_without_its_booking() -> None:
    town = world.town()
    hold(town.alice, town.home, town.entry, tomorrow(10))
    scope = scope_of(world.manager(town.enterprise), second_factor=False)
    chips = board(scope, list(workers_of(scope)), WEEK, at=world.NOW)[0].cells[1].chips
    assert [(chip.no, chip.state) for chip in chips] == [("", "tentative")]


def test_the_board_filters_by_kind_and_worker_and_walks_through_weeks(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    world.kind("cooking")
    cook = world.worker(town.enterprise, "周阿姨", kinds=("cooking",))
    boss = sign_in(world.manager(town.enterprise))
    page = reverse("enterprise_board")

    def shown(**asked: object) -> list[object]:
        return [row.worker for row in boss.get(page, asked).context["rows"]]

    assert shown() == [town.worker, cook]
    assert shown(kind="cooking") == [cook]
    assert shown(worker=town.worker.pk) == [town.worker]
    assert shown(day="2026-11-30", worker="x") == [town.worker, cook]
    assert boss.get(page, {"day": "2026-11-30"}).context["days"][0].isoformat() == "2026-11-30"
    assert boss.get(page, {"day": "0001-01-01"}).status_code == 200


def test_the_board_and_its_bookings_are_for_the_enterprises_own_managers(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = assigned(town)
    stranger = sign_in(world.manager(world.enterprise("别家")))
    assert stranger.get(url(booking)).status_code == 404
    assert stranger.post(url(booking, "enterprise_assign"), {"assign-worker": town.worker.pk}).status_code == 404
    for person in (town.alice, town.worker.user, world.staff(division=world.WUSHAN)):
        client = sign_in(person, second_factor=True)
        pages = [
            client.get(reverse("enterprise_board")),
            client.get(url(booking)),
            client.post(url(booking, "enterprise_assign")),
        ]
        assert [page.status_code for page in pages] == [403] * 3
    assert [Client().get(page).status_code for page in (reverse("enterprise_board"), url(booking))] == [302, 302]


def test_a_managers_own_private_order_elsewhere_is_no_booking_of_the_enterprise(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    firm = world.enterprise("别家")
    firm.managers.create(user=town.alice, rights="clerk")
    booking = assigned(town)
    assert sign_in(town.alice).get(url(booking)).status_code == 404


def test_the_door_is_shown_from_the_naming_until_the_end_and_health_facts_never(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    boss = sign_in(world.manager(town.enterprise))
    booking = begun(town)
    Booking.objects.update(state=State.ACCEPTED)

    def seen() -> str:
        return boss.get(url(booking)).content.decode()

    secret = Booking.objects.get()
    secret.health_facts = "肝炎"
    secret.save()
    assert "3栋2单元501" not in seen()
    Booking.objects.update(state=State.IN_SERVICE)
    assert "3栋2单元501" in seen()
    assert "肝炎" not in seen()
    assert "13900000000" not in seen()
    finish_visit(booking=booking, worker=town.worker, at=tomorrow(12))
    assert "3栋2单元501" not in seen()


def test_a_manager_replaces_a_worker_through_the_gate(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    person = world.manager(town.enterprise)
    other, unpapered = (world.worker(town.enterprise, name) for name in ("周阿姨", "吴阿姨"))
    unpapered.credentials.all().delete()
    booking = confirmed(town)
    boss = sign_in(person)
    target = url(booking, "enterprise_assign")
    barred = boss.post(target, {"assign-worker": unpapered.pk, "assign-reason": "x"})
    assert (barred.status_code, list(barred.context["assign_form"].errors)) == (422, ["worker"])
    silent = boss.post(target, {"assign-worker": other.pk})
    assert (silent.status_code, list(silent.context["assign_form"].errors)) == (422, ["reason"])
    assert boss.post(target, {"assign-worker": other.pk, "assign-reason": "生病"})["Location"] == url(booking)
    assert fresh(booking).state == State.ASSIGNED
    assert Assignment.objects.exclude(state="released").get().worker == other
    event = BookingEvent.objects.get(step="replace")
    assert (event.actor, event.actor_role, event.reason) == (person, "manager", "生病")


@pytest.mark.parametrize("workers", [1, 3])
def test_the_board_costs_the_same_queries_for_one_worker_and_three(workers: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    for name in ("周阿姨", "吴阿姨")[: workers - 1]:
        world.worker(town.enterprise, name)
    for hour in (10, 13, 16)[:workers]:
        assigned(town, tomorrow(hour))
    scope = scope_of(world.manager(town.enterprise), second_factor=False)
    with django_assert_num_queries(5):
        rows = board(scope, list(workers_of(scope)), WEEK, at=world.NOW)
    assert len(rows) == workers
