"""Alice manages one enterprise, Charlie another."""

import pytest

from tests import world


@pytest.fixture
def firm():
    return world.enterprise("安心家政")


@pytest.fixture
def alice(firm, sign_in):
    return sign_in(world.manager(firm))


@pytest.fixture
def charlie(sign_in):
    return sign_in(world.manager(world.enterprise("别家家政")))
