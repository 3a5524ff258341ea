"""Joining with a checked identity, and the entries of a worker's file."""

from providers.worker_file.actions.entries import Entry, add_entry, remove_entry
from providers.worker_file.actions.joining import Applicant, apply_to_work, join_enterprise, join_in_person

__all__ = [
    "Applicant",
    "Entry",
    "add_entry",
    "apply_to_work",
    "join_enterprise",
    "join_in_person",
    "remove_entry",
]
