from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bookings.lifecycle.models import Assignment, Booking, State
from homeservice.foundation.models import AuditEntry
from homeservice.kernel import clock
from tests import world
from tests.bookings.ordering import tomorrow
from tests.bookings.visits.crew import SOON, START, assigned, begun, confirmed, fresh, wrong

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

POSTED = ("worker_confirm", "worker_set_out", "worker_check_in", "worker_finish", "worker_call")
ASKED = ("worker_decline", "worker_unsafe", "worker_no_show")


def url(name: str, booking: Booking) -> str:
    return reverse(name, args=[booking.no])


def test_the_day_shows_an_offer_with_its_facts_and_the_reason_for_this_worker(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = assigned(town)
    page = sign_in(town.worker.user).get(reverse("worker_day"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "茶山 3栋2单元501" in text
    assert "¥90.00" in text
    assert url("worker_confirm", booking) in text
    assert page.context["offers"][0][1]


@pytest.mark.parametrize("name", ["worker_day"])
def test_the_day_is_for_workers_only(sign_in, name: str) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    assert sign_in(town.alice).get(reverse(name)).status_code == 403
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", [*POSTED, *ASKED, "worker_visit"])
def test_another_workers_visit_is_unknown_and_a_resident_is_refused(sign_in, name: str) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = confirmed(town)
    charlie = world.worker(world.enterprise("别家"), "查阿姨")
    send = Client.get if name == "worker_visit" else Client.post
    assert send(sign_in(charlie.user), url(name, booking)).status_code == 404
    assert send(sign_in(town.alice), url(name, booking)).status_code == 403
    assert send(Client(), url(name, booking)).status_code == 302
    assert fresh(booking).version == booking.version


@pytest.mark.parametrize("name", POSTED)
def test_an_act_is_never_a_get(sign_in, name: str) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = confirmed(town)
    assert sign_in(town.worker.user).get(url(name, booking)).status_code == 405


def test_a_visit_from_the_first_yes_to_the_end(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = assigned(town)
    worker = sign_in(town.worker.user)
    assert worker.post(url("worker_confirm", booking), {"back": "day"})["Location"] == reverse("worker_day")
    with clock.frozen(SOON):
        worker.post(url("worker_set_out", booking))
        page = worker.get(url("worker_visit", booking))
        assert 'inputmode="numeric"' in page.content.decode()
        answer = worker.post(url("worker_check_in", booking), {"door_code": booking.door_code})
        assert answer["Location"] == url("worker_visit", booking)
    with clock.frozen(START + timedelta(hours=2)):
        worker.post(url("worker_finish", booking))
        assert fresh(booking).state == State.FINISHED
        assert "3栋2单元501" in worker.get(url("worker_visit", booking)).content.decode()


def test_a_wrong_code_is_told_at_the_field_and_the_fifth_locks(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = confirmed(town)
    worker = sign_in(town.worker.user)
    with clock.frozen(SOON):
        pages = [
            worker.post(url("worker_check_in", booking), {"door_code": wrong(booking.door_code)}) for _ in range(5)
        ]
    errors = [page.context["check_in_form"].errors["door_code"][0] for page in pages]
    assert {page.status_code for page in pages} == {422}
    assert len(set(errors)) == 5
    assert fresh(booking).door_code_misses == 5
    assert pages[0].context["check_in_form"].data["door_code"] == wrong(booking.door_code)


def test_declining_asks_why_and_keeps_what_was_typed(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = assigned(town)
    worker = sign_in(town.worker.user)
    assert worker.get(url("worker_decline", booking)).status_code == 200
    empty = worker.post(url("worker_decline", booking), {"reason": "other", "note": " "})
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["note"])
    assert worker.post(url("worker_decline", booking), {"reason": "unwell", "note": "发烧"})["Location"] == reverse(
        "worker_day"
    )
    assert fresh(booking).state == State.ACCEPTED


def test_an_unsafe_place_is_left_with_a_reason(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = begun(town)
    worker = sign_in(town.worker.user)
    with clock.frozen(START):
        assert worker.post(url("worker_unsafe", booking), {"reason": "danger"}).status_code == 302
        left = worker.get(url("worker_visit", booking))
    assert fresh(booking).state == State.CANCELLED
    assert left.templates[0].name == "bookings/visits/left.html"
    assert "3栋2单元501" not in left.content.decode()


def test_a_no_show_before_its_time_is_refused_on_the_page(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = confirmed(town)
    worker = sign_in(town.worker.user)
    with clock.frozen(START + timedelta(minutes=14)):
        early = worker.post(url("worker_no_show", booking), {"reason": "no_answer"})
    assert (early.status_code, list(early.context["form"].errors)) == (422, ["__all__"])
    with clock.frozen(START + timedelta(minutes=15)):
        assert worker.post(url("worker_no_show", booking), {"reason": "no_answer"}).status_code == 302
    assert fresh(booking).state == State.NO_SHOW


def test_calling_reveals_the_number_and_the_log_says_who_looked(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = confirmed(town)
    worker = sign_in(town.worker.user)
    assert "13900000000" not in worker.get(url("worker_visit", booking)).content.decode()
    for headers in ({}, {"HX-Request": "true"}):
        page = worker.post(url("worker_call", booking), headers=headers)
        assert "tel:13900000000" in page.content.decode()
    entries = AuditEntry.objects.filter(action="reveal", subject_id=str(booking.pk))
    assert [(entry.actor_id, entry.detail) for entry in entries] == [
        (town.worker.user_id, {"field": "contact_phone"})
    ] * 2


def test_a_day_after_the_visit_door_and_telephone_are_hidden(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = begun(town)
    worker = sign_in(town.worker.user)
    with clock.frozen(START + timedelta(hours=2)) as done:
        worker.post(url("worker_finish", booking))
    with clock.frozen(done + timedelta(hours=24)):
        page = worker.get(url("worker_visit", booking)).content.decode()
        assert worker.post(url("worker_call", booking)).status_code == 404
    assert "3栋2单元501" not in page
    assert "茶山" in page


def test_after_being_replaced_the_page_says_so_and_no_more(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = assigned(town)
    Assignment.objects.update(state="released", released_reason="replaced")
    page = sign_in(town.worker.user).get(url("worker_visit", booking))
    assert page.templates[0].name == "bookings/visits/left.html"
    assert "茶山" not in page.content.decode().split("<main")[1].split("</main>")[0]


def test_the_day_and_the_visit_answer_304_until_something_changes(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = assigned(town)
    worker = sign_in(town.worker.user)
    for page in (reverse("worker_day"), url("worker_visit", booking)):
        etag = worker.get(page)["ETag"]
        assert worker.get(page, headers={"If-None-Match": etag, "HX-Request": "true"}).status_code == 304
        Booking.objects.filter(pk=booking.pk).update(version=fresh(booking).version + 1)
        again = worker.get(page, headers={"If-None-Match": etag, "HX-Request": "true"})
        assert (again.status_code, "<html" in again.content.decode()) == (200, False)


@pytest.mark.parametrize("visits", [1, 3])
def test_the_week_costs_the_same_queries_for_one_visit_and_three(
    sign_in, visits: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    for hour in (10, 13, 16)[:visits]:
        assigned(town, tomorrow(hour))
    worker = sign_in(town.worker.user)
    worker.get(reverse("worker_day"))
    with django_assert_num_queries(6):
        page = worker.get(reverse("worker_day"), {"days": "week"}, headers={"HX-Request": "true"})
    assert len(page.context["offers"]) == visits


def test_the_clock_alone_brings_the_next_act_to_an_open_page(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = confirmed(town)
    worker = sign_in(town.worker.user)
    for page, early, later in (
        (reverse("worker_visit", args=[booking.no]), START - timedelta(hours=4), START - timedelta(hours=2)),
        (f"{reverse('worker_day')}?days=today", START - timedelta(hours=2), START - timedelta(minutes=30)),
    ):
        with clock.frozen(early):
            polled = {"If-None-Match": worker.get(page)["ETag"], "HX-Request": "true"}
            assert worker.get(page, headers=polled).status_code == 304
        with clock.frozen(later):
            assert worker.get(page, headers=polled).status_code == 200


def test_a_refused_act_is_told_although_the_page_is_the_same(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = confirmed(town)
    worker = sign_in(town.worker.user)
    page = reverse("worker_visit", args=[booking.no])
    etag = worker.get(page)["ETag"]
    worker.post(reverse("worker_finish", args=[booking.no]))
    again = worker.get(page, headers={"If-None-Match": etag})
    assert (again.status_code, len(list(again.context["messages"]))) == (200, 1)
