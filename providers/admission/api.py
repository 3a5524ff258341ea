"""API v1: an enterprise's own office for its managers' programs."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from homeservice.foundation.api import endpoint
from homeservice.kernel.clock import SHANGHAI, now
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from providers.admission.models import AdmissionEvent
from providers.admission.queries import events_of
from providers.admission.rules import reason_words
from providers.admission.wording import NEXT
from providers.enterprises.actions import change_facts
from providers.enterprises.forms import facts_of
from providers.enterprises.models import Enterprise
from providers.enterprises.queries import managed_by
from providers.enterprises.rules import ADDRESS_MAX, NAME_MAX, EnterpriseFacts
from providers.scope import scope_of_program


class StepOut(serializers.Serializer[Any]):
    step = serializers.CharField()
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    reason_codes = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField(help_text="Codes and words, in the language asked for.")
    at = serializers.DateTimeField(default_timezone=SHANGHAI)


class EnterpriseIn(serializers.Serializer[Any]):
    """All of the facts, or some: what is left out stays. What stands on the licence is fixed once it is submitted."""

    name = serializers.CharField(max_length=NAME_MAX)
    social_credit_code = serializers.CharField(max_length=40)
    org_type = serializers.ChoiceField(Enterprise.OrgType.choices)
    outlet_mode = serializers.ChoiceField(Enterprise.OutletMode.choices)
    established_date = serializers.DateField()
    division = serializers.RegexField(r"^\d{6}(\d{3})?$", help_text="Area code of the district or street.")
    address = serializers.CharField(max_length=ADDRESS_MAX)
    complaint_phone = serializers.CharField(max_length=40)


class EnterpriseOut(serializers.ModelSerializer[Enterprise]):
    division = serializers.CharField(source="division_id")
    next = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    class Meta:
        model = Enterprise
        fields = [
            "name", "social_credit_code", "org_type", "outlet_mode", "division", "address", "established_date",
            "complaint_phone", "state", "state_reason", "key_contact", "star", "credit_grade", "next", "steps",
        ]  # fmt: skip

    def get_next(self, row: Enterprise) -> str:
        return str(NEXT[row.state])

    @extend_schema(responses=StepOut(many=True))
    def get_steps(self, row: Enterprise) -> list[dict[str, Any]]:
        return [dict(StepOut(_step(event)).data) for event in events_of(row)]


@extend_schema(methods=["GET"], responses={200: EnterpriseOut})
@extend_schema(methods=["POST"], request=EnterpriseIn(partial=True), responses={200: EnterpriseOut})
@endpoint("GET", "POST", roles=frozenset({Role.MANAGER}))
def enterprise(request: Request) -> Response:
    """What is on file of the own enterprise and how far its admission is; POST changes facts (right to the office)."""
    office = EnterpriseRight.OFFICE if request.method == "POST" else None
    scope = scope_of_program(request, role=Role.MANAGER, right=office)
    row: Enterprise = get_object_or_404(managed_by(scope))
    if request.method == "POST":
        given = EnterpriseIn(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        row = change_facts(
            enterprise=row, facts=_facts(row, given.validated_data), actor_id=scope.user_id or 0, at=now()
        )
    return Response(EnterpriseOut(row).data)


def _facts(row: Enterprise, given: dict[str, Any]) -> EnterpriseFacts:
    merged = {**facts_of(row), **given}
    return EnterpriseFacts(area_code=merged.pop("division"), **merged)


def _step(event: AdmissionEvent) -> dict[str, Any]:
    names = ("step", "from_state", "to_state", "reason_codes", "at")
    return {"reason": reason_words(event.reason_codes, event.reason), **{name: getattr(event, name) for name in names}}
