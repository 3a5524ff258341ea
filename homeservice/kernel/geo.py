"""Distances and travel times on a sphere. Points are WGS-84 degrees."""

from math import asin, ceil, cos, radians, sin, sqrt

from django.db.models import BooleanField, FloatField, Func, Value
from django.db.models.expressions import CombinedExpression

EARTH_RADIUS_M = 6_378_168  # the radius that PostgreSQL's earthdistance uses, so that both agree

# metres per minute, door to door in a dense city, and the minutes lost to leaving and finding the door
SPEED_M_PER_MIN = {"walk": 75, "bike": 180, "ebike": 270, "transit": 220, "car": 330}
HANDLING_MIN = 5
DETOUR_BP = 13_000  # streets are about 1.3 times as long as the straight line


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in metres (haversine)."""
    half_lat = radians(lat2 - lat1) / 2
    half_lon = radians(lon2 - lon1) / 2
    square = sin(half_lat) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(square)))


def travel_min(straight_m: float, mode: str) -> int:
    """Minutes from door to door for a straight-line distance in metres; 0 within the same building."""
    if straight_m < 30:
        return 0
    return HANDLING_MIN + ceil(straight_m * DETOUR_BP / 10_000 / SPEED_M_PER_MIN[mode])


class Earth(Func):
    """The point of PostgreSQL's `earthdistance` at a latitude and longitude; models index the same expression."""

    function = "ll_to_earth"
    output_field = FloatField()  # never read out: only measured between


def metres_between(one: Earth, other: Earth) -> CombinedExpression:
    """Metres through the earth (a chord, 1 m short at 50 km), ordered by which a GiST index is walked nearest first."""
    return CombinedExpression(one, "<->", other, output_field=FloatField())


def within_metres(one: Earth, other: Earth, metres: int) -> CombinedExpression:
    """Whether the points lie within so many metres of each other; off the GiST index on `one`.

    The box finds the candidates and has corners beyond the radius, so the distance is asked as well.
    """
    box = Func(other, Value(metres), function="earth_box", output_field=FloatField())
    inside = CombinedExpression(box, "@>", one, output_field=BooleanField())
    near = CombinedExpression(metres_between(one, other), "<=", Value(metres), output_field=BooleanField())
    return CombinedExpression(inside, "AND", near, output_field=BooleanField())
