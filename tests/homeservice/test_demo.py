"""The demo world is a world in which every rule holds."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, F, Q, Sum

from bookings.dispatch.models import PointOffer
from bookings.lifecycle.models import Assignment, Booking, BookingEvent, Visit
from bookings.lifecycle.steps import STEPS
from bookings.menus.models import MenuEntry, Sitting
from communities.accounts.models import Household
from communities.divisions import actions
from homeservice.demo import build
from homeservice.demo.logins import PHONES, logins
from homeservice.kernel import clock
from providers.admission.models import ReviewCase
from providers.credentials.models import Credential
from providers.credentials.queries import qualified_on
from providers.listings.models import Listing
from providers.service_codes.models import ServiceCode
from providers.training.models import Session
from providers.workers.queries import limits_of
from providers.workers.rules import why_not_load
from tests import world

DIVISIONS = Path(actions.__file__).parent / "data" / "guangdong.csv.gz"


@pytest.fixture(scope="module")
def tianhe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real list, cut down to Tianhe."""
    small = tmp_path_factory.mktemp("divisions") / "tianhe.csv"
    with gzip.open(DIVISIONS, "rt", encoding="utf-8") as whole, small.open("w", newline="", encoding="utf-8") as part:
        rows = csv.reader(whole)
        wanted = [
            row for row in rows if row[0] in ("code", "440000000000", "440100000000") or row[0].startswith("440106")
        ]
        csv.writer(part).writerows(wanted)
    return small


@pytest.fixture
def demo(tianhe: Path, monday_morning: object, settings: object, tmp_path: Path, db: None) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    for command in (
        ["load_divisions", str(tianhe)],
        ["load_holidays"],
        ["load_credential_types"],
        ["load_catalogue"],
        ["load_policies"],
        ["load_terms"],
        ["load_work_limits"],
        ["load_authorisation_letters"],
        ["load_credit_rules"],
    ):
        call_command(*command, verbosity=0)
    build.build(build.SMALL)
    return


def test_every_rule_holds_in_the_demo_world(demo: None) -> None:
    size = build.SMALL
    assert (MenuEntry.objects.count(), Household.objects.count()) == (size.entries, size.residents)
    assert Booking.objects.count() >= size.bookings * 9 // 10
    assert {login.role for login in logins()} == set(PHONES)
    _no_worker_is_in_two_places()
    _every_life_is_a_chain_of_steps()
    _crews_are_whole_and_may_do_their_jobs()
    _nobody_works_beyond_their_limits()
    _supply_is_alive()
    assert Booking.objects.filter(state="settled", starts_at__gt=world.NOW).count() == 0
    offers = PointOffer.objects.select_related("entry", "booking")
    assert all(offer.entry.price_fen <= offer.booking.snapshot["unit_price_fen"] for offer in offers)


def _no_worker_is_in_two_places() -> None:
    """Not even on the way: real travel lies between two visits of a day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM bookings_assignment a JOIN bookings_assignment b ON a.worker_id = b.worker_id"
            " AND a.id < b.id AND a.state <> 'released' AND b.state <> 'released' AND a.period && b.period"
        )
        assert cursor.fetchone() == (0,)


def _every_life_is_a_chain_of_steps() -> None:
    previous: dict[int, str] = {}
    for event in BookingEvent.objects.order_by("booking", "at", "pk"):
        step = STEPS[event.step]
        assert event.source == previous.get(event.booking_id, "")
        assert step.may_leave(event.source) or (not step.source and not event.source)
        previous[event.booking_id] = event.target
    assert previous == dict(Booking.objects.values_list("pk", "state"))


def _nobody_works_beyond_their_limits() -> None:
    """Each visit ahead fits beside the worker's other ones."""
    rows = Assignment.objects.exclude(state="released").filter(visit__starts_at__gt=world.NOW - timedelta(days=8))
    worked: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for worker_id, *period in rows.values_list("worker_id", "visit__starts_at", "visit__ends_at"):
        worked[worker_id].append((period[0], period[1]))
    for worker_id, periods in worked.items():
        for one in (period for period in periods if period[0] > world.NOW):
            limits = limits_of([worker_id], clock.local_day(one[0]))[worker_id]
            assert why_not_load(limits, [other for other in periods if other != one], one) is None


def _supply_is_alive() -> None:
    """Papers in every condition, codes in every colour, work on the reviewing desk, and a full training."""
    assert set(Credential.objects.values_list("state", flat=True)) >= {"submitted", "verified", "refused"}
    assert set(ServiceCode.objects.values_list("colour", flat=True)) >= {"green", "yellow", "grey"}
    assert ReviewCase.objects.filter(closed_at=None).count() >= 10
    assert Session.objects.filter(taken=F("seats")).exists()
    assert set(Listing.objects.values_list("version_no", flat=True)) == {1, 2}


def _crews_are_whole_and_may_do_their_jobs() -> None:
    going = Visit.objects.filter(bookings__state__in=["assigned", "confirmed", "in_service", "finished", "settled"])
    live = Count("assignments", filter=~Q(assignments__state="released"), distinct=True)
    assert not going.annotate(live=live).exclude(live=F("crew_size")).exists()
    ahead = Assignment.objects.exclude(state="released").filter(visit__starts_at__gt=world.NOW)
    for assignment in ahead.select_related("visit__item"):
        day = clock.local_day(assignment.visit.starts_at)
        assert assignment.worker_id in qualified_on([assignment.worker_id], assignment.visit.item, day)
    taken = Sitting.objects.annotate(
        booked=Sum("visits__bookings__quantity", filter=~Q(visits__bookings__state__in=["cancelled", "unfilled"]))
    )
    assert [row for row in taken if row.taken != (row.booked or 0)] == []
