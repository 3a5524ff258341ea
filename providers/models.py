"""Gathers the models that the features define."""

from providers.admission.models import AdmissionEvent, ReviewCase
from providers.bindings.models import Authorisation, AuthorisationLetter, Binding
from providers.catalogue.models import ServiceItem, ServiceKind
from providers.credentials.models import Credential, CredentialType, Requirement
from providers.credit.models import CreditEvent, CreditRule, Objection
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.exchange.models import ImportFault, ImportRun
from providers.jobs.models import JobApplication, JobOpening
from providers.listings.models import Listing, ListingVersion
from providers.service_codes.models import CodeScan, ColourChange, DoorTokenUse, ServiceCode
from providers.training.models import (
    Caravan,
    CaravanStop,
    Certificate,
    Course,
    Enrolment,
    Session,
    TrainingRequest,
)
from providers.worker_file.models import FileEntry
from providers.workers.models import Leave, Worker, WorkerKind, WorkingHours, WorkLimit

__all__ = [
    "AdmissionEvent", "Authorisation", "AuthorisationLetter", "Binding", "Caravan", "CaravanStop", "Certificate",
    "CodeScan", "ColourChange", "Course", "Credential", "CredentialType", "CreditEvent", "CreditRule", "DoorTokenUse",
    "Enrolment", "Enterprise", "EnterpriseManager", "FileEntry", "ImportFault", "ImportRun", "JobApplication",
    "JobOpening", "Leave", "Listing", "ListingVersion", "Objection", "Requirement", "ReviewCase", "ServiceCode",
    "ServiceItem", "ServiceKind", "Session", "TrainingRequest", "WorkLimit", "Worker", "WorkerKind", "WorkingHours",
]  # fmt: skip
