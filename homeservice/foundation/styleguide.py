"""A page that shows every component: for those who build pages, and for the tests that look at them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext, pgettext_lazy

from homeservice.foundation.badges import LOOKS
from homeservice.kernel import clock
from homeservice.kernel.access import public

SUNDAY = date(2026, 11, 22)


class ExampleForm(forms.Form):
    """One field of each shape."""

    phone = forms.CharField(
        label=pgettext_lazy("example", "Mobile number"), help_text=pgettext_lazy("example", "11 digits"), min_length=11
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("example", "Kind of home"),
        choices=[("flat", pgettext_lazy("example", "Flat")), ("house", pgettext_lazy("example", "House"))],
        required=False,
    )
    who = forms.ChoiceField(
        label=pgettext_lazy("example", "Who is it for?"),
        choices=[
            ("me", pgettext_lazy("example", "Myself")),
            ("elder", pgettext_lazy("example", "An elder of the family")),
        ],
        widget=forms.RadioSelect,
    )
    facts = forms.MultipleChoiceField(
        label=pgettext_lazy("example", "What should the worker know?"),
        choices=[
            ("pets", pgettext_lazy("example", "There are pets")),
            ("stairs", pgettext_lazy("example", "There is no lift")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(
        label=pgettext_lazy("example", "Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=200, required=False
    )
    agreed = forms.BooleanField(label=pgettext_lazy("example", "I have read and accept the terms"))


@public
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with an example. There is no such page in production."""
    if not settings.EMBEDDED:
        raise Http404
    return render(request, "styleguide.html", {**_people_and_times(), **_rows(request)})


def _people_and_times() -> dict[str, Any]:
    start = clock.at_local(SUNDAY, time(14))
    return {
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "crumbs": [(pgettext("example", "Wushan Street"), "#"), (pgettext("example", "Chashan"), "")],
        "parts": [
            {"label": pgettext("example", "2 hours at ¥60.00"), "amount_fen": 12000},
            {"label": pgettext("example", "Weekend"), "amount_fen": 2500},
            {"label": pgettext("example", "Voucher"), "amount_fen": -1000},
        ],
        "timeline": [
            {"title": pgettext("example", "Ordered"), "at": start - timedelta(hours=5), "kind": "done"},
            {
                "title": pgettext("example", "The worker is on the way"),
                "at": start,
                "body": pgettext("example", "8 minutes away"),
                "kind": "now",
            },
            {"title": pgettext("example", "Service begins"), "kind": "next"},
        ],
        "steps": [
            pgettext("example", "Time"),
            pgettext("example", "Address"),
            pgettext("example", "Check and confirm"),
        ],
        "days": [_day(number) for number in range(8)],
        "times": [_time(start.replace(hour=0), half_hour) for half_hour in range(2, 24, 2)],
    }


def _rows(request: HttpRequest) -> dict[str, Any]:
    form = ExampleForm(
        {"phone": "138", "note": pgettext("example", "Please ring twice.")} if "wrong" in request.GET else None
    )
    names = ("张建国", "欧阳小美", "李文", "王奶奶", "𠮷田")
    rows = [{"name": name, "state": state} for name, state in zip(names, LOOKS, strict=False)]
    return {
        "form": form,
        "looks": LOOKS,
        "columns": [
            {"key": "name", "label": pgettext("example", "Name"), "sort": True},
            {"key": "state", "label": pgettext("example", "State")},
            {"key": "price", "label": pgettext("example", "Price"), "sort": True, "class": "hs-right"},
        ],
        "sort": request.GET.get("sort", "name"),
        "table_page": Paginator(rows * 9, 5).get_page(request.GET.get("page", 2)),
        "dots": [
            {"lat": 23.13, "lon": 113.34, "label": pgettext("example", "Chashan service point"), "href": "#map-dots"},
            {"lat": 23.14, "lon": 113.35, "label": pgettext("example", "Wushan service point"), "tone": "accent"},
        ],
        "tabs": [
            {"label": pgettext("example", "Waiting"), "href": "?", "count": 3, "current": True},
            {"label": pgettext("example", "Today"), "href": "?", "count": 12},
        ],
        "pictures": ["calm", "search", "bookings", "inbox", "people", "lost", "closed"],
        "languages": [pgettext("example", "Mandarin"), pgettext("example", "Cantonese")],
        "lines": [
            pgettext("example", "Home carer · 6 years"),
            pgettext("example", "Health exam valid until 1 Mar 2027"),
        ],
    }


def _day(number: int) -> dict[str, Any]:
    return {
        "date": clock.today() + timedelta(days=number),
        "free": (number * 5) % 8,
        "href": "?",
        "chosen": number == 1,
    }


def _time(midnight: datetime, half_hours: int) -> dict[str, Any]:
    at = midnight + timedelta(minutes=30 * half_hours)
    return {"starts_at": at, "value": at.isoformat(), "full": half_hours == 6, "chosen": half_hours == 8}
