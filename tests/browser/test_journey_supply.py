"""The supply side in real browsers: from an enterprise's registration to a green code at a resident's door."""

import re
from io import BytesIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from communities.accounts.rules import check_character as id_check_character
from providers.enterprises.rules import check_character
from providers.service_codes.tasks import recompute_changed
from tests import world
from tests.browser.conftest import PageOf
from tests.browser.looking import assert_fit_for_residents
from tests.browser.test_journey_main_job import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRM, REPRESENTATIVE, NEWCOMER = "安康家政服务有限公司", "陈志远", "刘小红"
CREDIT_CODE = "91440106MA5ABCDEF"  # without its check character
ID_NUMBER = "44019919880612004"  # without its check character
NEWCOMERS_PHONE = "13700137000"
# what cleaning asks for, and the insurance that a green code tells: kind of paper, class, issuer, number, until, scan
PAPERS = [
    ("HX", "1", "天河区人民医院", "TJ-2026-1101", "2027-10-31", "ivory"),
    ("BG1", "", "天河区公安分局", "WF-2026-0088", "", ""),
    ("BG2", "", "天河区公安分局", "WB-2026-0089", "", ""),
    ("TR0", "", "天河区家政协会", "PX-2026-0432", "", "linen"),
    ("INS", "", "人保财险", "PICC-2026-7781", "2027-10-31", "azure"),
]


@pytest.fixture
def city() -> None:
    """A city that opens today: its divisions and the platform's own data, and nobody who serves yet."""
    world.divisions()
    for command in ("load_credential_types", "load_catalogue", "load_authorisation_letters", "load_work_limits"):
        call_command(command, verbosity=0)


@pytest.mark.usefixtures("city", "set_clock")
def test_from_registration_to_a_green_code(page_of: PageOf) -> None:
    representative = page_of(world.verified(world.user(REPRESENTATIVE)))
    reviewer = page_of(world.staff(division=world.TIANHE, duty="reviewer"), second_factor=True)
    worker, resident = page_of(), page_of()

    register(representative)
    submit_enterprise(representative)
    admit(reviewer, FIRM, papers=1)
    expect_state(representative, "/enterprise/office/", "已准入")

    invite(representative)
    join(worker)
    complete(representative)
    hand_in_papers(representative)
    submit_worker(representative)
    admit(reviewer, NEWCOMER, papers=len(PAPERS))

    recompute_changed()
    sees_green(worker)
    bind_kind(representative)
    recompute_changed()
    sees_green(worker)
    scan_the_badge(resident, worker)
    scan_at_the_door(resident, worker, page_of(allowed=("422",)))


def look(page: Page) -> None:
    """What must be true of every page of the journey on a phone."""
    assert_fit_for_residents(page, "standard")


def picture(colour: str) -> FilePayload:
    """A page of a scanner's size; no two papers have the same."""
    out = BytesIO()
    Image.new("RGB", (1240, 1754), colour).save(out, "PNG")
    return {"name": f"{colour}.png", "mimeType": "image/png", "buffer": out.getvalue()}


def expect_state(page: Page, path: str, words: str) -> None:
    page.goto(path)
    expect(page.locator("main").get_by_text(words, exact=True).first).to_be_visible()
    look(page)


def register(page: Page) -> None:
    page.goto("/enterprise/register/")
    page.get_by_label("企业全称").fill(FIRM)
    page.get_by_label("统一社会信用代码").fill(CREDIT_CODE + check_character(CREDIT_CODE))
    page.get_by_label("法定代表人").fill(REPRESENTATIVE)
    page.get_by_label("成立日期").fill("2020-05-01")
    page.get_by_label("员工制企业").check()
    page.get_by_label("登记地：查找区县或街道").press_sequentially("天河")
    page.get_by_role("radio", name="天河区").check()
    page.get_by_label("地址", exact=True).fill("天河路100号8楼")
    page.get_by_label("投诉电话").fill("020-87654321")
    look(page)
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url("**/enterprise/office/")
    look(page)


def submit_enterprise(page: Page) -> None:
    """The licence is handed in, the pledge given, the enterprise submitted."""
    page.get_by_role("link", name="提交营业执照").click()
    page.get_by_label("证照种类").select_option("O-BL")
    page.get_by_label("发证机构").fill("天河区市场监督管理局")
    page.get_by_label("编号").fill(CREDIT_CODE + check_character(CREDIT_CODE))
    page.get_by_label("发证日期").fill("2020-05-01")
    page.get_by_label("照片或扫描件").set_input_files(picture("beige"))
    look(page)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/enterprise/office/")
    page.get_by_role("link", name="提交核验").click()
    page.get_by_label("本人作为法定代表人承诺").check()
    look(page)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/enterprise/office/")
    look(page)


def admit(page: Page, who: str, *, papers: int) -> None:
    """Reviewing staff take up the next case, verify each paper and accept it."""
    page.goto("/review/")
    look(page)
    page.get_by_role("button", name="领取下一件").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(who)
    expect(page.get_by_text("自动核查未发现问题").first).to_be_visible()
    look(page)
    for left in range(papers, 0, -1):
        expect(page.get_by_role("button", name="这份通过")).to_have_count(left)
        form = page.locator("form[data-verify]").first
        form.get_by_label("核验方式").select_option("original")
        form.get_by_role("button", name="这份通过").click()
    expect(page.get_by_role("button", name="这份通过")).to_have_count(0)
    look(page)
    page.get_by_role("button", name="通过", exact=True).click()
    page.wait_for_url("**/review/")
    expect(page.get_by_text(f"已通过：{who}")).to_be_visible()
    look(page)


