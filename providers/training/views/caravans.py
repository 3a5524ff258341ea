"""Caravans: the institution's route planner, and the route that everybody reads."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeservice.kernel.access import public, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.web import refuse
from providers.training.actions import add_caravan, add_stop, remove_stop
from providers.training.forms import CaravanForm, StopForm
from providers.training.models import Caravan, CaravanStop
from providers.training.queries import caravans_of, route_of, routes_of
from providers.training.views.institution import FORM_METHODS, institution
from providers.training.views.own import community_choices, form_arguments, own_enterprise


@institution
@require_http_methods(FORM_METHODS)
def enterprise_caravans(request: HttpRequest) -> HttpResponse:
    """The institution's caravans, and the form for another one."""
    enterprise, form = own_enterprise(request), CaravanForm(request.POST or None)
    if form.is_valid():
        try:
            caravan = add_caravan(provider=enterprise, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The caravan is entered. Plan its route next."))
            return redirect("enterprise_caravan", caravan.pk)
    context = {"caravans": caravans_of(scope_of_request(request)), "form": form}
    return render(request, "providers/training/caravans.html", context, status=422 if form.is_bound else 200)


@institution
@require_http_methods(FORM_METHODS)
def enterprise_caravan(request: HttpRequest, pk: int) -> HttpResponse:
    """A caravan's stops to come, and the form for another one."""
    caravan, at = _caravan(request, pk), now()
    form = StopForm(**form_arguments(request, {}))
    if form.is_valid():
        starts_at, ends_at = form.period()
        try:
            add_stop(
                caravan=caravan, community=form.cleaned_data["community"], place=form.cleaned_data["place"], lat=None,
                lon=None, starts_at=starts_at, ends_at=ends_at, at=at,
            )  # fmt: skip
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The stop is on the route."))
            return redirect("enterprise_caravan", caravan.pk)
    context = {"caravan": caravan, "stops": routes_of(caravan, at), "form": form, **community_choices(request, form)}
    return render(request, "providers/training/caravan.html", context, status=422 if form.is_bound else 200)


@institution
@require_POST
def enterprise_stop_remove(request: HttpRequest, pk: int, stop_pk: int) -> HttpResponse:
    """Take a stop off the route."""
    caravan = _caravan(request, pk)
    try:
        remove_stop(stop=get_object_or_404(CaravanStop, pk=stop_pk, caravan=caravan))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The stop is off the route."))
    return redirect("enterprise_caravan", caravan.pk)


@public
@require_safe
def caravan_route(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the caravan stops, in order, and what is taught there."""
    caravan = get_object_or_404(
        Caravan.objects.filter(active=True, provider__state="admitted").select_related("provider"), pk=pk
    )
    stops = route_of(caravan, now())
    dots = [{"lat": stop.lat, "lon": stop.lon, "label": stop.place} for stop in stops]
    return render(request, "providers/training/route.html", {"caravan": caravan, "stops": stops, "dots": dots})


def _caravan(request: HttpRequest, pk: int) -> Caravan:
    return get_object_or_404(caravans_of(scope_of_request(request)), pk=pk)
