"""Gathers the administration pages that the features define."""

from bookings.contracts.admin import TermsAdmin
from bookings.menus.admin import MenuAdmin, MenuEntryAdmin, SittingAdmin

__all__ = ["MenuAdmin", "MenuEntryAdmin", "SittingAdmin", "TermsAdmin"]
