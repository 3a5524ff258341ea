"""The yardstick W: a Django page with one indexed query.

`application` is served by granian as the product is. The page has no middleware, template or person: what it
costs is Django, the database's answer and the server.
"""

from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

from communities.divisions.models import Division


def page(request: HttpRequest, area_code: str) -> HttpResponse:
    division = Division.objects.get(pk=area_code)
    return HttpResponse(f"<!doctype html><title>{division.name}</title><p>{division.path_name}</p>")


urlpatterns = [path("divisions/<str:area_code>/", page)]


class Application(WSGIHandler):
    """Django with this module's one page and nothing around it."""

    def load_middleware(self, *arguments: Any, **options: Any) -> None:
        settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
        super().load_middleware(*arguments, **options)


application = Application()
