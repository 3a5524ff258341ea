"""The shape of a life told in one table: named steps between states. Pure values, no tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from homeservice.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Message:
    """What one audience is told after a step: texts are English sources with `%(name)s` places."""

    audience: str
    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One named step of a life.

    `source` empty means that the step creates the row. `target` None keeps the state (a stamp).
    `guard` is pure: it takes the step's facts and gives a reason to refuse, or None.
    """

    name: str
    source: frozenset[str]
    target: str | None
    actors: frozenset[str]
    guard: Callable[[Mapping[str, Any]], DomainError | None] | None = None
    stamp: str | None = None
    messages: tuple[Message, ...] = field(default=())

    def may_leave(self, state: str) -> bool:
        return state in self.source

    def lands_in(self, state: str) -> str:
        return self.target or state


def by_name(*steps: Step) -> dict[str, Step]:
    """The table, keyed by the steps' names. Raises `ValueError` if a name is used twice."""
    table = {step.name: step for step in steps}
    if len(table) != len(steps):
        raise ValueError("two steps share a name")
    return table


def steps_from(table: Mapping[str, Step], state: str) -> list[Step]:
    """The steps that may be taken in a state, in the table's order."""
    return [step for step in table.values() if step.may_leave(state)]


def mermaid(table: Mapping[str, Step]) -> str:
    """The table as a Mermaid state diagram, one arrow for each source and step."""
    arrows = [
        f"    {source} --> {step.target}: {step.name}"
        for step in table.values()
        for source in (sorted(step.source) or ["[*]"])
        if step.target and step.target != source
    ]
    return "\n".join(["stateDiagram-v2", *arrows])
