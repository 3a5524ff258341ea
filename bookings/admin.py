"""Gathers the administration pages that the features define."""

from bookings.contracts.admin import TermsAdmin

__all__ = ["TermsAdmin"]
