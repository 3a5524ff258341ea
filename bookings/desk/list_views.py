"""Looking somebody up, and the day's list for the wall and the folder."""

import csv
from datetime import date
from io import StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.desk.actions import note_export
from bookings.desk.forms import DayForm, SearchForm
from bookings.desk.queries import day_list, find_bookings, points_of_desk
from bookings.desk.rules import spreadsheet_safe
from homeservice.foundation.wording import clock_words
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.crypto import masked_name, masked_phone
from homeservice.kernel.vocabulary import Role

BOM = "\ufeff"  # without it Excel reads Chinese as noise


@requires(Role.STAFF)
def desk_search(request: HttpRequest) -> HttpResponse:
    """Bookings of the desk's own by telephone number, booking number or name. Sent by POST: nothing of it is kept."""
    form = SearchForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        found = find_bookings(scope_of_request(request), text=form.cleaned_data["text"], at=now())
    context = {"form": form, "found": found}
    return render(request, "bookings/desk/search.html", context, status=422 if form.errors else 200)


@requires(Role.STAFF)
def desk_day_list(request: HttpRequest) -> HttpResponse:
    """A point's bookings of one day, to print and sign."""
    points = points_of_desk(scope_of_request(request))
    first = points.first()
    if first is None:
        return render(request, "bookings/desk/day_list.html", {"points": []})
    asked = {
        "point": first.pk,
        "day": today(),
        **{key: request.GET[key] for key in ("point", "day") if key in request.GET},
    }
    form = DayForm(asked, points=points)
    context: dict[str, Any] = {"form": form, "points": True, "columns": _columns(), "rows": []}
    if form.is_valid():
        point, day = form.cleaned_data["point"], form.cleaned_data["day"]
        rows = day_list(scope_of_request(request), point=point, day=day)
        context |= {"rows": rows, "point": point, "day": day, "printed_at": now()}
    return render(request, "bookings/desk/day_list.html", context)


@requires(Role.STAFF)
@require_POST
def desk_day_export(request: HttpRequest) -> HttpResponse:
    """The same list as a file; the log keeps who took it."""
    scope = scope_of_request(request)
    form = DayForm(request.POST, points=points_of_desk(scope))
    if not form.is_valid():
        return redirect("desk_day_list")
    point, day = get_object_or_404(points_of_desk(scope), pk=form.cleaned_data["point"].pk), form.cleaned_data["day"]
    rows = day_list(scope, point=point, day=day)
    note_export(point=point, day=day, rows=len(rows), staff=person_of(request), at=now())
    return _file(rows, day)


def _file(rows: list[Any], day: date) -> HttpResponse:
    text = StringIO(BOM)
    text.seek(0, 2)
    writer = csv.writer(text)
    writer.writerow([column["label"] for column in _columns()])
    writer.writerows([spreadsheet_safe(cell) for cell in _cells(row)] for row in rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="bookings-{day:%Y%m%d}.csv"'
    return response


def _cells(booking: Any) -> list[str]:
    return [
        f"{clock_words(booking.starts_at)}–{clock_words(booking.ends_at)}",
        booking.item.name,
        f"{booking.home_area.short_name} {booking.address}",
        masked_name(booking.contact_name),
        masked_phone(booking.contact_phone),
        " ".join(one.worker.masked_name for one in booking.visit.crew),
        booking.get_state_display(),
        "",
    ]


def _columns() -> list[dict[str, str]]:
    labels = (
        _("Time"), _("Service"), _("Where"), _("Resident"), _("Telephone"), _("Worker"), _("State"), _("Signature")
    )  # fmt: skip
    return [{"key": str(place), "label": label} for place, label in enumerate(labels)]