def invite(page: Page) -> None:
    page.goto("/enterprise/workers/")
    look(page)
    page.get_by_role("link", name="邀请服务员").first.click()
    page.get_by_label("手机号").fill(NEWCOMERS_PHONE)
    page.get_by_label("员工制", exact=True).check()
    page.get_by_label("给对方留言").fill("我是安康家政的陈经理")
    look(page)
    page.get_by_role("button", name="发出邀请").click()
    page.wait_for_url("**/enterprise/bindings/")
    look(page)


def join(page: Page) -> None:
    """The newcomer signs in, opens the message, reads the letter, says who she is and signs."""
    sign_in(page, NEWCOMERS_PHONE)
    page.goto("/inbox")
    look(page)
    page.get_by_role("button", name="查看").click()
    page.wait_for_url("**/worker/bindings/")
    look(page)
    page.get_by_role("link", name="阅读授权书并同意").click()
    expect(page.get_by_role("region", name="信用信息授权书")).to_be_visible()
    page.get_by_label("身份证号", exact=True).fill(ID_NUMBER + id_check_character(ID_NUMBER))
    page.get_by_label("我同意为此目的核验我的姓名和身份证号").check()
    page.get_by_label("您住在哪里：查找社区").press_sequentially("茶山")
    page.get_by_role("radio", name="茶山").check()
    page.get_by_label("我已阅读并理解授权书，自愿授权").check()
    page.get_by_label("签名(请输入您本人的姓名)").fill(NEWCOMER)
    look(page)
    page.get_by_role("button", name="签署并加入").click()
    page.wait_for_url("**/worker/bindings/")
    expect(page.locator("main").get_by_text(FIRM).first).to_be_visible()
    look(page)


def complete(page: Page) -> None:
    """Facts, photo and hours, entered by the enterprise."""
    page.goto("/enterprise/workers/")
    page.get_by_role("link", name=NEWCOMER).click()
    look(page)
    page.get_by_label("照片", exact=True).set_input_files(picture("teal"))
    page.get_by_role("button", name="使用这张照片").click()
    expect(page.locator(".hs-avatar img")).to_be_visible()
    page.locator("main a[href$='/facts/']").click()
    page.get_by_label("服务半径").select_option("5000")
    page.get_by_label("语言").fill("普通话、粤语")
    look(page)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/enterprise/workers/*/")
    page.locator("main a[href$='/hours/']").click()
    for weekday in range(5):
        page.locator(f"[name=starts_{weekday}_0]").select_option("08:00")
        page.locator(f"[name=ends_{weekday}_0]").select_option("18:00")
    look(page)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/enterprise/workers/*/")
    look(page)


def hand_in_papers(page: Page) -> None:
    for code, level, issuer, number, until, colour in PAPERS:
        page.get_by_role("link", name="添加证照").click()
        page.get_by_label("证照种类").select_option(code)
        page.get_by_label("类别或等级").select_option(level)
        page.get_by_label("发证机构").fill(issuer)
        page.get_by_label("编号").fill(number)
        page.get_by_label("发证日期").fill("2026-11-01")
        page.get_by_label("有效期至").fill(until)
        if colour:
            page.get_by_label("照片或扫描件").set_input_files(picture(colour))
        look(page)
        page.get_by_role("button", name="提交", exact=True).click()
        page.wait_for_url("**/enterprise/workers/*/")
    look(page)


def submit_worker(page: Page) -> None:
    page.get_by_role("button", name="提交核验").click()
    expect(page.get_by_role("button", name="提交核验")).to_have_count(0)
    look(page)


def sees_green(page: Page) -> None:
    page.goto("/worker/code/")
    expect(page.get_by_role("region", name="服务码状态")).to_contain_text("绿码")
    look(page)


def bind_kind(page: Page) -> None:
    page.reload()
    page.get_by_role("button", name="添加保洁洗衣").click()
    expect(page.get_by_role("button", name=re.compile("移除.*保洁洗衣"))).to_be_visible()
    look(page)


def scan_the_badge(page: Page, worker: Page) -> None:
    """Whoever scans the printed code sees that it is green, and nothing that is not everybody's business."""
    printed = worker.get_by_role("link", name="公众看到的页面").get_attribute("href")
    assert printed is not None
    page.goto(printed)
    expect(page.get_by_role("region", name="服务码状态")).to_contain_text("绿码")
    expect(page.get_by_role("region", name="人员信息")).to_contain_text("刘")
    source = page.content()
    hidden = (NEWCOMER, ID_NUMBER, NEWCOMERS_PHONE, "WF-2026-0088", "TJ-2026-1101", "PICC-2026-7781")
    assert [words for words in hidden if words in source] == []
    look(page)


def scan_at_the_door(page: Page, worker: Page, third: Page) -> None:
    """The moving code opens the full name for the browser that used it first, and for no other."""
    address = door_address(worker)
    page.goto(address)
    look(page)
    assert NEWCOMER not in page.content()
    page.get_by_role("button", name="查看此人信息").click()
    page.get_by_text("此码真实有效，刚刚出示。").wait_for()
    expect(page.get_by_role("region", name="人员信息")).to_contain_text(NEWCOMER)
    look(page)
    third.goto(address)
    expect(third.locator("main")).to_contain_text("这个码已被他人扫过")
    assert NEWCOMER not in third.content()
    look(third)


def door_address(page: Page) -> str:
    """What the QR code of the worker's open page says: the page of the same session, asked once more."""
    session = next(one for one in page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session["value"]
    address: str = client.get("/worker/code/").context["door_address"]
    return address.removeprefix("http://testserver")
