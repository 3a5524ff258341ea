"""Codes are issued, change their colour, and are looked at."""

from providers.service_codes.actions.colours import recompute, recompute_all, recompute_changed
from providers.service_codes.actions.scans import Visitor, look, open_door

__all__ = ["Visitor", "look", "open_door", "recompute", "recompute_all", "recompute_changed"]
