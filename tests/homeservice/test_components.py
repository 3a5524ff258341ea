"""Shell and components, as rendered text; `tests/browser/test_styleguide.py` looks at them."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.template import Context, Engine, Template
from django.test import Client, RequestFactory
from django.utils import translation

from bookings.lifecycle.models import State
from communities.accounts.models import User
from communities.accounts.preferences import bring_preferences
from homeservice.foundation import badges, icons, navigation, wording
from homeservice.foundation.badges import Look
from homeservice.foundation.templatetags import hs
from homeservice.kernel import clock
from homeservice.kernel.scope import NOBODY, Scope
from homeservice.kernel.vocabulary import Role
from tests import world

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STATIC = settings.BASE_DIR / "homeservice" / "static"
START = datetime(2026, 11, 29, 6, tzinfo=UTC)  # Sunday, 14:00 in Guangzhou


@pytest.fixture(scope="module", autouse=True)
def _catalogue() -> None:
    call_command("compile_catalogue", verbosity=0)


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def drawn(source: str, **context: Any) -> str:
    """A template's text, with components compiled and white space folded."""
    from_loader = Engine.get_default().template_loaders[0].loaders[0]  # type: ignore[attr-defined]
    compiled = from_loader.cotton_compiler.process(source)
    return re.sub(r"\s+", " ", Template(compiled).render(Context(context))).strip()


# Words


@pytest.mark.usefixtures("monday_morning")
def test_a_period_reads_as_people_write_it() -> None:
    assert wording.when_words(START, START + timedelta(hours=2)) == "11月29日(周日)14:00–16:00"
    assert wording.when_words(START) == "11月29日(周日)14:00"
    assert wording.when_words(START, START + timedelta(days=1)) == "11月29日(周日)14:00 – 11月30日(周一)14:00"
    assert wording.day_words(date(2027, 1, 3)) == "2027年1月3日(周日)"


@pytest.mark.usefixtures("monday_morning")
def test_a_line_breaks_between_the_day_and_the_time_only() -> None:
    kept = '<span class="hs-nowrap">11月29日(周日)</span><wbr><span class="hs-nowrap">14:00–16:00</span>'
    assert hs.when_line(START, START + timedelta(hours=2)) == kept
    assert hs.when_line(None) == ""


@pytest.mark.usefixtures("monday_morning", "english")
def test_a_period_reads_in_english() -> None:
    assert wording.when_words(START, START + timedelta(hours=2)) == "Sun 29 Nov, 14:00–16:00"
    assert wording.day_words(date(2027, 1, 3)) == "Sun 3 Jan 2027"


def test_midnight_in_guangzhou_is_its_own_day(monday_morning: datetime) -> None:
    midnight = clock.at_local(world.MONDAY, datetime.min.time())
    assert wording.near_day_words(midnight) == "今天"
    assert wording.near_day_words(midnight - timedelta(minutes=1)) == "周日"
    assert wording.near_day_words(world.MONDAY + timedelta(days=1)) == "明天"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=59), "刚刚"),
        (timedelta(minutes=5), "5 分钟前"),
        (timedelta(hours=3), "3 小时前"),
        (timedelta(hours=10), "昨天 23:00"),
        (timedelta(days=8), "11月15日(周日)09:00"),
        (-timedelta(hours=1), "11月23日(周一)10:00"),
    ],
)
def test_how_long_ago(monday_morning: datetime, passed: timedelta, words: str) -> None:
    assert hs.ago(monday_morning - passed) == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 分钟"), (45, "45 分钟"), (60, "1 小时"), (150, "2 小时 30 分钟")])
def test_spans_read_in_hours_and_minutes(count: int, words: str) -> None:
    assert hs.minutes(count) == words


@pytest.mark.parametrize(
    ("metres", "words"), [(4, "10 米"), (812.4, "810 米"), (996, "1 公里"), (1240, "1.2 公里"), (123_400, "123 公里")]
)
def test_distances_read_in_metres_and_kilometres(metres: float, words: str) -> None:
    assert hs.distance(metres) == words


def test_nothing_reads_as_nothing() -> None:
    assert [hs.when(None), hs.day(None), hs.ago(None), hs.minutes(None), hs.distance(None), hs.masked_name(None)] == [
        "" for _ in range(6)
    ]


