"""The cache, whose loss must only cost time: while Redis cannot be reached everything is a miss.

Sessions are rows as well, marks and throttles are conveniences, cards are drawn anew; so a dead Redis never
is a reason to refuse an order. After a failure it is left alone for a moment: a page asks the cache ten times,
and ten timeouts one after the other would be a hanging page.
"""

import time
from collections.abc import Callable
from typing import Any

import redis
import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

RETRY_AFTER_S = 2.0
CONNECTION: dict[str, Any] = {  # redis-py would wait for seconds and try three times more
    "socket_connect_timeout": 0.5,
    "socket_timeout": 1.0,
    "retry": Retry(NoBackoff(), 1),  # once: a connection that was open when Redis was started again
}


class _Client(RedisCacheClient):
    """Django's own, with a default for each answer that does not come."""

    left_alone_until = 0.0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._clients: dict[int, redis.Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> redis.Redis:
        """One client for each server: making one costs as much as asking it."""
        index = self._get_connection_pool_index(write)  # type: ignore[attr-defined]
        if index not in self._clients:
            self._clients[index] = super().get_client(key, write=write)
        return self._clients[index]

    def _or(self, fallback: Callable[[], Any], ask: Callable[[], Any]) -> Any:
        if time.monotonic() < self.left_alone_until:
            return fallback()
        try:
            return ask()
        except (redis.ConnectionError, redis.TimeoutError) as error:
            self.left_alone_until = time.monotonic() + RETRY_AFTER_S
            log.warning("cache_unreachable", error=type(error).__name__)
            return fallback()

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        """Says yes while Redis is away: who marks what they do once shall do it rather twice than never."""
        return bool(self._or(lambda: True, lambda: super(_Client, self).add(key, value, timeout)))

    def get(self, key: Any, default: Any) -> Any:
        return self._or(lambda: default, lambda: super(_Client, self).get(key, default))

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._or(_nothing, lambda: super(_Client, self).set(key, value, timeout))

    def touch(self, key: Any, timeout: Any) -> bool:
        return bool(self._or(lambda: False, lambda: super(_Client, self).touch(key, timeout)))

    def delete(self, key: Any) -> bool:
        return bool(self._or(lambda: False, lambda: super(_Client, self).delete(key)))

    def get_many(self, keys: Any) -> dict[Any, Any]:
        return dict(self._or(dict, lambda: super(_Client, self).get_many(keys)))

    def has_key(self, key: Any) -> bool:
        return bool(self._or(lambda: False, lambda: super(_Client, self).has_key(key)))

    def incr(self, key: Any, delta: int) -> int:
        return int(self._or(lambda: _no_such(key), lambda: super(_Client, self).incr(key, delta)))

    def set_many(self, data: Any, timeout: Any) -> None:
        self._or(_nothing, lambda: super(_Client, self).set_many(data, timeout))

    def delete_many(self, keys: Any) -> None:
        self._or(_nothing, lambda: super(_Client, self).delete_many(keys))


class Cache(RedisCache):
    """The `BACKEND` of the settings."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": {**CONNECTION, **params.get("OPTIONS", {})}})
        self._class = _Client


def _nothing() -> None:
    return None


def _no_such(key: object) -> Any:
    """What `incr` does with a key that is not there."""
    raise ValueError(f"Key {key!r} not found")
