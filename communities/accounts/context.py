"""What every page's header and footer need."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from communities.divisions.current import current_community


def shell(request: HttpRequest) -> dict[str, Any]:
    """Mode, place and the numbers of the footer. The community is asked of the database only when it is shown."""
    return {
        "elder_mode": request.COOKIES.get("mode") == "elder",
        "embedded": settings.EMBEDDED,
        "current_community": SimpleLazyObject(lambda: current_community(request)),
        "map_tile_url": settings.MAP_TILE_URL,
        "site_owner": settings.SITE_OWNER,
        "icp_number": settings.ICP_NUMBER,
        "public_security_number": settings.PUBLIC_SECURITY_NUMBER,
    }
