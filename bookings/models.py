"""Gathers the models that the features define."""

from bookings.contracts.models import Terms
from bookings.dispatch.models import DispatchPolicy, PointOffer, Receipt
from bookings.lifecycle.models import Assignment, Booking, BookingEvent, Visit
from bookings.menus.models import Menu, MenuEntry, Sitting
from bookings.money.models import PricePolicy
from bookings.visits.models import VisitScan

__all__ = [
    "Assignment",
    "Booking",
    "BookingEvent",
    "DispatchPolicy",
    "Menu",
    "MenuEntry",
    "PointOffer",
    "PricePolicy",
    "Receipt",
    "Sitting",
    "Terms",
    "Visit",
    "VisitScan",
]
