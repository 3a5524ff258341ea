"""While Redis cannot be reached its answers are misses and its messages are left to the sweeps."""

import time
from collections.abc import Callable, Iterator

import pytest
from celery import current_app
from django.core.cache import caches
from django.db import transaction
from django.test import Client

from homeservice.kernel.cache import Cache
from homeservice.kernel.queue import wake, wake_shard
from tests import world

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
def no_redis() -> Iterator[None]:
    """Cache and broker are where nobody listens."""
    whole, broker = caches["default"], current_app.conf.broker_url
    caches["default"] = Cache(NOBODY_LISTENS, {})
    current_app.conf.broker_url = current_app.conf.broker_write_url = NOBODY_LISTENS
    current_app.pool.force_close_all()
    yield
    caches["default"] = whole
    current_app.conf.broker_url = current_app.conf.broker_write_url = broker
    current_app.pool.force_close_all()


def test_a_lost_cache_knows_nothing_and_refuses_nothing() -> None:
    lost = Cache(NOBODY_LISTENS, {})
    lost.set("a", 1)
    lost.set_many({"b": 2})
    lost.delete_many(["a", "b"])
    assert (lost.get("a"), lost.get("a", 7), lost.get_many(["a"]), lost.has_key("a")) == (None, 7, {}, False)
    assert (lost.add("a", 1), lost.touch("a"), lost.delete("a")) == (True, False, False)
    with pytest.raises(ValueError, match="not found"):
        lost.incr("a")


def test_a_lost_cache_is_left_alone_for_a_moment_and_then_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Cache(caches["default"]._servers, {"KEY_PREFIX": "found"})
    found.set("a", 1)
    found._cache.left_alone_until = time.monotonic() + 60
    assert found.get("a") is None
    found._cache.left_alone_until = time.monotonic()
    assert found.get("a") == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("no_redis")
def test_pages_are_drawn_and_people_stay_signed_in_without_redis(sign_in: Callable[..., Client]) -> None:
    town = world.town()
    client = sign_in(town.alice)
    page = client.get(f"/points/{town.point.pk}/")
    assert page.status_code == 200
    assert client.get("/bookings/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_redis")
def test_a_wake_up_that_cannot_be_sent_is_soon_given_up() -> None:
    began = time.monotonic()
    with transaction.atomic():
        wake("communities.inbox.deliver_due")
        wake_shard("bookings.dispatch.run_shard", "4401")
    assert time.monotonic() - began < 10
