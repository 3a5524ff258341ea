"""Codes are issued, and change their colour."""

from datetime import datetime


def recompute_changed(*, at: datetime) -> int:
    """Each code whose holder's papers changed since, or whose colour has run out, shows what is so. How many changed."""
    return 0
