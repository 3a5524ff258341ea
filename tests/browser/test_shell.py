"""Header, tab bar and administration, as the people who use them see them."""

import pytest

from communities.accounts.models import User
from tests import world
from tests.browser.conftest import PageOf
from tests.browser.looking import DESK, assert_accessible, assert_no_sideways_scroll, small_targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_a_resident_has_four_tabs_on_a_phone(page_of: PageOf, mode: str) -> None:
    page = page_of(world.user("爱丽丝"), mode=mode)
    page.goto("/styleguide/")
    assert page.locator(".hs-tabbar a").all_inner_texts() == ["首页", "预约", "消息", "我的"]
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    assert small_targets(page, 60 if mode == "elder" else 44) == []


def test_a_worker_has_the_day_at_the_thumb(page_of: PageOf) -> None:
    worker = world.worker(world.enterprise())
    page = page_of(worker.user)
    page.goto("/styleguide/")
    assert page.locator(".hs-tabbar a").all_inner_texts() == ["我的日程", "首页", "消息", "我的"]


def test_staff_find_their_desk_in_the_header(page_of: PageOf) -> None:
    page = page_of(world.staff(point=world.point()), second_factor=True, viewport=DESK)
    page.goto("/styleguide/")
    assert page.locator(".hs-nav a").all_inner_texts() == ["首页", "工作台", "预约"]
    page.locator(".hs-menu summary").click()
    page.get_by_role("button", name="退出登录").wait_for()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="退出登录").wait_for(state="hidden")


def test_the_administration_works_under_the_same_policy(page_of: PageOf) -> None:
    admin = world.user("管理员", is_staff=True, is_superuser=True)
    page = page_of(admin, second_factor=True, viewport=DESK)
    page.goto("/admin/communities/user/")
    assert User.objects.count() == 1
    assert page.locator("#site-name").inner_text().strip() == "社区家政管理后台"
