"""API v1: the resident's flow for other programs. Objects come only through what the person may see."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from knox.models import AuthToken
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api import serializers as io
from bookings.lifecycle.models import Booking
from bookings.lifecycle.queries import own_bookings
from bookings.lifecycle.rules import Actor
from bookings.menus.queries import entries_near
from bookings.orders.actions import ask_for, cancel_booking, hold_time, place_booking
from bookings.orders.queries import orderable_entries
from bookings.orders.rules import Details, why_not_circumstances
from bookings.slots.queries import HORIZON_DAYS, day_slots
from communities.accounts.actions import redeem_code, request_code
from communities.accounts.models import Household, User
from communities.accounts.queries import households_of
from communities.divisions.models import Division
from communities.divisions.queries import communities_near, find_communities
from homeservice.foundation.api import endpoint
from homeservice.foundation.idempotency import answer_once
from homeservice.kernel import clock
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Channel, Role
from homeservice.kernel.web import client_ip
from providers.scope import scope_of_program

DETAILS = (
    "contact_name", "contact_phone", "note", "health_declared", "health_facts", "child_present", "any_enterprise",
    "terms_version",
)  # fmt: skip
PROBLEMS = {409: io.ProblemOut, 422: io.ProblemOut}


@extend_schema(request=io.CodeRequestIn, responses={202: io.CodeRequestOut, **PROBLEMS})
@endpoint("POST", throttle="sign_in", public=True)
def sign_in_code(request: Request) -> Response:
    """Sends a one-time code to the phone. The answer is the same whether the phone is known or not."""
    given = _input(io.CodeRequestIn, request.data)
    issued = request_code(phone=given["phone"], ip=client_ip(request._request), at=clock.now())
    shown = {"code": issued.code} if settings.EMBEDDED else {}
    answer = {"expires_at": issued.expires_at, "resend_at": issued.resend_at, **shown}
    return Response(io.CodeRequestOut(answer).data, status=202)


@extend_schema(request=io.TokenIn, responses={201: io.TokenOut, **PROBLEMS})
@endpoint("POST", throttle="sign_in", public=True)
def sign_in_token(request: Request) -> Response:
    """Exchanges the code for a token. The first sign-in makes the account and needs `privacy_version`."""
    given = _input(io.TokenIn, request.data)
    person = redeem_code(
        phone=given["phone"], code=given["code"], privacy_version=given.get("privacy_version"), at=clock.now(),
        channel=Channel.API,
    )  # fmt: skip
    row, token = AuthToken.objects.create(person)
    return Response(io.TokenOut({"token": token, "expires_at": row.expiry}).data, status=201)


@extend_schema(request=None, responses={204: None})
@endpoint("POST")
def sign_out_token(request: Request) -> Response:
    """The token that was sent ends."""
    request.auth.delete()  # type: ignore[union-attr]
    return Response(status=204)


@extend_schema(
    parameters=[
        OpenApiParameter("search", str, description="Two characters of the name, or pinyin initials."),
        OpenApiParameter("near", str, description="`latitude,longitude` in WGS-84 degrees."),
    ],
    responses={200: io.CommunityOut(many=True), 422: io.ProblemOut},
)
@endpoint("GET", public=True)
def communities(request: Request) -> Response:
    """Communities by name or nearest to a place; at most 20."""
    near = request.query_params.get("near")
    found = communities_near(*_place(near), limit=20) if near else find_communities(_search(request), limit=20)
    return Response(io.CommunityOut(found, many=True).data)


@extend_schema(
    parameters=[OpenApiParameter("kind", str), OpenApiParameter("item", str)],
    responses={200: io.NearbyEntryOut(many=True), 404: io.ProblemOut},
)
@endpoint("GET", public=True)
def community_menu(request: Request, area_code: str) -> Response:
    """What the service points that reach the community offer, the cheapest of each item first."""
    community = get_object_or_404(Division, pk=area_code, level=Division.Level.COMMUNITY)
    kind, item = request.query_params.get("kind"), request.query_params.get("item")
    offers = entries_near(community.lat, community.lon, kind=kind, item=item)
    rows = [{"entry": offer.entry, "distance_m": offer.distance_m} for offer in offers]
    return Response(io.NearbyEntryOut(rows, many=True).data)


@extend_schema(responses={200: io.HouseholdOut(many=True)})
@endpoint("GET")
def households(request: Request) -> Response:
    """The homes that the person may order for."""
    return Response(io.HouseholdOut(households_of(_person(request)), many=True).data)


@extend_schema(
    parameters=[io.SlotsIn], responses={200: io.DaySlotsOut(many=True), 404: io.ProblemOut, 422: io.ProblemOut}
)
@endpoint("GET")
def entry_slots(request: Request, entry_id: int) -> Response:
    """Free times of an entry at one of the person's homes, day by day, for at most 14 days."""
    given = _input(io.SlotsIn, request.query_params)
    entry = get_object_or_404(orderable_entries(), pk=entry_id)
    refusal = why_not_circumstances(entry.listing.item.circumstances, given["circumstances"])
    if refusal:
        raise refusal
    home = _home(request, given["household"])
    ask = ask_for(entry, home, given["quantity"], circumstances=given["circumstances"])
    strip = day_slots(ask, at=clock.now(), first_day=_first_day(given.get("first_day")), days=given["days"])
    rows = [{"day": one.day, "times": one.times} for one in strip]
    return Response(io.DaySlotsOut(rows, many=True).data)


