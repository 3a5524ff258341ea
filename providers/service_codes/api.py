"""API v1: a code as anyone may see it, and a worker's own. The colour is that of the moment."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from homeservice.foundation.api import endpoint
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from providers.scope import scope_of_program
from providers.service_codes.actions import look
from providers.service_codes.models import ServiceCode
from providers.service_codes.queries import scannable_codes
from providers.service_codes.rules import Colour, Viewer
from providers.service_codes.showing import enterprise_shown, worker_shown
from providers.service_codes.visitors import visitor_of


class ColourReasonOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    mend = serializers.CharField()


class CodeIdentityOut(serializers.Serializer[Any]):
    verified = serializers.BooleanField()
    on_date = serializers.DateField(allow_null=True)


class CodeInDateOut(serializers.Serializer[Any]):
    words = serializers.CharField()
    valid_until = serializers.DateField(allow_null=True)


class CodeExamOut(serializers.Serializer[Any]):
    fits = serializers.BooleanField(help_text="An exam of the class that the work needs is in date.")
    papers = CodeInDateOut(many=True, help_text="Empty for the public.")


class CodeCheckOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    passed = serializers.BooleanField(help_text="False: pending.")
    on_date = serializers.DateField(allow_null=True)


class CodeSkillOut(serializers.Serializer[Any]):
    words = serializers.CharField()
    number = serializers.CharField(help_text="Empty for the public, masked for the worker.")


class CodeTrainingOut(serializers.Serializer[Any]):
    hours = serializers.IntegerField()
    pre_job = serializers.BooleanField()


class CodeRecordOut(serializers.Serializer[Any]):
    star = serializers.IntegerField(allow_null=True)
    rating = serializers.FloatField(allow_null=True)
    orders = serializers.IntegerField()
    complaints = serializers.IntegerField()


class CodeEnterpriseOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    social_credit_code = serializers.CharField()
    org_type = serializers.CharField()
    division = serializers.CharField()
    complaint_phone = serializers.CharField()
    star = serializers.IntegerField(allow_null=True)
    credit_grade = serializers.CharField()
    licences = CodeInDateOut(many=True)
    admitted_workers = serializers.IntegerField()


class CodeWorkerOut(serializers.Serializer[Any]):
    """What stands in column one of the table of fields; null altogether without the worker's authorisation."""

    masked_name = serializers.CharField()
    institution = serializers.CharField()
    identity = CodeIdentityOut()
    exam = CodeExamOut()
    skills = CodeSkillOut(many=True)
    training = CodeTrainingOut()
    record = CodeRecordOut()


class CodeOwnWorkerOut(CodeWorkerOut):
    full_name = serializers.CharField()
    sex = serializers.CharField()
    age_band = serializers.CharField()
    origin_province = serializers.CharField()
    background = CodeCheckOut(many=True)
    contract = serializers.CharField()
    insurance = serializers.ListField(child=serializers.DateField(allow_null=True))


class CodeOut(serializers.Serializer[Any]):
    colour = serializers.ChoiceField(Colour.choices)
    meaning = serializers.CharField()
    valid_until = serializers.DateField(allow_null=True, help_text="The last day on which the colour stays as it is.")
    worker = CodeWorkerOut(allow_null=True)
    enterprise = CodeEnterpriseOut(allow_null=True)


class OwnCodeOut(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    colour = serializers.ChoiceField(Colour.choices)
    meaning = serializers.CharField()
    reasons = ColourReasonOut(many=True, help_text="What keeps it from green, and what mends it.")
    valid_until = serializers.DateField(allow_null=True)
    worker = CodeOwnWorkerOut(allow_null=True)


@extend_schema(operation_id="service_code", responses={200: CodeOut})
@endpoint("GET", public=True)
def code(request: Request, public_id: str) -> Response:
    """The code that was scanned, as anyone may see it. Many different ones from one address are refused (429)."""
    found = get_object_or_404(scannable_codes(), public_id=public_id)
    try:
        look(code=found, visitor=visitor_of(_plain(request)), at=now())
    except DomainError as refusal:
        raise Throttled(wait=refusal.facts["retry_after_s"], detail=str(refusal.message)) from refusal
    return Response(CodeOut(_of_enterprise(found) if found.enterprise_id else _of_worker(found)).data)


@extend_schema(operation_id="own_service_code", responses={200: OwnCodeOut})
@endpoint("GET", roles=frozenset({Role.WORKER}))
def own_code(request: Request) -> Response:
    """The worker's own code, with what keeps it from green."""
    scope = scope_of_program(request, role=Role.WORKER)
    mine = ServiceCode.objects.visible_to(scope).select_related("worker__enterprise")
    found = get_object_or_404(mine, worker__isnull=False, worker=scope.worker_id)
    context = worker_shown(found, Viewer.AUTHORISED)
    valid_until = context["shown"].get("valid_until")
    answer = {**context, "public_id": found.public_id, "valid_until": valid_until, "worker": _person(context)}
    return Response(OwnCodeOut(answer).data)


def _of_worker(found: ServiceCode) -> dict[str, Any]:
    context = worker_shown(found, Viewer.ANYONE)
    valid_until = context["shown"].get("valid_until")
    return {**context, "valid_until": valid_until, "worker": _person(context), "enterprise": None}


def _of_enterprise(found: ServiceCode) -> dict[str, Any]:
    context = enterprise_shown(found)
    return {**context, "worker": None, "enterprise": context["facts"]}


def _person(context: dict[str, Any]) -> dict[str, Any] | None:
    shown: dict[str, Any] = context["shown"]
    return shown if "masked_name" in shown else None


def _plain(request: Request) -> HttpRequest:
    """Django's request under the API's: a program has no session, but an address."""
    return request._request
