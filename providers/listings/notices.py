"""The posted terms of a listing as residents read them."""

from collections.abc import Sequence
from dataclasses import replace

from providers.listings.models import Listing, ListingVersion
from providers.listings.queries import area_names, posted_by
from providers.listings.rules import true_compared_price
from providers.listings.wording import Notice, notice_of


def notice_in_force(listing: Listing, versions: Sequence[ListingVersion], *, price_fen: int | None = None) -> Notice:
    """What the listing posts now, with a menu's own price where it is lower. No query, one with areas.

    `versions` are all that it ever posted, the latest first. For the page of an item, which shows the catalogue's steps: they are told again only where the enterprise's differ.
    """
    posted = posted_by(versions[0], listing.item)
    was_fen = true_compared_price([(row.published_at, row.price_fen) for row in reversed(versions)])
    notice = notice_of(posted, listing.item, area_names=area_names([posted]), price_fen=price_fen, was_fen=was_fen)
    done, not_done = (tuple(steps) for steps in (listing.item.includes, listing.item.excludes))
    return (
        replace(notice, includes=(), excludes=()) if (notice.includes, notice.excludes) == (done, not_done) else notice
    )