@extend_schema(methods=["GET"], operation_id="bookings_list", responses={200: io.BookingOut(many=True)})
@extend_schema(
    methods=["POST"], operation_id="bookings_create", request=io.BookingIn,
    parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)],
    responses={201: io.BookingOut, 404: io.ProblemOut, **PROBLEMS},
)  # fmt: skip
@endpoint("GET", "POST", throttle="booking")
def bookings(request: Request) -> Response:
    """The person's bookings, newest first; or a new one: its time is held and it is placed in one step."""
    return _create_booking(request) if request.method == "POST" else _list_bookings(request)


@extend_schema(responses={200: io.BookingDetailOut, 404: io.ProblemOut})
@endpoint("GET")
def booking(request: Request, no: str) -> Response:
    """One booking with its life so far."""
    return Response(io.BookingDetailOut(_booking(request, no)).data)


@extend_schema(request=io.CancelIn, responses={200: io.CancelOut, 404: io.ProblemOut, **PROBLEMS})
@endpoint("POST", throttle="booking")
def booking_cancel(request: Request, no: str) -> Response:
    """Cancels the booking; answers the fee by the tiers agreed when ordering."""
    given = _input(io.CancelIn, request.data)
    actor = Actor(_person(request).pk, Role.RESIDENT)
    fee_fen = cancel_booking(booking=_booking(request, no), actor=actor, at=clock.now(), reason=given["reason"])
    return Response(io.CancelOut({"fee_fen": fee_fen}).data)


class NewestFirst(CursorPagination):
    page_size = 20
    ordering = ("-created_at", "-pk")


def _list_bookings(request: Request) -> Response:
    pages = NewestFirst()
    rows = pages.paginate_queryset(_own(request), request)
    return pages.get_paginated_response(io.BookingOut(rows, many=True).data)


def _create_booking(request: Request) -> Response:
    given = _input(io.BookingIn, request.data)
    person = _person(request)
    request_bytes = f"{request.method} {request.path} {json.dumps(request.data, sort_keys=True)}".encode()
    status, body, replayed = answer_once(
        owner_id=person.pk, key=request.headers.get("Idempotency-Key", ""), request_bytes=request_bytes,
        at=clock.now(), do=lambda: (201, _placed(request, person, given)),
    )  # fmt: skip
    return Response(body, status=status, headers={"Idempotency-Replayed": "true"} if replayed else {})


def _placed(request: Request, person: User, given: dict[str, Any]) -> dict[str, Any]:
    """Holds and places in the transaction of the idempotency key: all of it happens, or nothing."""
    at, actor = clock.now(), Actor(person.pk, Role.RESIDENT)
    held = hold_time(
        entry=get_object_or_404(orderable_entries(), pk=given["entry"]), household=_home(request, given["household"]),
        quantity=given["quantity"], starts_at=given["starts_at"], resident=person, actor=actor, channel=Channel.API,
        child_present=given["child_present"], circumstances=given["circumstances"], at=at,
    )  # fmt: skip
    details = Details(recipient_id=given["recipient"], **{name: given[name] for name in DETAILS})
    placed = place_booking(booking=held, details=details, actor=actor, at=at)
    rendered: dict[str, Any] = json.loads(json.dumps(io.BookingOut(placed).data, default=str))
    return rendered


def _input(serializer: type[Any], values: Any) -> dict[str, Any]:
    checked = serializer(data=values)
    checked.is_valid(raise_exception=True)
    given: dict[str, Any] = checked.validated_data
    return given


def _person(request: Request) -> User:
    person = request.user
    assert isinstance(person, User)  # the view asks for a token
    return person


def _own(request: Request) -> "QuerySet[Booking]":
    return own_bookings(scope_of_program(request)).filter(placed_at__isnull=False).select_related("item", "point")


def _booking(request: Request, no: str) -> Booking:
    return get_object_or_404(_own(request), no=no)


def _home(request: Request, household_id: int) -> Household:
    homes = households_of(_person(request)).prefetch_related("recipients")
    return get_object_or_404(homes, pk=household_id)


def _place(near: str) -> tuple[float, float]:
    parts: Sequence[str] = near.split(",")
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError as error:
        raise ValidationError({"near": ["latitude,longitude"]}) from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValidationError({"near": ["latitude,longitude"]})
    return lat, lon


def _first_day(asked: date | None) -> date:
    """A day of those that can be booked; today unless another is asked for."""
    today = clock.today()
    if asked and not today <= asked < today + timedelta(days=HORIZON_DAYS):
        raise ValidationError(
            {"first_day": [_("Times can be booked for the next %(days)s days.") % {"days": HORIZON_DAYS}]}
        )
    return asked or today


def _search(request: Request) -> str:
    text = request.query_params.get("search", "").strip()
    if not text:
        raise DomainError("search_missing", "search=… or near=…", field="search")
    return text[:40]
