"""A page that shows every component: for those who build pages, and for the tests that look at them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeservice.foundation.badges import LOOKS
from homeservice.kernel import clock
from homeservice.kernel.access import public

SUNDAY = date(2026, 11, 22)


class ExampleForm(forms.Form):
    """One field of each shape."""

    phone = forms.CharField(label=gettext_lazy("Mobile number"), help_text=gettext_lazy("11 digits"), min_length=11)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of home"),
        choices=[("flat", gettext_lazy("Flat")), ("house", gettext_lazy("House"))],
        required=False,
    )
    who = forms.ChoiceField(
        label=gettext_lazy("Who is it for?"),
        choices=[("me", gettext_lazy("Myself")), ("elder", gettext_lazy("An elder of the family"))],
        widget=forms.RadioSelect,
    )
    facts = forms.MultipleChoiceField(
        label=gettext_lazy("What should the worker know?"),
        choices=[("pets", gettext_lazy("There are pets")), ("stairs", gettext_lazy("There is no lift"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=200, required=False
    )
    agreed = forms.BooleanField(label=gettext_lazy("I have read and accept the terms"))


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
        "crumbs": [(_("Wushan Street"), "#"), (_("Chashan"), "")],
        "parts": [
            {"label": _("2 hours at ¥60.00"), "amount_fen": 12000},
            {"label": _("Weekend"), "amount_fen": 2500},
            {"label": _("Voucher"), "amount_fen": -1000},
        ],
        "timeline": [
            {"title": _("Ordered"), "at": start - timedelta(hours=5), "kind": "done"},
            {"title": _("The worker is on the way"), "at": start, "body": _("8 minutes away"), "kind": "now"},
            {"title": _("Service begins"), "kind": "next"},
        ],
        "steps": [_("Time"), _("Address"), _("Check and confirm")],
        "days": [_day(number) for number in range(8)],
        "times": [_time(start.replace(hour=0), half_hour) for half_hour in range(2, 24, 2)],
    }


def _rows(request: HttpRequest) -> dict[str, Any]:
    form = ExampleForm({"phone": "138", "note": _("Please ring twice.")} if "wrong" in request.GET else None)
    names = ("张建国", "欧阳小美", "李文", "王奶奶", "𠮷田")
    rows = [{"name": name, "state": state} for name, state in zip(names, LOOKS, strict=False)]
    return {
        "form": form,
        "looks": LOOKS,
        "columns": [
            {"key": "name", "label": _("Name"), "sort": True},
            {"key": "state", "label": _("State")},
            {"key": "price", "label": _("Price"), "sort": True, "class": "hs-right"},
        ],
        "sort": request.GET.get("sort", "name"),
        "table_page": Paginator(rows * 9, 5).get_page(request.GET.get("page", 2)),
        "dots": [
            {"lat": 23.13, "lon": 113.34, "label": _("Chashan service point"), "href": "#map-dots"},
            {"lat": 23.14, "lon": 113.35, "label": _("Wushan service point"), "tone": "accent"},
        ],
        "tabs": [
            {"label": _("Waiting"), "href": "?", "count": 3, "current": True},
            {"label": _("Today"), "href": "?", "count": 12},
        ],
        "pictures": ["calm", "search", "bookings", "inbox", "people", "lost", "closed"],
        "languages": [_("Mandarin"), _("Cantonese")],
        "lines": [_("Home carer · 6 years"), _("Health exam valid until 1 Mar 2027")],
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
