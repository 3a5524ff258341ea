"""Ordering and following a booking in a real browser: with a script, without one, in the elder version."""

from datetime import time, timedelta

import pytest
from playwright.sync_api import Page

from bookings.dispatch.actions import run_round
from bookings.lifecycle.actions import advance
from bookings.lifecycle.models import Booking
from bookings.lifecycle.rules import Actor
from bookings.orders.actions import hold_time, place_booking
from bookings.orders.rules import Details
from homeservice.kernel import clock
from homeservice.kernel.vocabulary import Channel, Role
from tests import world
from tests.browser.conftest import PageOf
from tests.browser.looking import assert_accessible, assert_no_sideways_scroll, small_targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town() -> world.Town:
    town = world.town()
    world.recipient(town.home)
    return town


def held(town: world.Town, hour: int = 10, days: int = 2) -> Booking:
    starts_at = clock.at_local(clock.today() + timedelta(days=days), time(hour))
    return hold_time(
        entry=town.entry, household=town.home, quantity=2, starts_at=starts_at, resident=town.alice,
        actor=Actor(town.alice.pk, Role.RESIDENT), channel=Channel.WEB, at=clock.now(),
    )  # fmt: skip


def placed(town: world.Town, hour: int = 10) -> Booking:
    details = Details(contact_name="爱丽丝", contact_phone="13800138000", terms_version="2026-1")
    actor = Actor(town.alice.pk, Role.RESIDENT)
    return place_booking(booking=held(town, hour), details=details, actor=actor, at=clock.now())


def confirmed(town: world.Town, hour: int = 10) -> Booking:
    booking = placed(town, hour)
    run_round("4401", at=clock.now())
    return advance([booking.pk], "confirm", at=clock.now(), actor=Actor(None, Role.WORKER))[0]


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).check(force=True)


def test_a_resident_orders_and_sees_the_booking_move_without_reloading(page_of: PageOf, town: world.Town) -> None:
    page = page_of(town.alice)
    page.goto(f"/menu/{town.entry.pk}/order/")
    page.get_by_role("button", name="增加").click()
    page.get_by_text("¥135.00").wait_for()
    assert "quantity=3" in page.url
    page.get_by_role("link", name="明天").click()
    page.locator(".hs-day[aria-current]", has_text="明天").wait_for()
    choose(page, "14:00")
    page.get_by_role("button", name="选定这个时间").click()
    page.get_by_text("还剩").wait_for()
    new_name = page.locator("#id_new_name")
    assert not new_name.is_visible()
    choose(page, "家里的其他人")
    new_name.fill("𠮷奶奶")
    page.get_by_label("给服务员的备注").fill("门口有狗 😀")
    page.get_by_label("我已阅读并同意订单条款").check()
    page.get_by_role("button", name="提交订单 ¥135.00").click()
    page.get_by_text("正在为您找附近的服务网点").first.wait_for()
    booking = Booking.objects.get()
    run_round("4401", at=clock.now())
    page.get_by_text("已指派服务员").first.wait_for(timeout=10_000)
    advance([booking.pk], "confirm", at=clock.now(), actor=Actor(None, Role.WORKER))
    page.get_by_text(booking.door_code).wait_for(timeout=10_000)
    page.get_by_role("button", name="显示服务员电话").click()
    page.get_by_role("link", name=f"拨打 {town.worker.user.phone}").wait_for()
    page.wait_for_timeout(4000)  # an unchanged booking is not drawn anew: what was opened stays open
    assert page.get_by_role("link", name=f"拨打 {town.worker.user.phone}").is_visible()
    assert "服务员已确认" in page.locator("#booking-told").inner_text()


