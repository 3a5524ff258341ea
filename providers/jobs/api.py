"""API v1: jobs near home, for everybody."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from communities.divisions.queries import community_by_code
from homeservice.foundation.api import endpoint
from homeservice.kernel.clock import today
from providers.jobs.models import JobOpening
from providers.jobs.queries import Wanted, openings_wanted


class JobOpeningOut(serializers.ModelSerializer[JobOpening]):
    """An opening that one may apply for; pay in fen."""

    enterprise = serializers.CharField(source="enterprise.name")
    community = serializers.CharField(source="community_id")
    kind = serializers.CharField(source="kind_id")
    places_left = serializers.IntegerField()

    class Meta:
        model = JobOpening
        fields = [
            "id", "title", "enterprise", "community", "kind", "relation", "duties", "hours_words", "pay_low_fen",
            "pay_high_fen", "pay_unit", "trains", "lodging", "places_left", "published_at", "closes_date",
        ]  # fmt: skip


class JobOpeningsPage(CursorPagination):
    page_size = 20
    ordering = ("-published_at", "-pk")


@extend_schema(
    parameters=[
        OpenApiParameter("community", str, description="Area code (12 digits): only openings of its city."),
        OpenApiParameter("kind", str),
        OpenApiParameter("relation", str),
    ],
    responses={200: JobOpeningOut(many=True)},
)
@endpoint("GET", public=True)
def job_openings(request: Request) -> Response:
    """Openings that one may apply for, the newest first."""
    asked = request.query_params
    kind, relation = (asked.get(name, "").replace("\x00", "")[:30] for name in ("kind", "relation"))
    rows = openings_wanted(Wanted(kind=kind, relation=relation), None, today())
    if code := asked.get("community"):
        community = community_by_code(code)
        if community is None:
            raise ValidationError({"community": ["unknown"]})
        rows = rows.filter(community__area_code__startswith=community.city_code)
    pages = JobOpeningsPage()
    shown = pages.paginate_queryset(rows, request)
    return pages.get_paginated_response(JobOpeningOut(shown, many=True).data)
