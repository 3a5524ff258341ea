"""Many people at once: each in a thread with a database connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def all_at_once(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """Every deed is begun at the same moment. Answers what each gave, an exception where it raised one."""
    gate = Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=30)
            return deed()
        except Exception as failure:  # handed to the test, which looks at each
            return failure
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))
