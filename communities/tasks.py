"""Gathers the tasks that the features define."""

from communities.accounts.tasks import purge_old_codes
from communities.inbox.tasks import deliver_due

__all__ = ["deliver_due", "purge_old_codes"]
