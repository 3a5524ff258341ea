"""Gathers the administration pages that the features define."""

from providers.catalogue.admin import ServiceItemAdmin, ServiceKindAdmin
from providers.credentials.admin import CredentialAdmin, RequirementAdmin
from providers.enterprises.admin import EnterpriseAdmin, EnterpriseManagerAdmin
from providers.listings.admin import ListingAdmin
from providers.workers.admin import LeaveAdmin, WorkerAdmin, WorkerKindAdmin, WorkingHoursAdmin

__all__ = [
    "CredentialAdmin",
    "EnterpriseAdmin",
    "EnterpriseManagerAdmin",
    "LeaveAdmin",
    "ListingAdmin",
    "RequirementAdmin",
    "ServiceItemAdmin",
    "ServiceKindAdmin",
    "WorkerAdmin",
    "WorkerKindAdmin",
    "WorkingHoursAdmin",
]
