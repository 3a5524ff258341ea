"""Gathers the models that the features define."""

from communities.accounts.models import (
    CareRecipient,
    Consent,
    Household,
    HouseholdMember,
    Identity,
    OneTimeCode,
    StaffPost,
    User,
)
from communities.divisions.models import Division
from communities.inbox.models import Delivery, Notification
from communities.points.models import PointClosure, PointHours, PointStaff, ServicePoint

__all__ = [
    "CareRecipient",
    "Consent",
    "Delivery",
    "Division",
    "Household",
    "HouseholdMember",
    "Identity",
    "Notification",
    "OneTimeCode",
    "PointClosure",
    "PointHours",
    "PointStaff",
    "ServicePoint",
    "StaffPost",
    "User",
]
