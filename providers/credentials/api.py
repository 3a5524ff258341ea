"""API v1: types of papers for everybody, and workers' papers for their enterprise's programs. Actions decide."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import parser_classes
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from homeservice.foundation.api import endpoint
from homeservice.kernel.clock import SHANGHAI, now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from providers.credentials.actions import submit_credential
from providers.credentials.models import Credential, CredentialType
from providers.credentials.registry import types_in_order
from providers.scope import scope_of_program
from providers.workers.models import Worker
from providers.workers.queries import workers_of


class CredentialTypeOut(serializers.ModelSerializer[CredentialType]):
    code = serializers.CharField()
    form = serializers.CharField()
    name = serializers.CharField(source="get_code_display")
    hint = serializers.CharField()

    class Meta:
        model = CredentialType
        fields = [
            "code", "name", "form", "of_enterprise", "levels", "holds_months", "must_end", "scan_needed", "sensitive",
            "hint", "register_url",
        ]  # fmt: skip


class CredentialOut(serializers.ModelSerializer[Credential]):
    code = serializers.CharField()
    state = serializers.CharField(help_text="submitted, verified, refused, revoked or superseded (renewed).")
    name = serializers.CharField(source="get_code_display")
    number = serializers.CharField(source="masked_number", help_text="Its last four characters.")
    submitted_at = serializers.DateTimeField(default_timezone=SHANGHAI)
    decided_at = serializers.DateTimeField(default_timezone=SHANGHAI)

    class Meta:
        model = Credential
        fields = [
            "id", "code", "name", "level", "issuer", "number", "valid_from", "valid_until", "state", "reason",
            "submitted_at", "decided_at",
        ]  # fmt: skip


class CredentialIn(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=10, help_text="As the list of types names it.")
    level = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=5)
    issuer = serializers.CharField(max_length=80)
    number = serializers.CharField(max_length=60)
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)
    scan = serializers.FileField(
        required=False, allow_null=True, default=None, allow_empty_file=True, help_text="By multipart/form-data."
    )


PROBLEM = inline_serializer(
    "CredentialProblemOut",
    {"type": serializers.CharField(), "title": serializers.CharField(), "status": serializers.IntegerField(),
     "code": serializers.CharField()},
)  # fmt: skip


class NewestFirst(CursorPagination):
    page_size = 20
    ordering = ("-pk",)


@extend_schema(responses={200: CredentialTypeOut(many=True)})
@endpoint("GET", public=True)
def credential_types(request: Request) -> Response:
    """Every kind of paper: whose it is, its levels, how long it holds, where it is verified."""
    return Response(CredentialTypeOut(types_in_order(), many=True).data)


@extend_schema(
    methods=["GET"], operation_id="worker_credentials_list", responses={200: CredentialOut(many=True), 404: PROBLEM}
)
@extend_schema(
    methods=["POST"], operation_id="worker_credentials_create", request=CredentialIn,
    responses={201: CredentialOut, 404: PROBLEM, 409: PROBLEM, 422: PROBLEM},
)  # fmt: skip
@endpoint("GET", "POST", throttle="booking", roles=frozenset({Role.MANAGER}))
@parser_classes([JSONParser, MultiPartParser])
def worker_credentials(request: Request, worker_pk: int) -> Response:
    """The papers of one of the enterprise's workers, newest first; or a new one, which waits for the check."""
    scope = scope_of_program(request, role=Role.MANAGER, right=EnterpriseRight.STAFFING)
    worker = _worker(scope, worker_pk)
    if request.method == "GET":
        pages = NewestFirst()
        rows = pages.paginate_queryset(Credential.objects.opened_by(scope).filter(worker=worker), request)
        return pages.get_paginated_response(CredentialOut(rows, many=True).data)
    given = CredentialIn(data=request.data)
    given.is_valid(raise_exception=True)
    return Response(CredentialOut(_submitted(scope, worker, given.validated_data)).data, status=201)


def _submitted(scope: Scope, worker: Worker, given: dict[str, Any]) -> Credential:
    try:
        return submit_credential(holder=worker, actor_id=scope.user_id or 0, at=now(), **given)
    except DomainError as error:
        raise DomainError(error.code, error.message, field="scan" if error.field == "file" else error.field) from error


def _worker(scope: Scope, pk: int) -> Worker:
    """One of the enterprise's workers; 404 for a stranger's."""
    worker: Worker = get_object_or_404(workers_of(scope), pk=pk)
    return worker
