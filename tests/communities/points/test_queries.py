"""Which points are near, and when they are open, many at once."""

from datetime import time, timedelta

import pytest

from communities.divisions.models import Division
from communities.divisions.queries import children_of
from communities.points.models import PointClosure, PointHours, ServicePoint
from communities.points.queries import (
    is_open,
    open_periods,
    opening_today,
    openings,
    point_counts,
    points_near,
    points_of_community,
)
from homeservice.kernel.clock import at_local
from homeservice.kernel.geo import distance_m
from tests import world

pytestmark = pytest.mark.django_db

TUESDAY = world.MONDAY + timedelta(days=1)
LAT, LON = world.HOME


def on(day, hour: int, minute: int = 0):
    return at_local(day, time(hour, minute))


def north(metres: int) -> dict[str, float]:
    """A place so far north of HOME."""
    return {"lat": LAT + metres / 111_319, "lon": LON}


def test_the_nearest_point_comes_first_with_its_distance_and_an_inactive_one_never(django_assert_num_queries) -> None:
    world.point("远", **north(2000))
    world.point("近", **north(500))
    world.point("停", **north(100), active=False)
    with django_assert_num_queries(1):
        near = [(point.name, round(point.distance_m, -1), point.community.name) for point in points_near(LAT, LON)]
    assert near == [("近", 500, "茶山社区居民委员会"), ("远", 2000, "茶山社区居民委员会")]


def test_only_points_within_the_radius_are_near_and_corners_of_the_box_are_not() -> None:
    world.point("内", **north(990))
    world.point("外", **north(1010))
    world.point("角", lat=LAT + 950 / 111_319, lon=LON + 950 / 102_374)
    assert distance_m(LAT, LON, *ServicePoint.objects.values_list("lat", "lon").get(name="角")) > 1000
    assert [point.name for point in points_near(LAT, LON, within_m=1000)] == ["内"]
    assert len(points_near(LAT, LON, limit=2)) == 2


def test_a_community_has_its_own_active_points_by_name() -> None:
    world.point("B站")
    world.point("A站")
    world.point("C站", active=False)
    world.point("别处", community=world.LVHE)
    assert [point.name for point in points_of_community(world.CHASHAN)] == ["A站", "B站"]


def test_points_are_counted_under_each_child_in_one_query(django_assert_num_queries) -> None:
    world.point("一")
    world.point("二", community=world.DONGGUANZHUANG)
    world.point("三", community=world.LVHE)
    world.point("停", community=world.LVHE, active=False)
    streets, communities = children_of(world.TIANHE), children_of(world.WUSHAN)
    with django_assert_num_queries(1):
        assert point_counts(streets) == {world.WUSHAN: 2, world.SHIPAI: 1}
    assert point_counts(communities) == {world.CHASHAN: 1, world.DONGGUANZHUANG: 1}
    assert point_counts([Division.objects.get(pk="4401")]) == {"4401": 3}
    assert point_counts([]) == {}


def test_opening_periods_are_the_weeks_hours_less_the_closures() -> None:
    point = world.point()
    PointHours.objects.filter(point=point, weekday=1).update(opens=time(14), closes=time(18))
    PointHours.objects.create(point=point, weekday=1, opens=time(8), closes=time(12))
    PointClosure.objects.create(point=point, period=(on(world.MONDAY, 18), on(TUESDAY, 9)), reason="台风")
    assert open_periods([point.pk], world.MONDAY, TUESDAY + timedelta(days=1)) == {
        point.pk: [
            (on(world.MONDAY, 8), on(world.MONDAY, 18)),
            (on(TUESDAY, 9), on(TUESDAY, 12)),
            (on(TUESDAY, 14), on(TUESDAY, 18)),
        ]
    }


def test_a_closure_without_an_end_closes_for_good() -> None:
    point = world.point()
    PointClosure.objects.create(point=point, period=(on(world.MONDAY, 12), None), reason="撤销")
    assert open_periods([point.pk], world.MONDAY, TUESDAY) == {point.pk: [(on(world.MONDAY, 8), on(world.MONDAY, 12))]}
    assert open_periods([point.pk], TUESDAY, TUESDAY + timedelta(days=7)) == {point.pk: []}


def test_a_paused_point_is_closed_until_the_pause_ends() -> None:
    point = world.point(paused_until=on(world.MONDAY, 15))
    assert open_periods([point.pk], world.MONDAY, TUESDAY) == {point.pk: [(on(world.MONDAY, 15), on(world.MONDAY, 20))]}


@pytest.mark.parametrize("points", [1, 3])
def test_openings_take_two_queries_however_many_points(points: int, django_assert_num_queries) -> None:
    ids = [world.point(f"站{n}").pk for n in range(points)]
    with django_assert_num_queries(2):
        found = openings(ids, world.NOW)
    assert [opening.closes_at for opening in found.values()] == [on(world.MONDAY, 20)] * points


def test_a_point_on_holiday_opens_when_the_closure_ends() -> None:
    point = world.point()
    PointClosure.objects.create(point=point, period=(world.NOW, on(TUESDAY, 10)), reason="盘点")
    opening = opening_today(point, world.NOW)
    assert (opening.open_now, opening.opens_at) == (False, on(TUESDAY, 10))


def test_a_point_is_open_for_a_period_only_if_for_all_of_it() -> None:
    point = world.point()
    assert is_open(point, (on(world.MONDAY, 18), on(world.MONDAY, 20)))
    assert not is_open(point, (on(world.MONDAY, 18), on(world.MONDAY, 20, 30)))
    assert not is_open(point, (on(world.MONDAY, 19), on(TUESDAY, 9)))
