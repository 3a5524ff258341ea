"""Gathers the administration pages that the features define."""

from communities.divisions.admin import DivisionAdmin
from communities.points.admin import ServicePointAdmin

__all__ = ["DivisionAdmin", "ServicePointAdmin"]
