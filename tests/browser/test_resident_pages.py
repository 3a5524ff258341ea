"""Every page that a resident reads before ordering, and the pages of those who work, as a browser shows them."""

from collections.abc import Callable
from contextvars import ContextVar

import pytest

from bookings.lifecycle.models import Booking
from communities.accounts.models import User
from homeservice.kernel import clock
from tests import world
from tests.bookings.visits.crew import SOON, confirmed
from tests.browser.conftest import PageOf
from tests.browser.looking import DESK, PHONE, assert_accessible, assert_fit_for_residents, assert_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Paths = Callable[[world.Town, Booking], list[str]]
STAFF: dict[str, Paths] = {
    "worker": lambda _town, booking: ["/worker/", "/worker/?days=week", f"/worker/visits/{booking.no}/"],
    "desk": lambda town, booking: [
        "/desk/", f"/desk/?open={booking.no}", f"/desk/bookings/{booking.no}/", "/desk/search/", "/desk/day/",
        "/desk/new/", "/desk/menu/", f"/desk/menu/{town.point.pk}/", f"/desk/menu/{town.point.pk}/preview/",
    ],
    "manager": lambda town, booking: [
        "/enterprise/workers/", f"/enterprise/workers/{town.worker.pk}/", "/enterprise/listings/", "/enterprise/board/",
        f"/enterprise/bookings/{booking.no}/",
    ],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _twenty_minutes_before_the_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_frozen_at", ContextVar("frozen_everywhere", default=SOON))


@pytest.fixture
def town() -> world.Town:
    return world.town()


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_residents_can_read_every_page(page_of: PageOf, town: world.Town, mode: str) -> None:
    confirmed(town)
    User.objects.filter(pk=town.alice.pk).update(community=world.CHASHAN)
    page = page_of(town.alice, mode=mode)
    for path in (
        "/", "/communities/", f"/c/{world.CHASHAN}/", "/search/?q=保洁", "/search/?q=飞机", "/services/cleaning/",
        f"/points/{town.point.pk}/", f"/menu/{town.entry.pk}/", "/terms/2026-1/", "/bookings/", "/inbox",
    ):  # fmt: skip
        page.goto(path)
        assert_fit_for_residents(page, mode)


@pytest.mark.parametrize("role", list(STAFF))
def test_those_who_work_can_use_every_page_on_a_phone_and_at_a_desk(
    page_of: PageOf, town: world.Town, role: str
) -> None:
    booking = confirmed(town)
    people = {
        "worker": town.worker.user,
        "desk": world.staff(point=town.point),
        "manager": world.manager(town.enterprise),
    }
    page = page_of(people[role], second_factor=role == "desk")
    for path in STAFF[role](town, booking):
        page.set_viewport_size(DESK)
        page.goto(path)
        assert_accessible(page)
        page.set_viewport_size(PHONE)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