def test_names_phones_and_money_are_shown_as_agreed() -> None:
    assert (hs.masked_name("张建国"), hs.masked_phone("13800001234"), hs.yuan(13500)) == (
        "张**",
        "138****1234",
        "¥135.00",
    )


# Looks


def test_every_state_of_a_booking_has_a_look_of_its_own() -> None:
    looks = [badges.LOOKS[state.value] for state in State]
    assert len(set(looks)) == len(looks)
    assert badges.look_of("never heard of") == Look("off", "dot")


def test_every_icon_that_is_named_exists() -> None:
    tags = re.compile(r'{% icon "([^"]+)"|\bicon="([a-z0-9-]+)"')
    named = {one or two for path in TEMPLATES for one, two in tags.findall(path.read_text())}
    places = {navigation.HOME, navigation.BOOKINGS, navigation.INBOX, navigation.ME, *navigation.WORK}
    named |= {look.icon for look in badges.LOOKS.values()} | {place.icon for place in places}
    assert named - icons.icon_names() == set()


def test_an_unknown_icon_of_a_row_is_a_plain_circle() -> None:
    assert icons.icon_svg("no-such-icon") == icons.icon_svg("circle")


def test_an_icon_is_hidden_from_screen_readers() -> None:
    assert drawn('{% icon "telephone" %}').startswith('<svg class="hs-icon" viewBox="0 0 16 16" aria-hidden="true"')


# Components


def test_what_people_wrote_is_escaped_once() -> None:
    text = drawn(
        '<c-card title="{{ name }}"><c-person name="{{ name }}" :lines="lines" /></c-card>', name="<b>&", lines=["<i>"]
    )
    assert text.count("&lt;b&gt;&amp;") == 2
    assert "&lt;i&gt;" in text
    assert "<b>" not in text
    assert "&amp;lt;" not in text


def test_a_component_takes_nothing_from_the_page_around_it() -> None:
    assert "page's own" not in drawn("<c-card>x</c-card>", title="page's own", tone="bad", footer="page's own")


def test_a_price_shows_its_parts_and_their_sum() -> None:
    parts = [{"label": "2 小时", "amount_fen": 12000}, {"label": "消费券", "amount_fen": -1000}]
    text = re.sub(r"<[^>]+>", " ", drawn('<c-price :fen="fen" :parts="parts" />', fen=11000, parts=parts))
    assert text.split() == ["¥110.00", "费用明细", "2", "小时", "¥120.00", "消费券", "-¥10.00", "合计", "¥110.00"]


def test_a_free_time_is_a_radio_button_and_a_full_one_cannot_be_chosen() -> None:
    times = [{"starts_at": START, "value": "a"}, {"starts_at": START + timedelta(hours=5), "value": "b", "full": True}]
    text = drawn('<c-slots :days="days" :times="times" />', times=times, days=[])
    assert re.findall(r"<legend>(.+?)</legend>", text) == ["下午", "晚上"]
    assert '<input type="radio" name="starts_at" value="a" id="id_starts_at">' in text
    assert '<input type="radio" name="starts_at" value="b" disabled>' in text


def test_a_day_without_times_shows_what_else_is_possible() -> None:
    assert "明天还有" in drawn('<c-slots :days="days" :times="times">明天还有</c-slots>', times=[], days=[])


class OrderForm(forms.Form):
    phone = forms.CharField(label="手机号", help_text="11 位")
    who = forms.ChoiceField(label="为谁", choices=[("me", "我"), ("elder", "长辈")], widget=forms.RadioSelect)
    note = forms.CharField(label="备注", widget=forms.Textarea, max_length=20, required=False)
    agreed = forms.BooleanField(label="同意")


def test_a_wrong_field_says_what_describes_it() -> None:
    text = drawn('<c-field :field="form.phone" />', form=OrderForm({}))
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in text
    assert 'aria-invalid="true"' in text
    assert {"id_phone_helptext", "id_phone_error"} <= set(re.findall(r'id="([^"]+)"', text))


def test_a_right_field_keeps_what_was_typed() -> None:
    form = OrderForm({"phone": "<138>", "who": "elder", "note": "好"})
    assert 'value="&lt;138&gt;"' in drawn('<c-field :field="form.phone" />', form=form)
    assert 'value="elder" id="id_who_1" checked' in drawn('<c-field :field="form.who" />', form=form)
    assert "aria-invalid" not in drawn('<c-field :field="form.note" />', form=form)


