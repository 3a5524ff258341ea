"""A certificate lapses, in real browsers: the code turns yellow, somebody else comes, everyone concerned is told."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from bookings.dispatch.tasks import ask_again_today, replace_unfit, run_shard
from communities.accounts.models import User
from providers.credentials.models import Credential
from providers.credentials.tasks import remind_expiring
from providers.service_codes.tasks import recompute_changed
from providers.workers.models import Worker
from tests import world
from tests.bookings.ordering import tomorrow
from tests.bookings.visits.crew import confirmed
from tests.browser.conftest import PageOf, SetClock
from tests.browser.looking import assert_fit_for_residents

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True, slots=True)
class Lapsing:
    """Alice's town with two qualified workers, and whoever runs their enterprise."""

    town: world.Town
    exam: Credential
    neighbour: Worker
    manager: User


@pytest.fixture
def lapsing() -> Lapsing:
    """Two who may clean tomorrow; the exam of the first, who is chosen, is on file until a week from now."""
    town = world.town()
    world.requirement("HX", any_of=[{"code": "HX", "level": 1}], text_zh="须有有效体检", mend_zh="请体检")
    exam = world.credential(town.worker, "HX", level=1, valid_until=world.MONDAY + timedelta(days=7))
    neighbour = world.worker(town.enterprise, "周阿姨", lat=world.HOME[0] + 0.01)
    world.credential(neighbour, "HX", level=1)
    world.credential(town.enterprise, "O-BL")
    for worker in (town.worker, neighbour):
        world.credential(worker, "INS")
    return Lapsing(town, exam, neighbour, world.manager(town.enterprise))


def test_a_certificate_lapses_and_everybody_is_told(page_of: PageOf, lapsing: Lapsing, set_clock: SetClock) -> None:
    """The office finds that the exam's last day was mistyped: it is today. Tomorrow somebody else comes."""
    recompute_changed()
    remind_expiring()
    booking = confirmed(lapsing.town, tomorrow(10))
    people = (lapsing.town.alice, lapsing.town.worker.user, lapsing.neighbour.user, lapsing.manager)
    alice, first, second, manager = (page_of(person) for person in people)
    before = [messages(page) for page in (alice, first, second, manager)]
    assert [told.count("证照即将到期：健康体检") for told in before] == [0, 1, 0, 1]
    expect_comer(alice, booking.no, "李阿姨")
    expect_colour(first, "绿码")

    mend_last_day(page_of(world.user("管理员", is_staff=True, is_superuser=True), second_factor=True), lapsing.exam)
    beat()
    expect_comer(alice, booking.no, "周阿姨")
    second.goto("/worker/")
    second.get_by_role("button", name="我会上门").click()
    second.get_by_role("button", name="我会上门").wait_for(state="hidden")
    set_clock(tomorrow(6, 30))
    beat()
    ask_again_today()
    expect_colour(first, "黄码")
    expect(first.locator("main")).to_contain_text("健康体检已过期")
    beat()
    since = [news(page, told) for page, told in zip((alice, first, second, manager), before, strict=True)]
    assert since == [
        ["服务员已确认：日常保洁", "将更换服务员：日常保洁"],
        ["您的服务码已变为黄码", "这一单不再由您上门：日常保洁"],
        ["您有新的上门任务：日常保洁"],
        ["一位家政服务员的服务码已变为黄码", "贵企业的服务员不能上门，正在改派：日常保洁"],
    ]


def beat() -> None:
    """What runs by itself every few seconds and minutes."""
    recompute_changed()
    replace_unfit()
    run_shard("4401")


def mend_last_day(page: Page, exam: Credential) -> None:
    """The office corrects the exam's last day in the administration."""
    page.goto(f"/admin/providers/credential/{exam.pk}/change/")
    page.locator("[name=valid_until]").fill(f"{world.MONDAY:%Y-%m-%d}")
    page.locator("[name=_save]").click()
    page.wait_for_url("**/admin/providers/credential/")


def expect_comer(page: Page, no: str, name: str) -> None:
    page.goto(f"/bookings/{no}/")
    expect(page.get_by_role("region", name="上门人员")).to_contain_text(name)
    assert_fit_for_residents(page, "standard")


def expect_colour(page: Page, colour: str) -> None:
    page.goto("/worker/code/")
    expect(page.get_by_role("region", name="服务码状态")).to_contain_text(colour)
    assert_fit_for_residents(page, "standard")


def messages(page: Page) -> list[str]:
    """The titles of the person's inbox, the newest first; nobody has opened any of them."""
    page.goto("/inbox")
    page.get_by_role("heading", name="消息", level=1).wait_for()
    assert_fit_for_residents(page, "standard")
    return page.locator("#inbox .hs-message strong").all_inner_texts()


def news(page: Page, before: list[str]) -> list[str]:
    """What was told since, the newest first."""
    told = messages(page)
    return told[: len(told) - len(before)]
