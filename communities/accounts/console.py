"""The administration pages open by our own sign-in and second factor; there are no passwords."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from homeservice.kernel.access import has_second_factor
from homeservice.kernel.web import safe_next


class Console(AdminSite):
    """Django's administration, for active staff of this session's second factor."""

    site_header = _("Administration of the community home services")
    site_title = _("Administration")
    index_title = _("Tables")

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and has_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """To the missing step, and back; 403 for people who have no business here."""
        onward = safe_next(request, resolve_url("admin:index"))
        if self.has_permission(request):
            return HttpResponseRedirect(onward)
        if request.user.is_authenticated and not request.user.is_staff:
            raise PermissionDenied
        step = "second_factor" if request.user.is_authenticated else "sign_in"
        return HttpResponseRedirect(f"{resolve_url(step)}?{urlencode({'next': onward})}")


class ConsoleConfig(AdminConfig):
    """Django's admin application with our site as its default."""

    default_site = "communities.accounts.console.Console"
