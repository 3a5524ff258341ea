"""A worker's last permitted hours are promised to one."""

from functools import partial

import pytest

from bookings.lifecycle.models import Assignment, Booking
from homeservice.kernel.errors import DomainError
from providers.workers.models import Worker
from tests import world
from tests.bookings.ordering import hold, tomorrow
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_holds_at_once_for_a_workers_last_permitted_hours_one_wins() -> None:
    town = world.town()
    Worker.objects.filter(pk=town.worker.pk).update(daily_limit_min=180)  # one visit of two hours, not two
    people = [world.verified(world.user(f"居民{n}")) for n in range(6)]
    homes = [world.household(person) for person in people]
    starts = [tomorrow(9), tomorrow(14)]  # far apart: nothing but the limit stands between them

    answers = all_at_once(
        [
            partial(hold, person, home, town.entry, starts[n % 2])
            for n, (person, home) in enumerate(zip(people, homes, strict=True))
        ]
    )

    won = [answer for answer in answers if isinstance(answer, Booking)]
    lost = [answer.code for answer in answers if isinstance(answer, DomainError)]
    assert (len(won), lost) == (1, ["slot_gone"] * 5)
    assert Assignment.objects.exclude(state="released").count() == 1
