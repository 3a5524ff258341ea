from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bookings.desk.queries import inbox_of
from bookings.dispatch.models import PointOffer
from bookings.lifecycle.models import Booking, State
from bookings.orders.actions import cancel_booking
from bookings.visits.actions import refuse_unsafe, report_no_show
from communities.accounts.models import User
from homeservice.kernel import clock
from providers.scope import scope_of
from tests import world
from tests.bookings.ordering import placed, resident, tomorrow
from tests.bookings.visits.crew import START, assigned, begun, confirmed, fresh, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def kinds_seen(person: User, at=world.NOW) -> list[str]:  # type: ignore[no-untyped-def]
    return [row.kind for row in inbox_of(scope_of(person, second_factor=True), at=at).rows]


def staffed_town() -> world.Town:
    town = world.town()
    town.point.acceptance = "staffed"
    town.point.save()
    return town


def test_an_offer_waits_with_its_deadline_for_the_points_own_desk() -> None:
    town = staffed_town()
    staff, stranger = world.staff(point=town.point), world.staff(division=world.SHIPAI)
    placed(town)
    rounds()
    offer = PointOffer.objects.get()
    inbox = inbox_of(scope_of(staff, second_factor=True), at=world.NOW)
    assert [(row.kind, row.clock, row.offer) for row in inbox.rows] == [("offer", offer.deadline_at, offer)]
    assert kinds_seen(stranger) == []
    assert kinds_seen(staff, offer.deadline_at) == []


def test_nobody_is_asked_about_a_booking_that_the_resident_has_cancelled() -> None:
    town = staffed_town()
    staff = world.staff(point=town.point)
    booking = placed(town)
    rounds()
    assert kinds_seen(staff) == ["offer"]
    cancel_booking(booking=booking, actor=resident(town.alice), at=world.NOW)
    assert kinds_seen(staff) == []


def test_what_can_still_be_saved_stands_before_what_is_over() -> None:
    town = world.town()
    staff = world.staff(division=world.WUSHAN)
    unsafe, late = begun(town), confirmed(town, tomorrow(13))
    refuse_unsafe(booking=unsafe, worker=town.worker, reason="有犬", at=START)
    without, soon = assigned(town, tomorrow(15, 30)), assigned(town, tomorrow(18))
    locked = confirmed(town, tomorrow(10, 30))
    at = START + timedelta(hours=5)
    report_no_show(booking=late, worker=town.worker, reason="无人", at=tomorrow(13, 30))
    Booking.objects.filter(pk=without.pk).update(state=State.ACCEPTED)
    Booking.objects.filter(pk=locked.pk).update(door_code_misses=5)
    inbox = inbox_of(scope_of(staff, second_factor=True), at=at)
    assert [(row.kind, row.booking.pk) for row in inbox.rows] == [
        ("unsafe", unsafe.pk),
        ("locked", locked.pk),
        ("no_worker", without.pk),
        ("unconfirmed", soon.pk),
        ("no_show", late.pk),
    ]
    assert [count for _words, _tone, count in inbox.counts] == [1, 1, 1, 1, 1]


def test_what_ended_yesterday_is_no_longer_shown() -> None:
    town = world.town()
    staff = world.staff(division=world.WUSHAN)
    refuse_unsafe(booking=begun(town), worker=town.worker, reason="有犬", at=START)
    assert kinds_seen(staff, START) == ["unsafe"]
    assert kinds_seen(staff, START + timedelta(days=1)) == []


def test_the_desk_of_the_point_sees_a_booking_from_a_neighbouring_street_and_a_stranger_does_not(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    lvhe = world.household(town.alice, world.LVHE, (world.HOME[0] + 0.004, world.HOME[1]))
    town.home = lvhe
    booking = assigned(town)
    url = reverse("desk_booking", args=[booking.no])
    own, home = world.staff(division=world.WUSHAN), world.staff(division=world.SHIPAI)
    by_post = world.staff(point=town.point)
    stranger = world.staff(point=world.point("别处", world.DONGGUANZHUANG))
    seen = [sign_in(person, second_factor=True).get(url).status_code for person in (own, home, by_post, stranger)]
    assert seen == [200, 200, 200, 404]


def test_staff_without_their_second_factor_are_asked_for_it(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    staff = world.staff(division=world.WUSHAN)
    booking = assigned(town)
    for url in (reverse("desk_inbox"), reverse("desk_booking", args=[booking.no]), reverse("desk_new")):
        answer = sign_in(staff).get(url)
        assert (answer.status_code, answer["Location"].startswith(reverse("second_factor"))) == (302, True)


def test_others_are_refused(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = assigned(town)
    names = ("desk_inbox", "desk_search", "desk_day_list", "desk_new")
    urls = [reverse(name) for name in names] + [reverse("desk_booking", args=[booking.no])]
    boss = world.manager(town.enterprise)
    for person in (town.alice, town.worker.user, boss, world.staff(division=world.TIANHE, duty="supervisor")):
        assert [sign_in(person, second_factor=True).get(url).status_code for url in urls] == [403] * 5
    assert [Client().get(url).status_code for url in urls] == [302] * 5


def test_the_inbox_answers_304_until_something_changes(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = staffed_town()
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    placed(town)
    rounds()
    etag = desk.get(reverse("desk_inbox"))["ETag"]
    polled = {"If-None-Match": etag, "HX-Request": "true"}
    assert desk.get(reverse("desk_inbox"), headers=polled).status_code == 304
    placed(town, tomorrow(15))
    rounds()
    changed = desk.get(reverse("desk_inbox"), headers=polled)
    assert (changed.status_code, len(changed.context["inbox"].rows)) == (200, 2)
    assert "<html" not in changed.content.decode()


def test_a_booking_opens_beside_the_list(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    booking = assigned(town)
    page = desk.get(reverse("desk_inbox"), {"open": booking.no}).content.decode()
    assert f'data-open="{reverse("desk_booking", args=[booking.no])}"' in page
    fragment = desk.get(reverse("desk_booking", args=[booking.no]), headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert fragment.context["next"] == f"{reverse('desk_inbox')}?open={booking.no}"


@pytest.mark.parametrize("offers", [1, 3])
def test_the_inbox_costs_the_same_queries_for_one_row_and_three(
    sign_in, offers: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    town = staffed_town()
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    for hour in (10, 13, 16)[:offers]:
        placed(town, tomorrow(hour))
    rounds()
    desk.get(reverse("desk_inbox"))
    with clock.frozen(world.NOW), django_assert_num_queries(4):
        page = desk.get(reverse("desk_inbox"), headers={"HX-Request": "true"})
    assert len(page.context["inbox"].rows) == offers


def test_nobody_can_be_named_before_the_service_point_has_accepted(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = staffed_town()
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    booking = placed(town)
    rounds()
    answer = desk.post(reverse("desk_assign", args=[booking.no]), {"assign-worker": town.worker.pk})
    assert (answer.status_code, fresh(booking).state) == (422, State.OFFERED)
