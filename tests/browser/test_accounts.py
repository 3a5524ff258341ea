"""Signing in and one's own account in a real browser, in both modes."""

import pytest
from playwright.sync_api import expect

from communities.accounts.models import Household
from communities.inbox.actions import tell
from communities.inbox.rules import Notice
from homeservice.kernel.clock import now
from tests import world
from tests.browser.conftest import PageOf
from tests.browser.looking import assert_accessible, assert_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_newcomer_signs_in_with_or_without_a_script(page_of: PageOf, javascript: bool) -> None:
    page = page_of(javascript=javascript)
    page.goto("/sign-in?next=/me")
    page.get_by_label("手机号").fill("+86 138 0013 8000")
    page.get_by_role("button", name="获取验证码").click()
    assert page.get_by_text("请阅读告知内容，同意后请勾选。").first.is_visible()
    assert page.get_by_label("手机号").input_value() == "+86 138 0013 8000"
    page.get_by_label("我已阅读并同意").check()
    page.get_by_role("button", name="获取验证码").click()
    again = page.get_by_role("button", name="重新获取验证码")
    expect(again).to_be_disabled() if javascript else expect(again).to_be_enabled()
    page.get_by_label("验证码", exact=True).fill(page.locator("#shown-code").inner_text())
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/me")
    assert page.get_by_role("main").get_by_text("138****8000").is_visible()


def test_a_home_is_added_by_typing_two_characters(page_of: PageOf) -> None:
    world.divisions()
    page = page_of(world.user("爱丽丝"))
    page.goto("/me/homes/new")
    page.get_by_label("查找您的社区或村").press_sequentially("绿荷")
    page.get_by_label("绿荷社区").check()
    page.get_by_label("楼栋、单元、门牌号").fill("7栋1单元302")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="服务对象").wait_for()
    assert Household.objects.get().community_id == world.LVHE


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_nobody_is_shut_out_of_the_account_pages(page_of: PageOf, mode: str) -> None:
    alice = world.user("爱丽丝")
    home = world.household(alice)
    world.recipient(home)
    tell([Notice(recipient_id=alice.pk, title="Saved.", dedupe_key="k")], at=now())
    paths = ["/me", "/me/name", "/me/identity", "/me/consents", "/me/close", "/me/homes/new", "/inbox", "/privacy"]
    page = page_of(alice, mode=mode)
    for path in [*paths, f"/me/homes/{home.pk}", f"/me/homes/{home.pk}/edit", f"/me/homes/{home.pk}/people/new"]:
        page.goto(path)
        assert_accessible(page)
        assert_no_sideways_scroll(page)


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_nobody_is_shut_out_of_signing_in(page_of: PageOf, mode: str) -> None:
    world.divisions()
    page = page_of(mode=mode)
    page.goto("/sign-in")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    staff = page_of(world.staff(division=world.WUSHAN), mode=mode)
    staff.goto("/second-factor")
    assert_accessible(staff)
    assert_no_sideways_scroll(staff)
