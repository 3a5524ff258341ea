import pytest
from django.test import Client
from django.urls import reverse

from bookings.desk.queries import day_list, find_bookings
from bookings.desk.rules import booking_no_typed, spreadsheet_safe
from homeservice.foundation.models import AuditEntry
from providers.scope import scope_of
from tests import world
from tests.bookings.ordering import TOMORROW, placed, tomorrow
from tests.bookings.visits.crew import assigned, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def found_by(person, text: str):  # type: ignore[no-untyped-def]
    found = find_bookings(scope_of(person, second_factor=True), text=text, at=world.NOW)
    return found.by, [one.pk for one in found.bookings]


def test_a_booking_is_found_by_phone_number_or_name_within_the_desks_own() -> None:
    town = world.town()
    booking = assigned(town)
    own, stranger = world.staff(point=town.point), world.staff(division=world.SHIPAI)
    typed = [("phone", town.alice.phone), ("number", booking.no[:8].lower()), ("name", "丽丝")]
    for by, text in typed:
        assert found_by(own, text) == (by, [booking.pk])
        assert found_by(stranger, text) == (by, [])
    assert found_by(own, "13812345678") == ("phone", [])
    assert found_by(own, " ") == ("name", [])


def test_the_desk_does_not_find_the_private_orders_of_its_own_people() -> None:
    town = world.town()
    booking = assigned(town)
    town.alice.desk_points.create(point=world.point("别处", world.LVHE))
    assert found_by(town.alice, booking.no) == ("number", [])


@pytest.mark.parametrize(("text", "number"), [("261123ab2", "261123AB2"), ("2611 23AB", "261123AB"), ("王奶奶", None)])
def test_what_looks_like_a_booking_number(text: str, number: str | None) -> None:
    assert booking_no_typed(text) == number


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-1", "@x"])
def test_no_cell_becomes_a_formula(cell: str) -> None:
    assert spreadsheet_safe(cell) == f"'{cell}"


def test_searching_is_sent_by_post_and_keeps_what_was_typed(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = assigned(town)
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    page = desk.post(reverse("desk_search"), {"text": town.alice.phone})
    text = page.content.decode()
    assert reverse("desk_booking", args=[booking.no]) in text
    assert f'value="{town.alice.phone}"' in text
    assert desk.post(reverse("desk_search"), {"text": ""}).status_code == 422


def test_the_day_list_shows_the_points_day_with_door_and_masked_phone(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    assigned(town)
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    page = desk.get(reverse("desk_day_list"), {"day": str(TOMORROW)})
    text = page.content.decode()
    assert ("3栋2单元501" in text, "139****0000" in text, "13900000000" in text) == (True, True, False)
    for day in ("never", "0001-01-01", "9999-12-31"):
        assert desk.get(reverse("desk_day_list"), {"day": day}).context["rows"] == []


def test_another_desks_point_has_no_day_list(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    assigned(town)
    stranger = sign_in(world.staff(division=world.SHIPAI), second_factor=True)
    wish = {"day": str(TOMORROW), "point": town.point.pk}
    assert "3栋2单元501" not in stranger.get(reverse("desk_day_list"), wish).content.decode()
    assert stranger.post(reverse("desk_day_export"), wish)["Location"] == reverse("desk_day_list")
    assert sign_in(town.alice).post(reverse("desk_day_export"), wish).status_code == 403
    assert Client().post(reverse("desk_day_export"), wish).status_code == 302
    assert AuditEntry.objects.count() == 0


def test_the_day_list_leaves_as_a_file_that_excel_reads_and_the_log_keeps_it(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    assigned(town)
    staff = world.staff(point=town.point)
    answer = sign_in(staff, second_factor=True).post(
        reverse("desk_day_export"), {"day": str(TOMORROW), "point": town.point.pk}
    )
    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("\ufeff")
    assert lines[1].startswith("10:00–12:00,日常保洁,茶山 3栋2单元501,爱**,139****0000,李**,")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.detail) == (
        "day_list.exported", staff.pk, {"day": str(TOMORROW), "rows": 1},
    )  # fmt: skip


@pytest.mark.parametrize("visits", [1, 3])
def test_the_day_list_costs_the_same_queries_for_one_row_and_three(visits: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    for hour in (10, 13, 16)[:visits]:
        placed(town, tomorrow(hour))
    rounds()
    scope = scope_of(world.staff(point=town.point), second_factor=True)
    with django_assert_num_queries(2):
        rows = day_list(scope, point=town.point, day=TOMORROW)
        assert len([one.worker.masked_name for row in rows for one in row.visit.crew]) == visits
