"""What operators' machines ask: whether this process can serve, and how it does."""

import asyncio
import dataclasses
import hmac
from typing import Any

import kombu
from celery import current_app
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_prometheus.exports import ExportToDjangoView
from django_structlog.middlewares import RequestMiddleware
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView

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


class Health(HealthCheckView):
    """Always JSON, each part by name; 503 if one of them fails."""

    http_method_names = ["get", "head"]
    checks = ("health_check.checks.Database", "health_check.checks.Cache", Broker)

    async def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.results = await asyncio.gather(*(check.get_result() for check in self.get_checks()))
        failed = any(result.error for result in self.results)
        return self.render_to_response_json(503 if failed else 200)


healthz = public(Health.as_view())


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
