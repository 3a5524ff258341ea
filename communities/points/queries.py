"""Reading service points: which are near, and when they are open."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Value
from django.db.models.functions import Substr

from communities.divisions.models import Division
from communities.points.models import PointClosure, PointHours, ServicePoint
from communities.points.rules import Opening, Period, covers, less, opening_at
from homeservice.kernel.clock import at_local, day_bounds, local_day
from homeservice.kernel.geo import Earth, metres_between, within_metres

FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
LOOK_AHEAD_DAYS = 8


def points_near(lat: float, lon: float, *, limit: int = 10, within_m: int | None = None) -> list[Any]:
    """Active points, nearest first, each with `distance_m` and its community. One query, off the GiST index."""
    here, there = Earth(Value(lat), Value(lon)), Earth(F("lat"), F("lon"))
    rows = ServicePoint.objects.open_to_public().select_related("community")
    if within_m is not None:
        rows = rows.filter(within_metres(there, here, within_m))
    return list(rows.annotate(distance_m=metres_between(there, here)).order_by("distance_m", "pk")[:limit])


def points_of_community(area_code: str) -> list[ServicePoint]:
    """A community's own active points, by name. One query."""
    rows = ServicePoint.objects.open_to_public().filter(community_id=area_code).select_related("community")
    return list(rows.order_by("name", "pk"))


def point_counts(children: Sequence[Division]) -> dict[str, int]:
    """How many active points lie under each of a division's children, which all are of one level. One query."""
    if not children:
        return {}
    digits = len(children[0].area_code)
    rows = ServicePoint.objects.open_to_public()
    if children[0].parent_id:
        rows = rows.filter(community__area_code__startswith=children[0].parent_id)
    counted = rows.values(area=Substr("community_id", 1, digits)).annotate(points=Count("pk")).order_by("area")
    return {row["area"]: row["points"] for row in counted}


def open_periods(point_ids: Sequence[int], from_date: date, to_date: date) -> dict[int, list[Period]]:
    """For each point its opening periods on the days [from_date, to_date), in order: weekly hours less closures.

    A point that is paused is closed until then. Two queries, however many points.
    """
    days = [from_date + timedelta(days=n) for n in range((to_date - from_date).days)]
    closures = closures_of(point_ids, from_date, to_date)
    weekly: dict[int, list[Period]] = defaultdict(list)
    hours = PointHours.objects.filter(point__in=point_ids).order_by("point", "weekday", "opens", "pk")
    columns = ("point_id", "weekday", "opens", "closes", "point__paused_until")
    for point_id, weekday, opens, closes, paused_until in hours.values_list(*columns):
        weekly[point_id] += [(at_local(day, opens), at_local(day, closes)) for day in days if day.weekday() == weekday]
        if paused_until:
            closures[point_id].append((FIRST, paused_until))
    return {point_id: less(sorted(weekly[point_id]), closures[point_id]) for point_id in point_ids}


def openings(point_ids: Sequence[int], at: datetime) -> dict[int, Opening]:
    """For each point its hours of the day and when it closes or opens next, within a week. Two queries."""
    today = local_day(at)
    periods = open_periods(point_ids, today, today + timedelta(days=LOOK_AHEAD_DAYS))
    return {point_id: opening_at(periods[point_id], at) for point_id in point_ids}


def opening_today(point: ServicePoint, at: datetime) -> Opening:
    """One point's hours of the day and when it closes or opens next. Two queries."""
    return openings([point.pk], at)[point.pk]


def is_open(point: ServicePoint, period: Period) -> bool:
    """Whether the point is open for the whole of a period. Two queries; ask `open_periods` for many."""
    days = local_day(period[0]), local_day(period[1]) + timedelta(days=1)
    return covers(open_periods([point.pk], *days)[point.pk], period)


def closures_of(point_ids: Sequence[int], from_date: date, to_date: date) -> dict[int, list[Period]]:
    """For each point its closures that touch the days [from_date, to_date), in order. One query."""
    window = (day_bounds(from_date)[0], day_bounds(to_date)[0])
    rows = PointClosure.objects.filter(point__in=point_ids, period__overlap=window).order_by("point", "period", "pk")
    found: dict[int, list[Period]] = defaultdict(list)
    for point_id, period in rows.values_list("point_id", "period"):
        found[point_id].append((period.lower or FIRST, period.upper or LAST))
    return found
