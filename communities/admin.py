"""Gathers the administration pages that the features define."""

from communities.accounts.admin import UserAdmin
from communities.divisions.admin import DivisionAdmin
from communities.inbox.admin import NotificationAdmin
from communities.points.admin import ServicePointAdmin

__all__ = ["DivisionAdmin", "NotificationAdmin", "ServicePointAdmin", "UserAdmin"]
