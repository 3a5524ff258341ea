"""API v1: trainings to come, and whether a certificate is genuine. Both are for everybody."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from communities.divisions.queries import community_by_code
from homeservice.foundation.api import endpoint
from homeservice.kernel.clock import local_day, now, today
from homeservice.kernel.crypto import masked_name
from providers.training.models import Certificate, Course, Session
from providers.training.queries import Wanted, sessions_wanted, verdict_on


class CourseOut(serializers.ModelSerializer[Course]):
    provider = serializers.CharField(source="provider.name")

    class Meta:
        model = Course
        fields = ["code", "track", "name_zh", "name_en", "hours", "price_fen", "certificate_code", "provider"]


class TrainingSessionOut(serializers.ModelSerializer[Session]):
    """A session to come; `seats_left` 0: one may still queue."""

    course = CourseOut()
    community = serializers.CharField(source="community_id")
    caravan = serializers.CharField(source="stop.caravan.name", default=None)
    seats_left = serializers.IntegerField()

    class Meta:
        model = Session
        fields = [
            "id", "course", "community", "place", "lat", "lon", "caravan", "starts_at", "ends_at", "seats", "seats_left"
        ]  # fmt: skip


class TrainingSessionsPage(CursorPagination):
    page_size = 20
    ordering = ("starts_at", "pk")


class CertificateOut(serializers.Serializer[Any]):
    """`verdict`: valid, expired, revoked, unknown, forged, mistyped or shape. Names are masked."""

    verdict = serializers.CharField()
    name = serializers.CharField(allow_null=True)
    course = serializers.CharField(allow_null=True)
    certificate = serializers.CharField(allow_null=True)
    issuer = serializers.CharField(allow_null=True)
    issued_on = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


@extend_schema(
    parameters=[
        OpenApiParameter("community", str, description="Area code (12 digits): only sessions of its city."),
        OpenApiParameter("kind", str),
        OpenApiParameter("track", str, enum=Course.Track.values),
    ],
    responses={200: TrainingSessionOut(many=True)},
)
@endpoint("GET", public=True)
def training_sessions(request: Request) -> Response:
    """Published trainings to come, the soonest first."""
    asked = request.query_params
    rows = sessions_wanted(Wanted(track=_word(asked, "track"), kind=_word(asked, "kind")), None, now())
    code = asked.get("community")
    if code:
        community = community_by_code(code)
        if community is None:
            raise ValidationError({"community": ["unknown"]})
        rows = rows.filter(community__area_code__startswith=community.city_code)
    pages = TrainingSessionsPage()
    shown = pages.paginate_queryset(rows, request)
    return pages.get_paginated_response(TrainingSessionOut(shown, many=True).data)


@extend_schema(responses={200: CertificateOut})
@endpoint("GET", public=True, throttle="verify")
def certificate(request: Request, code: str) -> Response:
    """Whether the code is that of a genuine certificate of the platform, and of which."""
    verdict = verdict_on(code, today())
    facts = _facts(verdict.certificate) if verdict.certificate else {}
    empty = dict.fromkeys(("name", "course", "certificate", "issuer", "issued_on"))
    answer = {**empty, **facts, "verdict": verdict.word, "valid_until": verdict.until}
    return Response(CertificateOut(answer).data)


def _facts(found: Certificate) -> dict[str, Any]:
    course = found.enrolment.session.course
    return {
        "name": masked_name(found.holder_name), "course": course.name, "certificate": found.spoken or None,
        "issuer": course.provider.name, "issued_on": local_day(found.issued_at),
    }  # fmt: skip


def _word(asked: Any, name: str) -> str:
    return str(asked.get(name, "")).replace("\x00", "")[:30]
