from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bookings.dispatch.actions import run_round
from bookings.lifecycle.actions import advance
from bookings.lifecycle.models import Assignment, Booking, State
from bookings.lifecycle.rules import SYSTEM_ACTOR, Actor
from communities.accounts.models import HouseholdMember
from homeservice.foundation.models import AuditEntry
from homeservice.kernel import clock
from homeservice.kernel.vocabulary import Role
from providers.workers.models import Leave
from tests import world
from tests.bookings.ordering import placed, tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
SignIn = Callable[..., Client]
POLL_QUERIES, PAGE_QUERIES, LIST_QUERIES = 3, 9, 6


@pytest.fixture
def town() -> world.Town:
    return world.town()


@pytest.fixture
def alice(town: world.Town, sign_in: SignIn) -> Client:
    client = sign_in(town.alice)
    client.cookies["language"] = "en"
    return client


def page(client: Client, booking: Booking, **headers: str) -> Any:
    return client.get(reverse("booking_page", args=[booking.no]), headers=headers)


def step(booking: Booking, *names: str, at: Any = world.NOW) -> Booking:
    for name in names:
        actor = SYSTEM_ACTOR if name in ("accept", "assign", "give_up") else Actor(None, Role.WORKER)
        advance([booking.pk], name, at=at, actor=actor, reason="test")
    booking.refresh_from_db()
    return booking


def confirmed(town: world.Town) -> Booking:
    booking = placed(town)
    run_round("4401", at=world.NOW)
    return step(booking, "confirm")


def test_from_choosing_a_time_to_all_is_well_through_the_pages(alice: Client, town: world.Town) -> None:
    starts_at = clock.local(tomorrow(10)).isoformat()
    wanted = {"household": town.home.pk, "quantity": 2, "starts_at": starts_at}
    to_details = alice.post(reverse("order_hold", args=[town.entry.pk]), wanted)
    answers = {"recipient": "home", "contact_name": "爱丽丝", "contact_phone": "13800138000", "terms": "on"}
    to_page = alice.post(to_details["Location"], answers)
    assert "We are looking for a service point" in alice.get(to_page["Location"]).content.decode()
    run_round("4401", at=world.NOW)
    booking = Booking.objects.get()
    shown = page(alice, booking).content.decode()
    assert "Worker named" in shown
    assert "李阿姨" in shown
    assert booking.door_code not in shown
    step(booking, "confirm")
    assert booking.door_code in page(alice, booking).content.decode()
    step(booking, "set_out", "arrive", "begin")
    assert booking.door_code not in page(alice, booking).content.decode()
    step(booking, "finish")
    assert "All is well" in page(alice, booking).content.decode()
    alice.post(reverse("booking_settle", args=[booking.no]))
    booking.refresh_from_db()
    assert booking.state == State.SETTLED
    assert "hx-trigger" not in page(alice, booking).content.decode()


def test_who_comes_is_told_with_papers_and_languages(alice: Client, town: world.Town) -> None:
    type(town.worker).objects.update(rating_sum=49, rating_count=10)
    shown = page(alice, confirmed(town)).content.decode()
    for text in ("李阿姨", "4.9", "普通话", "Identity verified", "安心家政"):
        assert text in shown


