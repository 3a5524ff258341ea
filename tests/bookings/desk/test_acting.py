"""Who supervises a district and runs the desk of a street sees the district and acts in the street only."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from bookings.desk.queries import entries_for
from bookings.dispatch.models import PointOffer
from bookings.lifecycle.models import Booking, State
from bookings.menus.models import MenuEntry
from communities.accounts.models import StaffPost, User
from providers.scope import scope_of
from tests import world
from tests.bookings.ordering import placed
from tests.bookings.visits.crew import fresh, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
SignIn = Callable[..., Client]


def of_two_posts() -> User:
    """Staff of Shipai street, and a supervisor of Tianhe district, in which Wushan street and the town's point lie."""
    person = world.staff(division=world.SHIPAI)
    StaffPost.objects.create(user=person, duty="supervisor", division_id=world.TIANHE)
    return person


def offered(town: world.Town) -> Booking:
    town.point.acceptance = "staffed"
    town.point.save()
    booking = placed(town)
    rounds()
    return fresh(booking)


def test_a_supervisor_cannot_answer_name_or_cancel_in_the_supervised_district(sign_in: SignIn) -> None:
    town = world.town()
    booking = offered(town)
    client = sign_in(of_two_posts(), second_factor=True)
    assert client.get(reverse("desk_inbox")).context["inbox"].rows == ()
    for name, typed in [
        ("desk_accept", {}),
        ("desk_decline", {"decline-reason": "忙"}),
        ("desk_assign", {"assign-worker": town.worker.pk}),
        ("desk_cancel", {"cancel-reason": "居民来电"}),
    ]:
        assert client.post(reverse(name, args=[booking.no]), typed).status_code == 404, name
    assert fresh(booking).state == State.OFFERED
    assert PointOffer.objects.get().state == "open"


def test_a_supervisor_cannot_touch_a_menu_of_the_supervised_district(sign_in: SignIn) -> None:
    town = world.town()
    client = sign_in(of_two_posts(), second_factor=True)
    assert list(client.get(reverse("desk_menus")).context["page"].object_list) == []
    for name in ("desk_menu", "desk_menu_preview"):
        assert client.get(reverse(name, args=[town.point.pk])).status_code == 404, name
    for name, key in [
        ("desk_add_entry", town.point.pk),
        ("desk_publish_menu", town.point.pk),
        ("desk_change_entry", town.entry.pk),
        ("desk_move_entry", town.entry.pk),
        ("desk_publish_entry", town.entry.pk),
        ("desk_withdraw_entry", town.entry.pk),
    ]:
        assert client.post(reverse(name, args=[key])).status_code == 404, name
    assert MenuEntry.objects.get().state == "published"


def test_a_supervisor_takes_no_orders_and_prints_no_list_at_points_of_the_supervised_district(sign_in: SignIn) -> None:
    town = world.town()
    person = of_two_posts()
    client = sign_in(person, second_factor=True)
    assert client.get(reverse("desk_day_list")).context["points"] == []
    assert entries_for(scope_of(person, second_factor=True), town.home) == []

    StaffPost.objects.filter(user=person, duty="supervisor").delete()
    StaffPost.objects.filter(user=person, duty="staff").update(division_id=world.WUSHAN)
    assert client.get(reverse("desk_day_list")).context["point"] == town.point
    assert entries_for(scope_of(person, second_factor=True), town.home) == [town.entry]


def test_the_desk_of_the_home_does_not_answer_for_a_point_elsewhere(sign_in: SignIn) -> None:
    town = world.town()
    world.Household.objects.filter(pk=town.home.pk).update(community_id=world.LVHE)  # of Shipai street
    town.home.refresh_from_db()
    booking = offered(town)
    client = sign_in(of_two_posts(), second_factor=True)
    page = client.get(reverse("desk_booking", args=[booking.no]))
    assert (page.status_code, page.context["offer"]) == (200, None)
    assert client.post(reverse("desk_accept", args=[booking.no])).status_code == 422
    assert PointOffer.objects.get().state == "open"
