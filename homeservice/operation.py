"""What operators' machines ask: whether this process can serve, and how it does."""

import asyncio
import dataclasses
import hmac
from concurrent.futures import ThreadPoolExecutor

import kombu
from celery import current_app
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from django_structlog.middlewares import RequestMiddleware
from health_check.base import HealthCheck, HealthCheckResult
from health_check.checks import Cache, Database
from health_check.exceptions import ServiceUnavailable

from homeservice.kernel.access import public


@dataclasses.dataclass
class Broker(HealthCheck):
    """Whether wake-ups can be sent. Whether somebody hears them is for the workers' own monitoring."""

    def run(self) -> None:
        try:
            with current_app.connection_for_write(connect_timeout=2) as connection:
                connection.ensure_connection(max_retries=1, timeout=2)
        except (kombu.exceptions.OperationalError, OSError) as error:
            raise ServiceUnavailable("The broker does not answer") from error


CHECKS = (Database(), Cache(), Broker())


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Each part by name, as JSON; 503 only without the database. Orders are taken without cache and broker,
    so a balancer must not send people away then: operators watch the parts."""
    with ThreadPoolExecutor(max_workers=1) as thread:  # the checks bring an event loop of their own
        results = thread.submit(asyncio.run, _results()).result()
    parts = {type(result.check).__name__.lower(): str(result.error or "ok") for result in results}
    return JsonResponse(parts, status=200 if parts["database"] == "ok" else 503)


async def _results() -> list[HealthCheckResult]:
    return await asyncio.gather(*(check.get_result() for check in CHECKS))


@public
def metrics(request: HttpRequest) -> HttpResponseBase:
    """Prometheus metrics for who holds `METRICS_TOKEN`; without that setting the page does not exist."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    return ExportToDjangoView(request)


class RequestLog(RequestMiddleware):
    """One line a request: method, path, status. No query (people search by name and phone), no address, no user."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"
