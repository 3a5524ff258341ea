"""Finding a community in a real browser: typing, location, without a script, in both modes."""

import pytest

from communities.divisions.models import Division
from tests import world
from tests.browser.conftest import PageOf
from tests.browser.looking import assert_accessible, assert_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _world() -> None:
    world.divisions()
    Division.objects.filter(level=5).update(path_name="广东省 广州市 天河区 五山街道")
    world.point("茶山社区综合服务中心家政服务网点", host="community_centre")
    world.point("绿荷站", community=world.LVHE, lat=world.HOME[0] + 0.01)


def test_typing_two_characters_shows_the_community_and_choosing_it_opens_its_page(page_of: PageOf) -> None:
    page = page_of()
    page.goto("/communities/")
    page.get_by_label("社区或街道名称").press_sequentially("茶山")
    page.get_by_role("button", name="茶山社区").click()
    page.wait_for_url(f"**/c/{world.CHASHAN}/")
    assert page.get_by_role("heading", level=1).inner_text() == "茶山社区欢迎您"


def test_the_browsers_location_finds_the_nearest_and_stays_out_of_the_address(page_of: PageOf) -> None:
    page = page_of()
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": world.HOME[0], "longitude": world.HOME[1]})
    page.goto("/communities/")
    page.get_by_role("button", name="使用我的位置").click()
    page.get_by_role("heading", name="离您最近的社区").wait_for()
    assert page.get_by_role("button", name="茶山社区").is_visible()
    assert page.url.endswith("/communities/")


def test_a_refused_location_is_no_harm(page_of: PageOf) -> None:
    page = page_of()
    page.goto("/communities/")
    page.get_by_role("button", name="使用我的位置").click()
    page.get_by_text("浏览器未获准提供位置，请改用名称搜索。").wait_for()
    assert page.get_by_role("button", name="使用我的位置").is_enabled()


def test_the_tree_leads_down_to_the_community(page_of: PageOf) -> None:
    page = page_of()
    page.goto("/communities/")
    for step in ("广州市", "天河区", "五山街道"):
        page.get_by_role("link", name=step).click()
        page.get_by_label("当前位置").get_by_text(step).wait_for()
    page.get_by_role("button", name="东莞庄社区").click()
    page.wait_for_url(f"**/c/{world.DONGGUANZHUANG}/")


def test_it_all_works_without_a_script(page_of: PageOf) -> None:
    page = page_of(javascript=False)
    page.goto("/communities/")
    assert not page.get_by_role("button", name="使用我的位置").is_visible()
    page.get_by_label("社区或街道名称").fill("dgz")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("button", name="东莞庄社区").click()
    page.wait_for_url(f"**/c/{world.DONGGUANZHUANG}/")


@pytest.mark.parametrize("mode", ["standard", "elder"])
@pytest.mark.parametrize(
    "path",
    [
        "/communities/",
        "/communities/?q=茶山",
        "/communities/?q=没有这里",
        f"/communities/?in={world.WUSHAN}",
        f"/c/{world.CHASHAN}/",
        f"/c/{world.DONGGUANZHUANG}/",
    ],
)
def test_nobody_is_shut_out(page_of: PageOf, path: str, mode: str) -> None:
    page = page_of(mode=mode)
    page.goto(path)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
