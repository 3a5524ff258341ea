"""Gathers the administration pages that the features define."""

from bookings.contracts.admin import TermsAdmin
from bookings.dispatch.admin import DispatchPolicyAdmin, PointOfferAdmin, ReceiptAdmin
from bookings.lifecycle.admin import AssignmentAdmin, BookingAdmin, BookingEventAdmin, VisitAdmin
from bookings.menus.admin import MenuAdmin, MenuEntryAdmin, SittingAdmin
from bookings.money.admin import PricePolicyAdmin
from bookings.visits.admin import VisitScanAdmin

__all__ = [
    "AssignmentAdmin",
    "BookingAdmin",
    "BookingEventAdmin",
    "DispatchPolicyAdmin",
    "MenuAdmin",
    "MenuEntryAdmin",
    "PointOfferAdmin",
    "PricePolicyAdmin",
    "ReceiptAdmin",
    "SittingAdmin",
    "TermsAdmin",
    "VisitAdmin",
    "VisitScanAdmin",
]
