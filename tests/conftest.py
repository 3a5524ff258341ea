"""What every test stands on."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client, TransactionTestCase

from communities.accounts.models import User
from homeservice.kernel import clock
from tests import world
from tests.emptying import empty_tables

TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _own_cache_keys() -> None:
    """No test sees a mark that another one left in Valkey."""
    cache.key_prefix = uuid4().hex


@pytest.fixture
def monday_morning() -> Iterator[datetime]:
    """It is Monday, 23 November 2026, 9:00 in Guangzhou."""
    with clock.frozen(world.NOW) as at:
        yield at


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """A client signed in as the person; `second_factor=True` as staff do."""

    def signed_in(person: User, *, second_factor: bool = False) -> Client:
        client = Client()
        client.force_login(person)
        if second_factor:
            session = client.session
            session["second_factor_at"] = world.NOW.isoformat()
            session.save()
        return client

    return signed_in
