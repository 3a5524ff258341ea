"""Reading workers."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q

from homeservice.kernel.scope import Scope
from providers.workers.models import Leave, Worker, WorkerQuerySet, WorkingHours, WorkLimit
from providers.workers.rules import PLATFORM_LIMITS, Limits, Span, lower_limits


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


def limits_of(worker_ids: Sequence[int], on_date: date) -> dict[int, Limits]:
    """How long each of them may work on that day: the law's for their relation, lowered by their own. Two queries."""
    of_relation = relation_limits(on_date)
    rows = Worker.objects.filter(pk__in=worker_ids).values_list("pk", "relation", "daily_limit_min", "weekly_limit_min")
    return {
        pk: lower_limits(of_relation.get(relation, PLATFORM_LIMITS), daily_min, weekly_min)
        for pk, relation, daily_min, weekly_min in rows
    }


def relation_limits(on_date: date) -> dict[str, Limits]:
    """The limits in force on a day by relation; of two in force the later one counts. One query."""
    return relation_limits_by_day(on_date, 1)[0]


def relation_limits_by_day(first_day: date, days: int) -> list[dict[str, Limits]]:
    """`relation_limits` of each of so many days. One query."""
    each = [first_day + timedelta(days=n) for n in range(days)]
    reaching = Q(valid_until__isnull=True) | Q(valid_until__gte=first_day)
    rows = list(WorkLimit.objects.filter(reaching, valid_from__lte=each[-1]).order_by("valid_from", "pk"))
    return [
        {
            row.relation: Limits(row.daily_min, row.weekly_min, row.rest_min, row.rest_days)
            for row in rows
            if row.valid_from <= day <= (row.valid_until or day)
        }
        for day in each
    ]