def test_the_worker_s_phone_is_masked_and_showing_it_is_logged(alice: Client, town: world.Town) -> None:
    booking = confirmed(town)
    phone = town.worker.user.phone
    assert phone not in page(alice, booking).content.decode()
    url = reverse("booking_call", args=[booking.no, town.worker.pk])
    assert f'href="tel:{phone}"' in alice.post(url).content.decode()
    fragment = alice.post(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert (entry.actor_id, entry.action, entry.subject_id) == (town.alice.pk, "reveal", str(town.worker.user_id))
    assert alice.get(url).status_code == 405


@pytest.mark.parametrize("steps", [(), ("set_out", "arrive", "begin", "finish")])
def test_before_confirming_and_after_the_end_the_worker_s_phone_stays_theirs(
    alice: Client, town: world.Town, steps: tuple[str, ...]
) -> None:
    booking = placed(town)
    run_round("4401", at=world.NOW)
    if steps:
        step(booking, "confirm", *steps)
    assert alice.post(reverse("booking_call", args=[booking.no, town.worker.pk])).status_code == 404
    assert not AuditEntry.objects.exists()


def test_a_worker_of_another_visit_cannot_be_called(alice: Client, town: world.Town) -> None:
    other = world.worker(town.enterprise, "陈阿姨")
    booking = confirmed(town)
    assert alice.post(reverse("booking_call", args=[booking.no, other.pk])).status_code == 404


def test_polling_an_unchanged_booking_costs_three_queries(
    alice: Client, town: world.Town, django_assert_num_queries: Callable[..., Any]
) -> None:
    booking = placed(town)
    first = page(alice, booking, **{"HX-Request": "true"})
    etag = first["ETag"]
    assert f"\\&quot;{etag[1:-1]}" in first.content.decode() or f'\\"{etag[1:-1]}' in first.content.decode()
    with django_assert_num_queries(POLL_QUERIES):
        unchanged = page(alice, booking, **{"HX-Request": "true", "If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    run_round("4401", at=world.NOW)
    changed = page(alice, booking, **{"HX-Request": "true", "If-None-Match": etag})
    assert (changed.status_code, "Worker named" in changed.content.decode()) == (200, True)


def test_the_tag_changes_with_the_language_and_in_time(alice: Client, town: world.Town) -> None:
    booking = placed(town)
    tags = {page(alice, booking)["ETag"]}
    with clock.frozen(world.NOW + timedelta(minutes=6)):
        tags.add(page(alice, booking)["ETag"])
    alice.cookies["language"] = "zh-hans"
    tags.add(page(alice, booking)["ETag"])
    assert len(tags) == 3


def test_the_fragment_is_part_of_the_page(alice: Client, town: world.Town) -> None:
    booking = confirmed(town)
    fragment = page(alice, booking, **{"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'id="booking"' in fragment
    assert "hx-swap-oob" in fragment


def test_the_page_asks_a_fixed_number_of_questions(
    alice: Client, town: world.Town, django_assert_num_queries: Callable[..., Any]
) -> None:
    booking = confirmed(town)
    with django_assert_num_queries(PAGE_QUERIES):
        page(alice, booking)
    world.credential(town.worker, "HX")
    with django_assert_num_queries(PAGE_QUERIES):
        page(alice, booking)


def test_a_member_of_the_household_sees_it_and_nobody_else_does(town: world.Town, sign_in: SignIn) -> None:
    booking = confirmed(town)
    bob, charlie = world.user("鲍勃"), world.user("查理")
    HouseholdMember.objects.create(household=town.home, user=bob, part="member", granted_at=world.JOINED)
    assert page(sign_in(bob), booking).status_code == 200
    urls = [reverse(name, args=[booking.no]) for name in ("booking_page", "booking_cancel", "booking_again")]
    strangers = [charlie, town.worker.user, world.staff(point=town.point), world.manager(town.enterprise)]
    for person in strangers:
        client = sign_in(person, second_factor=True)
        assert [client.get(url).status_code for url in urls] == [404, 404, 404]
        assert client.post(urls[1]).status_code == 404
        assert client.post(reverse("booking_settle", args=[booking.no])).status_code == 404
        assert client.post(reverse("booking_call", args=[booking.no, town.worker.pk])).status_code == 404
    for url in urls:
        assert Client().get(url)["Location"].startswith(reverse("sign_in"))
    booking.refresh_from_db()
    assert booking.state == State.CONFIRMED


def test_cancelling_says_what_it_costs_and_until_when_it_is_free(alice: Client, town: world.Town) -> None:
    booking = confirmed(town)
    url = reverse("booking_cancel", args=[booking.no])
    assert "Cancelling is free until Mon 23 Nov, 22:00." in page(alice, booking).content.decode()
    assert "Yes, cancel free of charge" in alice.get(url).content.decode()
    with clock.frozen(tomorrow(5)):
        assert "Yes, cancel for ¥18.00" in alice.get(url).content.decode()
        response = alice.post(url, {"reason": "临时有事 😀"}, follow=True)
    assert "the fee is ¥18.00" in response.content.decode()
    booking.refresh_from_db()
    assert (booking.state, Assignment.objects.get().state) == (State.CANCELLED, "released")


def test_a_service_that_has_begun_cannot_be_cancelled(alice: Client, town: world.Town) -> None:
    booking = step(confirmed(town), "set_out", "arrive", "begin")
    url = reverse("booking_cancel", args=[booking.no])
    assert "cannot be cancelled any more" in alice.get(url).content.decode()
    assert alice.post(url).status_code == 422
    booking.refresh_from_db()
    assert booking.state == State.IN_SERVICE


def test_all_is_well_cannot_be_said_too_early(alice: Client, town: world.Town) -> None:
    booking = confirmed(town)
    response = alice.post(reverse("booking_settle", args=[booking.no]), follow=True)
    assert "The booking has moved on." in response.content.decode()


def test_an_unfilled_booking_shows_other_times_and_other_points(alice: Client, town: world.Town) -> None:
    booking = placed(town)
    other = world.entry(world.point("五山服务站", world.DONGGUANZHUANG), world.listing(world.enterprise("第二家政")))
    Leave.objects.create(worker=town.worker, period=(tomorrow(10), tomorrow(12)))
    step(booking, "give_up")
    Assignment.objects.update(state="released")
    response = page(alice, booking)
    assert response.context["other_times"]
    assert tomorrow(10) not in response.context["other_times"]
    assert response.context["other_entries"] == [other]
    assert "You owe nothing." in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_my_bookings_asks_the_same_few_questions(
    alice: Client, town: world.Town, django_assert_num_queries: Callable[..., Any], rows: int
) -> None:
    for n in range(rows):
        placed(town, tomorrow(9 + 3 * n))
    with django_assert_num_queries(LIST_QUERIES):
        response = alice.get(reverse("my_bookings"))
    assert len(response.context["page"]) == rows


def test_my_bookings_shows_what_comes_first_and_the_past_below(alice: Client, town: world.Town) -> None:
    late, early, over = placed(town, tomorrow(16)), placed(town, tomorrow(9)), placed(town, tomorrow(12))
    alice.post(reverse("booking_cancel", args=[over.no]))
    url = reverse("my_bookings")
    assert list(alice.get(url).context["page"]) == [early, late, over]
    assert list(alice.get(url, {"group": "current"}).context["page"]) == [early, late]
    assert list(alice.get(url, {"group": "ended"}).context["page"]) == [over]
    assert list(alice.get(url, {"group": "nonsense"}).context["page"]) == [early, late, over]


def test_nobody_sees_a_neighbour_s_bookings_in_their_list(town: world.Town, sign_in: SignIn) -> None:
    placed(town)
    charlie = world.user("查理")
    response = sign_in(charlie).get(reverse("my_bookings"))
    assert list(response.context["page"]) == []
    assert (
        list(sign_in(world.staff(point=town.point), second_factor=True).get(reverse("my_bookings")).context["page"])
        == []
    )
