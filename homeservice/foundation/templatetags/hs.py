"""Template tags and filters that every page has, without loading them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from homeservice.foundation import navigation, wording
from homeservice.foundation.badges import Look, look_of
from homeservice.foundation.icons import icon_svg
from homeservice.kernel import clock, crypto
from homeservice.kernel.money import yuan as yuan_text
from homeservice.kernel.scope import NOBODY, Scope
from homeservice.kernel.vocabulary import Role

register = template.Library()
CLOCK = re.compile(r"(\d{1,2}:\d{2}(?:–\d{1,2}:\d{2})?)")


@register.filter
def yuan(fen: int) -> str:
    """`13500` as `¥135.00`."""
    return yuan_text(int(fen))


@register.filter
def when(starts_at: datetime | None, ends_at: datetime | None = None) -> str:
    """`{{ booking.starts_at|when:booking.ends_at }}`: `11月22日(周日)14:00–16:00`."""
    return wording.when_words(starts_at, ends_at) if starts_at else ""


@register.filter
def when_line(starts_at: datetime | None, ends_at: datetime | None = None) -> str:
    """As `when`, for large type: a line breaks between the day and the time, and nowhere else."""
    pieces = [(piece,) for piece in CLOCK.split(when(starts_at, ends_at)) if piece]
    return format_html_join(SafeString("<wbr>"), '<span class="hs-nowrap">{}</span>', pieces)


@register.filter
def day(at: date | datetime | None) -> str:
    """`11月22日(周日)`."""
    return wording.day_words(at) if at else ""


@register.filter
def near_day(at: date | datetime | None) -> str:
    """`今天`, `明天`, else the weekday."""
    return wording.near_day_words(at) if at else ""


@register.filter
def short_day(at: date | datetime | None) -> str:
    """`11月22日`."""
    return wording.short_day_words(at) if at else ""


@register.filter
def clock_time(at: datetime | None) -> str:
    """`14:00`."""
    return wording.clock_words(at) if at else ""


@register.filter
def ago(at: datetime | None) -> str:
    """`5 分钟前`."""
    return wording.ago_words(at) if at else ""


@register.filter
def minutes(count: int | None) -> str:
    """`150` as `2 小时 30 分钟`."""
    return wording.minutes_words(int(count)) if count is not None else ""


@register.filter
def distance(metres: float | None) -> str:
    """`812.4` as `810 米`."""
    return wording.distance_words(float(metres)) if metres is not None else ""


@register.filter
def masked_name(name: str | None) -> str:
    """`张建国` as `张**`."""
    return crypto.masked_name(name or "")


@register.filter
def masked_phone(phone: str | None) -> str:
    """`13800001234` as `138****1234`."""
    return crypto.masked_phone(phone or "")


@register.filter
def look(code: str) -> Look:
    """Tone and icon of a state's code."""
    return look_of(code)


@register.filter
def message_tone(level: str) -> str:
    """The tone of a message of Django's: `success` is `ok`, `error` is `bad`."""
    return {"success": "ok", "warning": "warn", "error": "bad"}.get(level, "info")


@register.filter
def by_part_of_day(times: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Times (dicts with `starts_at`, ascending) grouped as morning, afternoon and evening."""

    def part(time: Mapping[str, Any]) -> int:
        hour = clock.local(time["starts_at"]).hour
        return 0 if hour < 12 else 1 if hour < 18 else 2

    names = (
        pgettext("part of day", "Morning"),
        pgettext("part of day", "Afternoon"),
        pgettext("part of day", "Evening"),
    )
    return [(names[number], list(group)) for number, group in groupby(times, key=part)]


@register.filter
def widget_kind(field: BoundField) -> str:
    """How `c-field` lays a field out: `check`, `choices`, `select`, `area`, `group` or `input`."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, CheckboxInput):
        return "check"
    names = {type_.__name__ for type_ in type(widget).__mro__}
    kinds = (
        ("RadioSelect", "choices"),
        ("CheckboxSelectMultiple", "choices"),
        ("MultiWidget", "group"),
        ("SelectDateWidget", "group"),
        ("Select", "select"),
        ("Textarea", "area"),
    )
    return next((kind for name, kind in kinds if name in names), "input")


@register.simple_tag
def control(field: BoundField, kind: str = "input", hint: bool = False, limit: int | None = None) -> SafeString:
    """The field's widget with our classes, and what describes it: hint, error, counter."""
    described = [
        name
        for name, shown in ((f"{field.auto_id}_helptext", hint), (f"{field.auto_id}_error", bool(field.errors)))
        if shown
    ]
    attrs: dict[str, Any] = {"class": _control_class(field, kind)}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if field.errors:
        attrs["aria-invalid"] = "true"
    if limit:
        attrs["maxlength"] = False  # too long is told, never cut off in silence
    return field.as_widget(attrs=attrs)


def _control_class(field: BoundField, kind: str) -> str:
    own = field.field.widget.attrs.get("class", "")
    base = {"select": "form-select", "check": "form-check-input"}.get(kind, "form-control")
    return f"{base} {own}".strip()


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """`{% icon "house-door" %}`: an icon of bootstrap-icons; the word beside it speaks for it."""
    return icon_svg(name, extra_class)


@register.simple_tag
def nav_url(name: str, *args: Any) -> str:
    """The path of a URL name; empty while that page doesn't exist."""
    return navigation.url_or_nothing(name, *args)


@register.simple_tag(takes_context=True)
def at_work(context: template.Context) -> bool:
    """Whether the person is here for their work and has chosen no community: nobody asks them for one."""
    return not context.get("current_community") and bool(_scope(context).roles - {Role.RESIDENT})


@register.simple_tag
def section_places(section: str) -> Sequence[navigation.Place]:
    """What lies beside each other in a section."""
    return navigation.section_places(section)


@register.simple_tag(takes_context=True)
def header_places(context: template.Context) -> Sequence[navigation.Place]:
    """The places of the header for the person who looks."""
    return navigation.header_places(_scope(context))


@register.simple_tag(takes_context=True)
def tab_places(context: template.Context) -> Sequence[navigation.Place]:
    """The tabs of a phone for the person who looks."""
    return navigation.tab_places(_scope(context))


@register.simple_tag(takes_context=True)
def current_if(context: template.Context, path: str) -> str:
    """`page` when the path is the page's own, for `aria-current`."""
    request: HttpRequest | None = context.get("request")
    return "page" if request is not None and request.path == path else ""


@register.simple_tag(takes_context=True)
def qs(context: template.Context, **changes: Any) -> str:
    """The page's query string with changes: `{% qs page=2 %}`; None or '' takes a key away."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


def _scope(context: template.Context) -> Scope:
    request = context.get("request")
    return getattr(request, "scope", NOBODY) if request is not None else NOBODY
