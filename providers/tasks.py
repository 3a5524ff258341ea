"""Gathers the tasks that the features define, where Celery looks for them."""

from providers.admission.tasks import open_cases
from providers.credentials.tasks import forget_scans, remind_expiring
from providers.credit.tasks import remind as remind_of_objections
from providers.exchange.tasks import check as check_imports
from providers.exchange.tasks import forget_files, take_over
from providers.service_codes.tasks import recompute_all, recompute_changed
from providers.training.tasks import close_ended, enter_certificates

__all__ = [
    "check_imports",
    "close_ended",
    "enter_certificates",
    "forget_files",
    "forget_scans",
    "open_cases",
    "recompute_all",
    "recompute_changed",
    "remind_expiring",
    "remind_of_objections",
    "take_over",
]
