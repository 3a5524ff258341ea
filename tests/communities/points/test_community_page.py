"""A community's page: its own points, the nearest others, and what to do where there are none."""

from datetime import timedelta

import pytest
from django.test import Client

from communities.points.models import PointClosure
from homeservice.foundation.navigation import url_or_nothing
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture(autouse=True)
def _divisions() -> None:
    world.divisions()


def page_of(client: Client, area_code: str = world.CHASHAN):
    return client.get(f"/c/{area_code}/")


def test_own_points_come_first_then_the_nearest_of_others(client: Client) -> None:
    own = world.point("茶山站")
    other = world.point("绿荷站", community=world.LVHE, lat=world.HOME[0] + 0.01)
    world.point("远方站", community=world.LVHE, lat=world.HOME[0] + 1)
    context = page_of(client).context
    assert [card.point for card in context["own"]] == [own]
    assert [(card.point, round(card.distance_m, -2)) for card in context["others"]] == [(other, 1100)]
    assert [dot["label"] for dot in context["dots"]] == ["茶山站", "绿荷站"]


def test_a_card_says_when_it_closes_how_to_call_and_where_the_menu_is(client: Client) -> None:
    point = world.point("茶山站", host="canteen")
    html = page_of(client).content.decode()
    assert "茶山社区欢迎您" in html
    assert "营业中" in html
    assert "至 20:00" in html
    assert 'href="tel:020-12345678"' in html
    assert "设于长者饭堂" in html
    assert f'href="{url_or_nothing("point_menu", point.pk)}"' in html


def test_a_closed_point_says_when_it_opens(client: Client) -> None:
    point = world.point("茶山站")
    PointClosure.objects.create(
        point=point, period=(world.NOW, world.NOW + timedelta(hours=1, minutes=30)), reason="会"
    )
    html = page_of(client).content.decode()
    assert "休息中" in html
    assert "今天 10:30 开门" in html


def test_a_community_without_points_shows_the_nearest_and_how_to_ask_for_one(client: Client) -> None:
    world.point("绿荷站", community=world.LVHE)
    html = page_of(client).content.decode()
    assert "本社区还没有服务网点" in html
    assert "绿荷站" in html
    assert 'href="tel:12345"' in html


def test_a_community_with_nothing_near_is_kind_about_it(client: Client) -> None:
    html = page_of(client).content.decode()
    assert "周围 20 公里内也暂无服务网点" in html


def test_an_own_point_far_from_the_middle_is_not_doubled(client: Client) -> None:
    world.point("茶山站", lat=world.HOME[0] + 0.01)
    context = page_of(client).context
    assert (len(context["own"]), len(context["others"])) == (1, 0)


def test_the_crumbs_lead_up_the_tree(client: Client) -> None:
    assert page_of(client).context["crumbs"] == [
        ("广州市", "/communities/?in=4401"),
        ("天河区", "/communities/?in=440106"),
        ("五山街道", "/communities/?in=440106001"),
        ("茶山社区", ""),
    ]


@pytest.mark.parametrize("area_code", ["440106", "440106001999", "x", "44010600100１"])
def test_only_a_community_has_a_page(client: Client, area_code: str) -> None:
    assert page_of(client, area_code).status_code == 404


@pytest.mark.parametrize("points", [1, 3])
def test_the_page_takes_six_queries_however_many_points(client: Client, points: int, django_assert_num_queries) -> None:
    for n in range(points):
        world.point(f"站{n}")
        world.point(f"邻{n}", community=world.LVHE)
    with django_assert_num_queries(6):  # the community, its path, own points, near points, hours, closures
        page_of(client)


def test_the_page_reads_in_english(client: Client) -> None:
    world.point("茶山站")
    client.cookies["language"] = "en"
    html = page_of(client).content.decode()
    assert "Welcome to 茶山社区" in html
    assert "Open now" in html
    assert "until 20:00" in html
