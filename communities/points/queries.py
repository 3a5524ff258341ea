"""Reading service points: when they are open."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from communities.points.models import PointClosure, PointHours
from communities.points.rules import Period, less
from homeservice.kernel.clock import at_local, day_bounds

FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def open_periods(point_ids: Sequence[int], from_date: date, to_date: date) -> dict[int, list[Period]]:
    """For each point its opening periods on the days [from_date, to_date): weekly hours less closures. Two queries."""
    days = [from_date + timedelta(days=n) for n in range((to_date - from_date).days)]
    closures = _closures(point_ids, from_date, to_date)
    weekly: dict[int, list[Period]] = defaultdict(list)
    hours = PointHours.objects.filter(point__in=point_ids).order_by("point", "weekday", "opens", "pk")
    for point_id, weekday, opens, closes in hours.values_list("point_id", "weekday", "opens", "closes"):
        weekly[point_id] += [
            (at_local(day, opens), at_local(day, closes)) for day in days if day.weekday() == weekday
        ]
    return {point_id: less(sorted(weekly[point_id]), closures[point_id]) for point_id in point_ids}


def _closures(point_ids: Sequence[int], from_date: date, to_date: date) -> dict[int, list[Period]]:
    window = (day_bounds(from_date)[0], day_bounds(to_date)[0])
    rows = PointClosure.objects.filter(point__in=point_ids, period__overlap=window).order_by("point", "period", "pk")
    found: dict[int, list[Period]] = defaultdict(list)
    for point_id, period in rows.values_list("point_id", "period"):
        found[point_id].append((period.lower or FIRST, period.upper or LAST))
    return found
