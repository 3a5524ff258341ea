"""What every page's header and footer need."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Mode, language and the numbers of the footer."""
    return {
        "elder_mode": request.COOKIES.get("mode") == "elder",
        "embedded": settings.EMBEDDED,
        "site_owner": settings.SITE_OWNER,
        "icp_number": settings.ICP_NUMBER,
        "public_security_number": settings.PUBLIC_SECURITY_NUMBER,
    }
