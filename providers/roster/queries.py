"""An enterprise's workers as its manager sees them: who they are, what they do, what is in the way."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from communities.divisions.romanising import sort_key
from homeservice.kernel.scope import Scope
from providers.credentials.queries import Gaps, gaps_of
from providers.workers.models import Worker, WorkerKind
from providers.workers.queries import workers_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to. `gap`: blocked, coming or none; `sort`: name or rating, `-` for downward."""

    q: str = ""
    kind: str = ""
    state: str = ""
    gap: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One worker of the list."""

    worker: Worker
    kinds: tuple[str, ...]
    gaps: Gaps

    @property
    def gap(self) -> str:
        """The worst: blocked, coming or none."""
        return "blocked" if self.gaps.blocking else "coming" if self.gaps.coming else "none"


def roster(scope: Scope, wanted: Wanted, on_date: date) -> list[RosterLine]:
    """The enterprise's workers that fit, in order. Six queries; names are encrypted, so they are compared here."""
    found = workers_of(scope).prefetch_related(
        Prefetch("kinds", WorkerKind.objects.select_related("kind").order_by("kind__position", "pk"))
    )
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.kind:
        found = found.filter(kinds__kind=wanted.kind)
    workers = [worker for worker in found.order_by("pk") if wanted.q.strip() in worker.real_name]
    gaps = gaps_of([worker.pk for worker in workers], on_date)
    lines = [RosterLine(one, tuple(bound.kind.name for bound in one.kinds.all()), gaps[one.pk]) for one in workers]
    return _in_order([line for line in lines if wanted.gap in ("", line.gap)], wanted.sort)


def _in_order(lines: list[RosterLine], sort: str) -> list[RosterLine]:
    if sort.removeprefix("-") == "rating":
        return sorted(lines, key=lambda line: (line.worker.rating or 0, line.worker.pk), reverse=sort.startswith("-"))
    return sorted(
        lines, key=lambda line: (sort_key(line.worker.real_name), line.worker.pk), reverse=sort.startswith("-")
    )
