"""Gathers the administration pages that the features define."""

from providers.admission.admin import AdmissionEventAdmin, ReviewCaseAdmin
from providers.bindings.admin import AuthorisationAdmin, AuthorisationLetterAdmin, BindingAdmin
from providers.catalogue.admin import ServiceItemAdmin, ServiceKindAdmin
from providers.credentials.admin import CredentialAdmin, CredentialTypeAdmin, RequirementAdmin
from providers.credit.admin import CreditEventAdmin, CreditRuleAdmin, ObjectionAdmin
from providers.enterprises.admin import EnterpriseAdmin, EnterpriseManagerAdmin
from providers.exchange.admin import ImportFaultAdmin, ImportRunAdmin
from providers.jobs.admin import JobApplicationAdmin, JobOpeningAdmin
from providers.listings.admin import ListingAdmin, ListingVersionAdmin
from providers.service_codes.admin import CodeScanAdmin, ColourChangeAdmin, DoorTokenUseAdmin, ServiceCodeAdmin
from providers.training.admin import (
    CaravanAdmin,
    CaravanStopAdmin,
    CertificateAdmin,
    CourseAdmin,
    EnrolmentAdmin,
    SessionAdmin,
    TrainingRequestAdmin,
)
from providers.worker_file.admin import FileEntryAdmin
from providers.workers.admin import LeaveAdmin, WorkerAdmin, WorkerKindAdmin, WorkingHoursAdmin, WorkLimitAdmin

__all__ = [
    "AdmissionEventAdmin",
    "AuthorisationAdmin",
    "AuthorisationLetterAdmin",
    "BindingAdmin",
    "CaravanAdmin",
    "CaravanStopAdmin",
    "CertificateAdmin",
    "CodeScanAdmin",
    "ColourChangeAdmin",
    "CourseAdmin",
    "CredentialAdmin",
    "CredentialTypeAdmin",
    "CreditEventAdmin",
    "CreditRuleAdmin",
    "DoorTokenUseAdmin",
    "EnrolmentAdmin",
    "EnterpriseAdmin",
    "EnterpriseManagerAdmin",
    "FileEntryAdmin",
    "ImportFaultAdmin",
    "ImportRunAdmin",
    "JobApplicationAdmin",
    "JobOpeningAdmin",
    "LeaveAdmin",
    "ListingAdmin",
    "ListingVersionAdmin",
    "ObjectionAdmin",
    "RequirementAdmin",
    "ReviewCaseAdmin",
    "ServiceCodeAdmin",
    "ServiceItemAdmin",
    "ServiceKindAdmin",
    "SessionAdmin",
    "TrainingRequestAdmin",
    "WorkLimitAdmin",
    "WorkerAdmin",
    "WorkerKindAdmin",
    "WorkingHoursAdmin",
]
