"""The main job in real browsers: a newcomer finds what is near home, orders, and watches the worker come and go."""

from datetime import datetime, time

import pytest
from playwright.sync_api import Page, expect

from bookings.dispatch.actions import run_round
from bookings.lifecycle.models import Booking
from communities.accounts.rules import check_character
from homeservice.kernel import clock
from tests import world
from tests.browser.conftest import PageOf, SetClock
from tests.browser.looking import assert_accessible, assert_fit_for_residents

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEST_NUMBER = "44019919900101001"  # without its check character


@pytest.fixture
def town() -> world.Town:
    return world.town()


@pytest.fixture(params=["standard", "elder"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def monday(hour: int, minute: int = 0) -> datetime:
    return clock.at_local(world.MONDAY, time(hour, minute))


def test_from_the_first_visit_to_all_is_well(page_of: PageOf, town: world.Town, set_clock: SetClock, mode: str) -> None:
    page = page_of(mode=mode)
    page.clock.install()
    sign_in(page, "13800138000", mode)
    verify_identity(page, mode)
    choose_community(page, mode)
    order(page, mode)
    watch(page, page_of, town, set_clock, mode)


def test_the_desk_orders_for_an_elder_who_telephones(page_of: PageOf, town: world.Town, set_clock: SetClock) -> None:
    page = page_of(world.staff(point=town.point), second_factor=True)
    page.goto("/desk/new/")
    page.get_by_label("居民手机号").fill("13911112222")
    page.get_by_label("电话", exact=True).check(force=True)
    page.get_by_label("我已告知以上内容").check()
    page.get_by_role("button", name="继续").click()
    page.get_by_label("姓名").fill("𠮷奶奶")
    page.get_by_label("社区", exact=True).fill("茶山")
    page.get_by_label("楼栋、单元、门牌号").fill("5栋101")
    page.get_by_role("button", name="登记并继续").click()
    page.get_by_label("身份证上的姓名").fill("𠮷秀英")
    page.get_by_role("textbox", name="身份证号").fill(TEST_NUMBER + check_character(TEST_NUMBER))
    page.get_by_label("本人同意核验姓名和身份证号").check()
    page.locator("form", has=page.get_by_role("textbox", name="身份证号")).get_by_role("button").click()
    page.get_by_label("服务", exact=True).select_option(str(town.entry.pk))
    page.get_by_role("button", name="查看可约时间").click()
    page.get_by_role("radio", name="14:00").check(force=True)
    page.get_by_role("button", name="预留这个时间").click()
    page.get_by_label("联系人").fill("𠮷奶奶")
    page.get_by_label("我已宣读主要条款，本人接受").check()
    assert_accessible(page)
    page.get_by_role("button", name="下单", exact=True).click()
    page.get_by_role("heading", name="已下单").wait_for()
    booking = Booking.objects.get()
    assert (booking.state, booking.channel, booking.starts_at) == ("placed", "phone", monday(14))
    assert booking.door_code in page.locator("main").inner_text()


def sign_in(page: Page, phone: str, mode: str = "") -> None:
    page.goto("/sign-in?next=/me")
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("我已阅读并同意").check()
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("验证码", exact=True).fill(page.locator("#shown-code").inner_text())
    look(page, mode)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/me")


def verify_identity(page: Page, mode: str) -> None:
    page.goto("/me/identity")
    page.get_by_label("身份证上的姓名").fill("爱丽丝")
    page.get_by_label("身份证号", exact=True).fill(TEST_NUMBER + check_character(TEST_NUMBER))
    page.get_by_label("我同意为此目的核验").check()
    look(page, mode)
    page.get_by_role("button", name="提交核验").click()
    page.get_by_text("实名核验已通过").or_(page.get_by_text("已核验")).first.wait_for()


def choose_community(page: Page, mode: str) -> None:
    page.goto("/communities/")
    page.get_by_label("社区或街道名称").press_sequentially("茶山")
    page.clock.fast_forward(1000)  # the search waits until the typing pauses
    page.get_by_role("button", name="茶山社区").click()
    page.wait_for_url(f"**/c/{world.CHASHAN}/")
    look(page, mode)


def order(page: Page, mode: str) -> None:
    """From the community's page by menu and item, adding the home on the way, to the placed order."""
    page.get_by_role("link", name="茶山服务站").first.click()
    page.wait_for_url("**/points/*/")
    look(page, mode)
    page.get_by_role("link", name="日常保洁").first.click()
    page.get_by_role("link", name="立即预约").and_(page.locator(":visible")).wait_for()
    look(page, mode)
    page.get_by_role("link", name="立即预约").and_(page.locator(":visible")).click()
    page.get_by_label("楼栋、单元、门牌号").fill("3栋2单元501")
    look(page, mode)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/order/**")
    look(page, mode)
    if mode == "elder":
        page.get_by_role("radio", name="2 小时").check(force=True)
        page.get_by_role("button", name="继续").click()
        page.get_by_role("link", name="今天").click()
        look(page, mode)
    page.get_by_role("radio", name="14:00").check(force=True)
    page.get_by_role("button", name="选定这个时间").click()
    page.wait_for_url("**/orders/**")
    look(page, mode)
    if mode == "elder":
        page.get_by_role("button", name="继续").click()
        page.get_by_label("给服务员的备注").fill("请按门铃")
        page.get_by_role("button", name="继续").click()
        look(page, mode)
    else:
        page.get_by_label("给服务员的备注").fill("请按门铃")
    page.get_by_label("我已阅读并同意订单条款").check()
    page.get_by_role("button", name="提交订单 ¥90.00").click()
    page.wait_for_url("**/bookings/*/")
    look(page, mode)


def watch(page: Page, page_of: PageOf, town: world.Town, set_clock: SetClock, mode: str) -> None:
    """The worker's every step shows on the resident's open page by itself."""
    run_round("4401", at=clock.now())
    expect_by_itself(page, "已指派服务员", mode)
    worker = page_of()
    sign_in(worker, town.worker.user.phone)
    worker.goto("/worker/")
    worker.get_by_role("button", name="我会上门").click()
    expect_by_itself(page, "服务员已确认", mode)
    set_clock(monday(13, 30))
    worker.goto("/worker/")
    worker.get_by_role("button", name="我出发了").click()
    expect_by_itself(page, "服务员在路上", mode)
    set_clock(monday(13, 55))
    worker.goto(f"/worker/visits/{Booking.objects.get().no}/")
    worker.get_by_label("开门码").fill(page.locator(".hs-code").first.inner_text())
    worker.get_by_role("button", name="签到").click()
    expect_by_itself(page, "服务中", mode)
    set_clock(monday(16))
    worker.reload()
    worker.locator("#finish summary").click()
    worker.locator("#finish dialog button[type=submit]").click()
    expect_by_itself(page, "服务结束", mode)
    page.get_by_role("button", name="一切满意").click()
    page.locator("#booking").get_by_text("已完成").first.wait_for()
    look(page, mode)
    assert Booking.objects.get().state == "settled"


def expect_by_itself(page: Page, words: str, mode: str) -> None:
    """The open page comes to say this without being touched: its own clock runs on past the next look."""
    told = page.locator("#booking").get_by_text(words).first
    for _ in range(5):
        page.clock.fast_forward(11_000)
        page.wait_for_load_state("networkidle")
        if told.is_visible():
            break
    expect(told).to_be_visible()
    look(page, mode)


def look(page: Page, mode: str) -> None:
    """What must be true of every page of a resident; the worker's signing in has no mode and is not looked at."""
    if mode:
        assert_fit_for_residents(page, mode)
