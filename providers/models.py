"""Gathers the models that the features define."""

from providers.catalogue.models import ServiceItem, ServiceKind
from providers.credentials.models import Credential, Requirement
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.listings.models import Listing
from providers.workers.models import Leave, Worker, WorkerKind, WorkingHours

__all__ = [
    "Credential",
    "Enterprise",
    "EnterpriseManager",
    "Leave",
    "Listing",
    "Requirement",
    "ServiceItem",
    "ServiceKind",
    "Worker",
    "WorkerKind",
    "WorkingHours",
]
