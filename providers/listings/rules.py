"""What an enterprise may ask for an item. Pure."""

from django.utils.translation import gettext as _

from homeservice.kernel.errors import DomainError
from homeservice.kernel.money import yuan

TIMES_ABOVE = 3  # the catalogue's range is illustrative; three times its top is a slip of the keyboard


def why_not_price(price_fen: int, low_fen: int, high_fen: int) -> DomainError | None:
    """Why a unit price can't stand beside the catalogue's range, or None. An item may be free if the range begins at 0."""
    if price_fen < 0 or (price_fen == 0 and low_fen > 0):
        return DomainError("listing_price", _("The price must be more than ¥0.00."), field="price")
    most = high_fen * TIMES_ABOVE
    if price_fen > most:
        message = _("This is far above the usual %(low)s to %(high)s. Please check the price.")
        words = {"low": yuan(low_fen), "high": yuan(high_fen)}
        return DomainError("listing_price", message % words, field="price")
    return None
