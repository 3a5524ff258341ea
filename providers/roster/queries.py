"""An enterprise's workers as its manager sees them: who they are, what they do, what is in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from communities.divisions.romanising import sort_key
from homeservice.kernel.scope import Scope
from providers.credentials.queries import Gaps, gaps_of
from providers.credentials.rules import NOT_AUTHORISED
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
    def closed(self) -> bool:
        """The worker has not signed, or has withdrawn it: nothing but that is shown."""
        return NOT_AUTHORISED.reason_code in {finding.reason_code for finding in self.gaps.blocking}

    @property
    def rating(self) -> float | None:
        return None if self.closed else self.worker.rating

    @property
    def visits(self) -> int | None:
        return None if self.closed else self.worker.visits_done

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
    gaps = gaps_shown([worker.pk for worker in workers], on_date)
    lines = [RosterLine(one, tuple(bound.kind.name for bound in one.kinds.all()), gaps[one.pk]) for one in workers]
    return _in_order([line for line in lines if wanted.gap in ("", line.gap)], wanted.sort)


def gaps_shown(worker_ids: Sequence[int], on_date: date) -> dict[int, Gaps]:
    """What the enterprise reads of each worker's gaps: of one who authorises it no more, that alone."""
    found = gaps_of(worker_ids, on_date)
    return {pk: _without_papers(gaps) for pk, gaps in found.items()}


def _without_papers(gaps: Gaps) -> Gaps:
    unsigned = tuple(one for one in gaps.blocking if one.reason_code == NOT_AUTHORISED.reason_code)
    return Gaps(unsigned, ()) if unsigned else gaps


def _in_order(lines: list[RosterLine], sort: str) -> list[RosterLine]:
    if sort.removeprefix("-") == "rating":
        return sorted(lines, key=lambda line: (line.rating or 0, line.worker.pk), reverse=sort.startswith("-"))
    return sorted(
        lines, key=lambda line: (sort_key(line.worker.real_name), line.worker.pk), reverse=sort.startswith("-")
    )
