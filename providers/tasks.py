"""Gathers the tasks that the features define, where Celery looks for them."""

from providers.credentials.tasks import forget_scans, remind_expiring
from providers.service_codes.tasks import recompute_all, recompute_changed

__all__ = ["recompute_all", "recompute_changed"]