def test_a_long_answer_is_counted_and_never_cut_off() -> None:
    text = drawn('<c-field :field="form.note" />', form=OrderForm())
    assert 'data-limit="20"' in text
    assert "maxlength" not in text


def test_consent_is_not_ticked_beforehand() -> None:
    assert "checked" not in drawn('<c-field :field="form.agreed" />', form=OrderForm())


def test_the_error_summary_leads_to_each_field() -> None:
    text = drawn('<c-form_errors :form="form" />', form=OrderForm({"phone": "1", "who": "me"}))
    assert re.findall(r'<a href="(.+?)">(.+?)</a>', text) == [("#id_agreed", "同意 — 这一项还没有填写。")]
    assert drawn('<c-form_errors :form="form" />', form=OrderForm()) == ""


def test_a_table_sorts_by_links_that_keep_the_filters() -> None:
    request = RequestFactory().get("/", {"q": "张", "page": 3})
    columns = [{"key": "name", "label": "姓名", "sort": True}]
    text = drawn(
        '<c-table caption="c" :columns="columns" sort="name"><c-row /></c-table>', columns=columns, request=request
    )
    assert 'aria-sort="ascending"><a href="?q=%E5%BC%A0&amp;sort=-name">' in text.replace("> <a", "><a")


def test_an_empty_table_shows_its_empty_place() -> None:
    text = drawn('<c-table caption="c" :columns="[]"><c-slot name="empty">没有预约</c-slot></c-table>')
    assert "没有预约" in text
    assert "<table" not in text


def test_a_confirmation_tells_the_cost_and_posts() -> None:
    text = drawn(
        '<c-confirm id="x" trigger="取消" title="确定?" action="/x" submit="是" cost="¥20.00">通知服务员</c-confirm>'
    )
    assert '<form method="post" action="/x"' in text
    assert re.findall(r"<d[td]>(.+?)</d[td]>", text) == ["接下来会怎样", "通知服务员", "费用", "¥20.00"]


def test_every_component_is_in_the_guide() -> None:
    guide = (settings.BASE_DIR / "templates" / "components" / "README.md").read_text()
    names = [path.stem for path in (settings.BASE_DIR / "templates" / "components").glob("*.html")]
    assert [name for name in names if f"`c-{name}`" not in guide] == []


def test_no_template_has_what_the_content_security_policy_refuses() -> None:
    refused = re.compile(r"""<[^>]*\s(?:style|on[a-z]+)=|<style|<script(?![^>]*\ssrc=)|javascript:""")
    assert [str(path) for path in TEMPLATES if refused.search(path.read_text())] == []


# Shell


def test_each_kind_of_person_finds_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "url_or_nothing", lambda name, *args: f"/{name}")
    resident = frozenset({Role.RESIDENT})
    staff = Scope(roles=resident | {Role.STAFF})
    people = {
        "nobody": NOBODY,
        "resident": Scope(roles=resident),
        "worker": Scope(roles=resident | {Role.WORKER}),
        "desk": replace(staff, point_ids=(1,)),
        "reviewer": replace(staff, review_areas=("440106",)),
        "staff without the second factor": staff,
        "enterprise": Scope(roles=resident | {Role.MANAGER}),
    }
    tabs = {who: [place.url_name for place in navigation.tab_places(scope)] for who, scope in people.items()}
    assert tabs == {
        "nobody": ["home", "find_community", "sign_in"],
        "resident": ["home", "my_bookings", "inbox", "me"],
        "worker": ["worker_day", "home", "inbox", "me"],
        "desk": ["desk_inbox", "home", "inbox", "me"],
        "reviewer": ["review_queue", "home", "inbox", "me"],
        "staff without the second factor": ["desk_inbox", "home", "inbox", "me"],
        "enterprise": ["enterprise_workers", "home", "inbox", "me"],
    }
    header = navigation.header_places(Scope(roles=resident | {Role.ADMIN}))
    assert [place.url_name for place in header] == ["home", "admin:index", "my_bookings"]


def test_a_place_that_does_not_exist_yet_is_left_out() -> None:
    assert hs.nav_url("never_built") == ""


def test_the_query_string_changes_one_key_and_keeps_the_rest() -> None:
    request = RequestFactory().get("/", {"a": "1", "page": "2"})
    assert drawn("{% qs page=3 b='x y' %}", request=request) == "?a=1&amp;page=3&amp;b=x+y"
    assert drawn("{% qs page=None %}", request=request) == "?a=1"


