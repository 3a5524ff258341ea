from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from communities.accounts import checks

__all__ = ["CommunitiesConfig", "checks"]  # importing the checks registers them


class CommunitiesConfig(AppConfig):
    name = "communities"
    label = "communities"
    verbose_name = _("Communities")
