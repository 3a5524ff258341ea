"""The versions of a listing with what each changed. At most two queries."""

from dataclasses import dataclass
from itertools import pairwise

from providers.listings.models import Listing, ListingVersion
from providers.listings.queries import area_names, posted_by, versions_of
from providers.listings.wording import Change, differences


@dataclass(frozen=True, slots=True)
class PastVersion:
    """A version, and how it differs from the one before it; the first one differs from nothing."""

    version: ListingVersion
    changes: list[Change]


def past_versions(listing: Listing) -> list[PastVersion]:
    """All versions, the latest first."""
    rows = versions_of(listing)
    posted = [posted_by(row, listing.item) for row in rows]
    names = area_names(posted)
    changes = [differences(older, newer, listing.item, names) for newer, older in pairwise(posted)]
    return [PastVersion(row, change) for row, change in zip(rows, [*changes, []], strict=True)]
