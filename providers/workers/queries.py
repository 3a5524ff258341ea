"""Reading workers."""

from datetime import datetime

from homeservice.kernel.scope import Scope
from providers.workers.models import Leave, Worker, WorkerQuerySet, WorkingHours
from providers.workers.rules import Span


def workers_of(scope: Scope) -> WorkerQuerySet:
    """The workers of the enterprise that the person manages: none for anybody else."""
    mine = Worker.objects.visible_to(scope).filter(enterprise__isnull=False, enterprise_id=scope.enterprise_id)
    return mine.select_related("home_community")


def hours_of(worker: Worker) -> list[Span]:
    """The week's working hours, from Monday morning on."""
    rows = WorkingHours.objects.filter(worker=worker).order_by("weekday", "starts", "pk")
    return [Span(row.weekday, row.starts, row.ends) for row in rows]


def leaves_ahead(worker: Worker, *, at: datetime) -> list[Leave]:
    """Leave that is not over yet, the next first."""
    return list(Leave.objects.filter(worker=worker, period__endswith__gt=at).order_by("period", "pk"))