def test_it_all_works_without_a_script(page_of: PageOf, town: world.Town) -> None:
    page = page_of(town.alice, javascript=False, allowed=("422",))
    page.goto(f"/menu/{town.entry.pk}/order/")
    page.get_by_label("要多少？").fill("4")
    page.get_by_role("button", name="查看可约时间").click()
    page.get_by_text("¥180.00").wait_for()
    page.get_by_role("link", name="明天").click()
    choose(page, "14:00")
    page.get_by_role("button", name="选定这个时间").click()
    page.get_by_role("button", name="提交订单").click()
    page.get_by_role("alert").get_by_text("请阅读并同意订单条款").wait_for()
    page.get_by_label("我已阅读并同意订单条款").check()
    page.get_by_role("button", name="提交订单").click()
    page.get_by_text("正在为您找附近的服务网点").first.wait_for()
    page.get_by_role("link", name="取消预约").click()
    page.get_by_role("button", name="确认取消，不收费").click()
    page.get_by_text("预约已取消，不收费。").wait_for()


def test_the_elder_version_leads_from_question_to_question(page_of: PageOf, town: world.Town) -> None:
    page = page_of(town.alice, mode="elder")
    page.goto(f"/menu/{town.entry.pk}/order/")
    choose(page, "3 小时")
    page.get_by_role("button", name="继续").click()
    page.get_by_role("link", name="明天").click()
    choose(page, "14:00")
    page.get_by_role("button", name="选定这个时间").click()
    choose(page, "王奶奶")
    page.get_by_role("button", name="继续").click()
    page.get_by_label("给服务员的备注").fill("请按门铃")
    page.get_by_role("button", name="继续").click()
    page.get_by_label("我已阅读并同意订单条款").check()
    page.get_by_role("button", name="提交订单 ¥135.00").click()
    page.get_by_text("正在为您找附近的服务网点").first.wait_for()
    booking = Booking.objects.get()
    assert (booking.quantity, booking.note) == (3, "请按门铃")
    assert booking.recipient is not None


def test_a_time_that_somebody_else_took_is_replaced_by_one_tap(page_of: PageOf, town: world.Town) -> None:
    page = page_of(town.alice, allowed=("422",))
    page.goto(f"/menu/{town.entry.pk}/order/")
    page.get_by_role("link", name="明天").click()
    page.locator(".hs-day[aria-current]", has_text="明天").wait_for()
    choose(page, "14:00")
    bob = world.verified(world.user("鲍勃"))
    hold_time(
        entry=town.entry, household=world.household(bob), quantity=2, resident=bob,
        starts_at=clock.at_local(clock.today() + timedelta(days=1), time(14)),
        actor=Actor(bob.pk, Role.RESIDENT), channel=Channel.WEB, at=clock.now(),
    )  # fmt: skip
    page.get_by_role("button", name="选定这个时间").click()
    alert = page.get_by_role("alert")
    alert.get_by_text("这个时间刚被约走").wait_for()
    alert.get_by_role("button").first.click()
    page.get_by_text("还剩").wait_for()


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_nobody_is_shut_out(page_of: PageOf, town: world.Town, mode: str) -> None:
    one, two = confirmed(town, 10), confirmed(town, 14)
    for step in ("set_out", "arrive", "begin", "finish"):
        advance([two.pk], step, at=clock.now(), actor=Actor(None, Role.WORKER))
    waiting, order = placed(town, 17), f"/menu/{town.entry.pk}/order/"
    hold = held(town, 10, days=3)
    paths = [
        order, f"{order}?step=day", f"{order}?step=time", f"/orders/{hold.no}/", f"/orders/{hold.no}/?step=check",
        f"/bookings/{one.no}/", f"/bookings/{two.no}/", f"/bookings/{waiting.no}/", f"/bookings/{one.no}/cancel/",
        "/bookings/", "/bookings/?group=ended", f"/menu/{town.entry.pk}/next-free/",
    ]  # fmt: skip
    page = page_of(town.alice, mode=mode)
    for path in paths:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(path)
        assert_accessible(page)
        assert small_targets(page, 44) == [], path
        assert_no_sideways_scroll(page)
