"""API v1: a person's own bindings to enterprises."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from homeservice.foundation.api import endpoint
from homeservice.kernel.clock import SHANGHAI
from providers.bindings.models import Binding
from providers.scope import scope_of_program


class BindingOut(serializers.ModelSerializer[Binding]):
    enterprise = serializers.CharField(source="enterprise.name")
    proposed_at = serializers.DateTimeField(default_timezone=SHANGHAI)
    answered_at = serializers.DateTimeField(default_timezone=SHANGHAI)
    ending_proposed_at = serializers.DateTimeField(default_timezone=SHANGHAI)
    ended_at = serializers.DateTimeField(default_timezone=SHANGHAI)

    class Meta:
        model = Binding
        fields = [
            "id", "enterprise", "relation", "state", "proposed_by", "proposed_at", "note", "answered_at",
            "ending_proposed_by", "ending_proposed_at", "end_reason", "ended_at",
        ]  # fmt: skip


class NewestFirst(CursorPagination):
    page_size = 20
    ordering = ("-pk",)


@extend_schema(operation_id="worker_bindings_list", responses={200: BindingOut(many=True)})
@endpoint("GET")
def worker_bindings(request: Request) -> Response:
    """Invitations, applications and bindings of the token's person, the newest first."""
    scope = scope_of_program(request)
    own = Binding.objects.visible_to(scope).filter(user_id=scope.user_id).select_related("enterprise")
    pages = NewestFirst()
    rows = pages.paginate_queryset(own, request)
    return pages.get_paginated_response(BindingOut(rows, many=True).data)
