"""API v1: an enterprise's workers, for its own programs."""

from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from homeservice.foundation.api import endpoint
from homeservice.kernel.clock import today
from homeservice.kernel.vocabulary import Admission, EnterpriseRight, Role
from providers.bindings.queries import authorised_among
from providers.credentials.queries import Gaps
from providers.roster.queries import gaps_shown
from providers.scope import scope_of_program
from providers.workers.models import Worker
from providers.workers.queries import workers_of

PROBLEM = inline_serializer(
    "WorkersProblemOut",
    {"type": serializers.CharField(), "title": serializers.CharField(), "status": serializers.IntegerField(),
     "code": serializers.CharField()},
)  # fmt: skip


class GapOut(serializers.Serializer[Any]):
    reason_code = serializers.CharField()
    text = serializers.CharField()
    mend = serializers.CharField()
    since = serializers.DateField(allow_null=True)


KEPT_WITHOUT_AUTHORISATION = frozenset({"id", "name", "state", "authorised", "kinds", "blocking", "coming"})


class EnterpriseWorkerOut(serializers.ModelSerializer[Worker]):
    """Without the worker's authorisation everything but name, state and what is to be done is null."""

    name = serializers.CharField(source="real_name")
    home_community = serializers.CharField(source="home_community_id", allow_null=True, help_text="Its area code.")
    kinds = serializers.SerializerMethodField()
    authorised = serializers.SerializerMethodField()
    blocking = serializers.SerializerMethodField(help_text="What keeps the worker from being sent out today.")
    coming = serializers.SerializerMethodField(help_text="What will within 30 days.")

    class Meta:
        model = Worker
        fields = [
            "id", "name", "state", "state_reason", "relation", "home_community", "joined_date", "kinds", "rating",
            "visits_done", "authorised", "blocking", "coming",
        ]  # fmt: skip
        extra_kwargs = {
            name: {"allow_null": True} for name in ("state_reason", "relation", "joined_date", "visits_done")
        }

    def to_representation(self, worker: Worker) -> dict[str, Any]:
        shown = super().to_representation(worker)
        if shown["authorised"]:
            return dict(shown)
        return {name: value if name in KEPT_WITHOUT_AUTHORISATION else None for name, value in shown.items()}

    def get_kinds(self, worker: Worker) -> list[str]:
        return sorted(bound.kind_id for bound in worker.kinds.all())

    def get_authorised(self, worker: Worker) -> bool:
        return worker.pk in self.context["authorised"]

    def get_blocking(self, worker: Worker) -> list[dict[str, Any]]:
        return _gaps(self.context["gaps"][worker.pk].blocking)

    def get_coming(self, worker: Worker) -> list[dict[str, Any]]:
        return _gaps(self.context["gaps"][worker.pk].coming)


class InTurn(CursorPagination):
    page_size = 50
    ordering = ("pk",)


@extend_schema(
    operation_id="enterprise_workers_list",
    parameters=[OpenApiParameter("state", str, enum=Admission.values)],
    responses={200: EnterpriseWorkerOut(many=True), 403: PROBLEM, 422: PROBLEM},
)
@endpoint("GET", roles=frozenset({Role.MANAGER}))
def enterprise_workers(request: Request) -> Response:
    """The workers of the enterprise that the token's person staffs, with what keeps each from being sent out."""
    scope = scope_of_program(request, role=Role.MANAGER, right=EnterpriseRight.STAFFING)
    found = workers_of(scope).prefetch_related("kinds")
    if state := request.query_params.get("state", ""):
        if state not in Admission.values:
            raise ValidationError({"state": ["Unknown state."]})
        found = found.filter(state=state)
    pages = InTurn()
    rows = pages.paginate_queryset(found, request) or []
    return pages.get_paginated_response(EnterpriseWorkerOut(rows, many=True, context=_context(rows, today())).data)


def _context(rows: list[Worker], on_date: date) -> dict[str, Any]:
    """What is asked once for the whole page."""
    ids = [worker.pk for worker in rows]
    gaps: dict[int, Gaps] = gaps_shown(ids, on_date)
    return {"authorised": authorised_among(ids), "gaps": gaps}


def _gaps(findings: Any) -> list[dict[str, Any]]:
    return [dict(GapOut(finding).data) for finding in findings]