@pytest.mark.django_db
def test_the_footer_names_owner_numbers_and_hotlines(client: Client, settings: Any) -> None:
    settings.SITE_OWNER, settings.ICP_NUMBER, settings.PUBLIC_SECURITY_NUMBER = "广州市", "粤ICP备1号", "粤公网安备2号"
    page = client.get("/styleguide/").content.decode()
    footer = page[page.index("<footer") :]
    assert re.findall(r'href="(tel:\d+)"', footer) == ["tel:12345", "tel:12315"]
    assert [text in footer for text in ("广州市", "粤ICP备1号", "粤公网安备2号")] == [True, True, True]


@pytest.mark.django_db
def test_mode_and_language_are_kept_and_bring_back_the_page(client: Client) -> None:
    answer = client.post("/preferences/mode", {"mode": "elder", "next": "/styleguide/?a=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/styleguide/?a=1")
    client.post("/preferences/language", {"language": "en"})
    page = client.get("/styleguide/").content.decode()
    assert '<html lang="en" data-mode="elder">' in page


@pytest.mark.django_db
def test_a_signed_in_person_is_written_to_in_the_language_they_chose(sign_in: Any) -> None:
    alice = world.user("爱丽丝")
    client = sign_in(alice)
    client.post("/preferences/language", {"language": "en"})
    client.post("/preferences/mode", {"mode": "elder"})
    assert User.objects.values_list("language", "elder_mode").get(pk=alice.pk) == ("en", True)


@pytest.mark.django_db
def test_a_new_browser_takes_over_what_the_account_prefers_and_an_old_one_keeps_its_own() -> None:
    alice = world.user("爱丽丝", language="en", elder_mode=True)
    fresh, chosen = HttpResponse(), HttpResponse()
    request = RequestFactory().get("/")
    bring_preferences(request, fresh, alice)
    request.COOKIES = {"language": "zh-hans", "mode": "standard"}
    bring_preferences(request, chosen, alice)
    assert {name: cookie.value for name, cookie in fresh.cookies.items()} == {"language": "en", "mode": "elder"}
    assert chosen.cookies == {}


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "\\\\evil"])
def test_a_switch_never_leads_to_another_site(client: Client, wanted: str) -> None:
    assert client.post("/preferences/mode", {"mode": "elder", "next": wanted})["Location"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "key"), [("/preferences/mode", "mode"), ("/preferences/language", "language")])
def test_an_unknown_choice_changes_nothing_and_reading_never_switches(client: Client, path: str, key: str) -> None:
    assert client.post(path, {key: "klingon"}).cookies == {}
    assert client.get(path).status_code == 405


@pytest.mark.django_db
def test_a_wrong_address_gets_a_page_that_helps(client: Client) -> None:
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html"])
def test_pages_for_broken_moments_need_neither_request_nor_database(name: str) -> None:
    text = Engine.get_default().get_template(name).render(Context())
    assert "12345" in text
    assert "{%" not in text


@pytest.mark.django_db
def test_there_is_no_style_guide_in_production(client: Client, settings: Any) -> None:
    settings.EMBEDDED = False
    assert client.get("/styleguide/").status_code == 404


def test_the_administration_wears_our_colours() -> None:
    request = RequestFactory().get("/")
    request.user, request.scope = User(phone="13800001234"), Scope()  # type: ignore[attr-defined]
    text = Engine.get_default().get_template("admin/base_site.html").render(Context({"request": request}))
    assert "css/admin.css" in text


# Packages


@pytest.mark.parametrize("folder", [STATIC / "vendor", settings.BASE_DIR / "tests" / "browser" / "vendor"])
def test_each_vendored_file_is_the_one_that_was_published(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    told = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in {"SHA256SUMS", "packages.txt"}]
    assert {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files} == told


@pytest.mark.parametrize("folder", [STATIC / "vendor", settings.BASE_DIR / "tests" / "browser" / "vendor"])
def test_each_vendored_package_brings_its_licence(folder: Path) -> None:
    packages = [line.split() for line in (folder / "packages.txt").read_text().splitlines()]
    assert [name for name, _version, _licence, place in packages if not (folder / place / "LICENSE").is_file()] == []
