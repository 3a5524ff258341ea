"""NUL characters: nobody types them, and PostgreSQL cannot hold them in a text."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


class WithoutNul:
    """Drops them from the query; an address with one names nothing. What is sent by POST is the forms' concern."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Raises Http404 from where the view would: the page for it knows who is signed in."""
        if "\x00" in request.path_info:
            raise Http404
