"""One error shape for the whole API: RFC 9457 problem JSON."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from homeservice.kernel.clock import local
from homeservice.kernel.errors import DomainError
from homeservice.kernel.web import problem

CODE_OF_STATUS = {401: "not_signed_in", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 429: "too_many"}


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
