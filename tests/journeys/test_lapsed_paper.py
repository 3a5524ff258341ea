"""A certificate is revoked: tomorrow's visit goes to somebody else, and each person concerned is told once."""

import pytest

from bookings.dispatch.tasks import replace_unfit
from bookings.lifecycle.models import Assignment, State
from communities.inbox.models import Notification
from providers.credentials.actions import decide_credential
from tests import world
from tests.bookings.ordering import tomorrow
from tests.bookings.visits.crew import confirmed, fresh, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def test_a_revoked_certificate_sends_tomorrows_visit_to_another_and_each_has_exactly_one_notice() -> None:
    town = world.town()
    world.requirement("TR0")
    training = world.credential(town.worker, "TR0")
    neighbour = world.worker(town.enterprise, "周阿姨", lat=world.HOME[0] + 0.01)
    world.credential(neighbour, "TR0")
    manager, officer = world.manager(town.enterprise), world.staff(division=world.TIANHE, duty="reviewer")
    booking = confirmed(town, tomorrow(10))
    before = list(Notification.objects.values_list("pk", flat=True))

    decide_credential(
        credential=training, state="revoked", reason="培训机构撤销", method="issuer", actor_id=officer.pk, at=world.NOW
    )
    about_papers = list(Notification.objects.exclude(pk__in=before).values_list("pk", flat=True))
    assert replace_unfit() == 1
    rounds()

    visit = fresh(booking)
    assert (visit.state, visit.starts_at) == (State.ASSIGNED, tomorrow(10))
    live = Assignment.objects.exclude(state="released").get(visit=visit.visit_id)
    assert live.worker == neighbour
    told = Notification.objects.exclude(pk__in=before + about_papers)
    assert {one.recipient: (one.title, one.url_name, one.url_args) for one in told} == {
        town.alice: ("Another worker will come: %(item)s", "booking_page", [booking.no]),
        town.worker.user: ("A visit is no longer yours: %(item)s", "worker_visit", [booking.no]),
        neighbour.user: ("New visit for you: %(item)s", "worker_visit", [booking.no]),
        manager: ("A worker of yours may not come, another is sought: %(item)s", "enterprise_booking", [booking.no]),
    }
    assert told.count() == 4

    replace_unfit()
    rounds()
    assert told.count() == 4
