"""What all of API v1 shares: endpoints marked with who may come, throttles, and one error shape (RFC 9457 problem JSON)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.decorators import api_view, authentication_classes, permission_classes, throttle_classes
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import exception_handler

from homeservice.kernel.access import ANYONE
from homeservice.kernel.clock import local
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import client_ip, problem

CODE_OF_STATUS = {401: "not_signed_in", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 429: "too_many"}

View = Callable[..., HttpResponseBase]


class Throttle(ScopedRateThrottle):
    """The rate that the view's mark names; for who is not signed in, of the visitor's own address."""

    def get_ident(self, request: Request) -> str:
        return client_ip(request._request)  # a header that anybody writes would be a new visitor each time

    def allow_request(self, request: Request, view: Any) -> bool:
        view.throttle_scope = getattr(view, "throttle_scope", "read")
        return super().allow_request(request, view)


def endpoint(
    *methods: str, throttle: str = "read", public: bool = False, roles: frozenset[Role] = ANYONE
) -> Callable[[Callable[..., Any]], View]:
    """A function view of the API. Without `public` a token is asked for; the mark says who may come.

    A token opens no staff role: those need a second factor, which a program has not. `roles` is what the mark says;
    the view itself finds its objects through what the person may see.
    """

    def make(function: Callable[..., Any]) -> View:
        function = throttle_classes([Throttle])(function)
        if public:
            function = permission_classes([AllowAny])(authentication_classes([])(function))
        view: Any = api_view(list(methods))(function)
        view.cls.throttle_scope = throttle
        view.access = None if public else roles
        return view  # type: ignore[no-any-return]

    return make


def problem_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """A refused rule, bad input and the framework's own refusals in one shape; anything else crashes and is seen."""
    if isinstance(error, DomainError):
        return _refused(error)
    answer = exception_handler(error, context)
    if answer is None:
        return None
    if isinstance(error, ValidationError):
        answer.status_code = 422
    answer.data = _body(error, answer)
    answer.content_type = "application/problem+json"
    return answer


def _refused(error: DomainError) -> HttpResponse:
    free = error.facts.get("alternatives")
    if free is None:
        return problem(error)
    body = {
        "type": f"/problems/{error.code}", "title": str(error.message), "status": 409, "code": error.code,
        "alternatives": [local(at).isoformat() for at in free],
    }  # fmt: skip
    return Response(body, status=409, content_type="application/problem+json")


def _body(error: Exception, answer: Response) -> dict[str, Any]:
    if isinstance(error, ValidationError):
        title = _("Some of the input needs mending.")
        body = {"type": "/problems/invalid_input", "title": title, "status": 422, "code": "invalid_input"}
        return {**body, "errors": error.detail}
    code = CODE_OF_STATUS.get(answer.status_code, "refused")
    title = str(error.detail) if isinstance(error, APIException) else _("Not found.")
    return {"type": f"/problems/{code}", "title": title, "status": answer.status_code, "code": code}
