"""Who acts on a booking, and what its stamps say. Pure values."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeservice.kernel.clock import local
from homeservice.kernel.vocabulary import Circumstance
from providers.credentials.rules import Context

NUMBER_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is misread on the telephone


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step: a person in one of their roles, or the system itself."""

    user_id: int | None
    role: str


SYSTEM_ACTOR = Actor(None, "system")


@dataclass(frozen=True, slots=True)
class Change:
    """What one booking's row gets besides its new state: column name to value."""

    booking_id: int
    fields: Mapping[str, Any]


# what a worker's going away undoes: who comes instead starts afresh
NOBODY_COMES: Mapping[str, Any] = {"confirmed_at": None, "on_the_way_at": None, "door_code_misses": 0}


def job_context(
    *, child_present: bool, care_level: int, circumstances: Collection[str] = (), groups: Collection[str] = ()
) -> Context:
    """What the gate is told of a job: who is served, and what the work involves."""
    return Context(
        child_present=child_present, care_level=care_level, at_height=Circumstance.HEIGHT in circumstances,
        acts=frozenset(circumstances), groups=frozenset(groups),
    )  # fmt: skip


def booking_no(at: datetime) -> str:
    """The day and eight random letters: short enough to say, too many to guess."""
    return f"{local(at):%y%m%d}" + "".join(secrets.choice(NUMBER_LETTERS) for _ in range(8))


def door_code() -> str:
    """Four digits that the resident tells the worker at the door."""
    return f"{secrets.randbelow(10_000):04d}"
