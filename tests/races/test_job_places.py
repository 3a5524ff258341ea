"""Two places are given to two, however many managers press the button."""

from functools import partial

import pytest

from homeservice.kernel.errors import DomainError
from providers.bindings.models import Binding
from providers.jobs.actions import apply, place, withdraw
from providers.jobs.models import JobApplication
from tests import world
from tests.providers.jobs.market import application, opening
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_ten_placements_for_two_places_two_hold_each_with_a_binding_proposed() -> None:
    firm = world.enterprise()
    posted, actor = opening(firm, places=2), world.manager(firm)
    asked = [application(posted, world.user(f"应聘者{number}")) for number in range(10)]

    answers = all_at_once([partial(place, application=one, actor_id=actor.pk, at=world.NOW) for one in asked])

    posted.refresh_from_db()
    assert [answer.code for answer in answers if isinstance(answer, DomainError)] == ["places_filled"] * 8
    assert answers.count(None) == 2
    assert (posted.placed, posted.state, Binding.objects.count()) == (2, "filled", 2)
    assert JobApplication.objects.filter(state="placed").count() == 2


def test_who_is_placed_and_withdraws_at_the_same_moment_leaves_the_count_right() -> None:
    firm = world.enterprise()
    posted, actor = opening(firm, places=1), world.manager(firm)
    for turn in range(6):
        asked = application(posted, world.user(f"应聘者{turn}"))
        all_at_once(
            [
                partial(place, application=asked, actor_id=actor.pk, at=world.NOW),
                partial(withdraw, application=asked, at=world.NOW),
            ]
        )
        posted.refresh_from_db()
        assert (posted.placed, posted.state) == (0, "open")


def test_one_person_who_applies_eight_times_at_once_has_applied_once() -> None:
    posted, alice = opening(world.enterprise()), world.user("爱丽丝")

    answers = all_at_once(
        [partial(apply, opening=posted, user=alice, note="", consented=True, at=world.NOW) for _press in range(8)]
    )

    assert sum(isinstance(answer, JobApplication) for answer in answers) == 1
    assert [one.code for one in answers if isinstance(one, DomainError)] == ["applied_already"] * 7
