"""What ties a person to places and people, and what the second factor opens."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communities.accounts.models import Household, StaffPost
from communities.points.models import PointStaff
from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from providers.enterprises.models import EnterpriseManager
from providers.scope import scope_of
from tests import world

pytestmark = pytest.mark.django_db


def test_a_resident_reaches_their_own_households_and_nothing_else() -> None:
    alice, charlie = world.user("爱丽丝"), world.user("查理")
    home = world.household(alice)

    assert scope_of(alice, second_factor=False) == Scope(
        user_id=alice.pk, roles=frozenset({Role.RESIDENT}), household_ids=(home.pk,)
    )
    assert scope_of(charlie, second_factor=False) == Scope(user_id=charlie.pk, roles=frozenset({Role.RESIDENT}))


@pytest.mark.parametrize("second_factor", [True, False])
def test_one_person_may_hold_every_role_and_the_second_factor_opens_what_is_official(
    second_factor: bool, django_assert_num_queries: Any
) -> None:
    town = world.town()
    person = town.worker.user
    home = world.household(person)
    EnterpriseManager.objects.create(enterprise=town.enterprise, user=person, rights="legal_representative")
    PointStaff.objects.create(point=town.point, user=person)
    StaffPost.objects.create(user=person, duty="supervisor", division_id=world.TIANHE)
    StaffPost.objects.create(user=person, duty="staff", division_id=world.WUSHAN)
    StaffPost.objects.create(user=person, duty="reviewer", division_id=world.SHIPAI)
    person.is_staff = person.is_superuser = True

    with django_assert_num_queries(1):
        scope = scope_of(person, second_factor=second_factor)

    assert scope == Scope(
        user_id=person.pk,
        roles=frozenset(Role),
        areas=(world.TIANHE, world.WUSHAN) if second_factor else (),
        desk_areas=(world.WUSHAN,) if second_factor else (),
        review_areas=(world.SHIPAI,) if second_factor else (),
        household_ids=(home.pk,),
        point_ids=(town.point.pk,) if second_factor else (),
        enterprise_id=town.enterprise.pk,
        enterprise_rights=frozenset(EnterpriseRight),
        worker_id=town.worker.pk,
        everything=second_factor,
    )


def test_three_households_cost_one_query_as_well(django_assert_num_queries: Any) -> None:
    alice = world.user("爱丽丝")
    homes = tuple(world.household(alice).pk for _ in range(3))
    with django_assert_num_queries(1):
        assert scope_of(alice, second_factor=False).household_ids == homes


def test_staff_without_the_second_factor_find_no_household_of_their_street() -> None:
    home = world.household(world.user("爱丽丝"))
    lin = world.staff(division=world.WUSHAN)

    assert not Household.objects.visible_to(scope_of(lin, second_factor=False)).exists()
    assert Household.objects.visible_to(scope_of(lin, second_factor=True)).get() == home


@pytest.mark.parametrize("second_factor", [True, False])
def test_staff_do_not_find_a_residents_home_under_the_residents_own_pages(
    sign_in: Callable[..., Client], second_factor: bool
) -> None:
    home = world.household(world.user("爱丽丝"))
    lin = world.staff(division=world.WUSHAN)

    assert sign_in(lin, second_factor=second_factor).get(f"/me/homes/{home.pk}").status_code == 404
