"""Gathers the tasks that the features define, where Celery looks for them."""

from providers.service_codes.tasks import recompute_changed

__all__ = ["recompute_changed"]
