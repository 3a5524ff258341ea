import pytest

from tests import world


@pytest.mark.django_db
def test_the_small_world_can_be_made() -> None:
    town = world.town()
    assert town.entry.listing.enterprise == town.enterprise
    assert town.alice.memberships.get().household == town.home
