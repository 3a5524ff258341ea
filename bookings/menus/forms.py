"""Forms of the menu builder and the search."""

from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.menus.models import MenuEntry
from bookings.menus.rules import read_times
from homeservice.kernel.errors import DomainError
from providers.listings.models import Listing

MAX_PRICE_YUAN = 1_000_000


class EntryForm(forms.Form):
    """Price in yuan, and for what needs no worker the places and times."""

    price = forms.DecimalField(
        label=_("Price in yuan"), min_value=0, max_value=MAX_PRICE_YUAN, max_digits=9, decimal_places=2
    )
    capacity = forms.IntegerField(
        label=_("Places each time"),
        min_value=1,
        max_value=1000,
        error_messages={"required": _("Say how many places each time has.")},
    )
    sittings = forms.CharField(
        label=_("Times"),
        max_length=300,
        help_text=_("Such as 11:30, 12:30"),
        error_messages={"required": _("Give at least one time, such as 11:30.")},
    )

    def __init__(self, *args: Any, needs_worker: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price"].widget.attrs["inputmode"] = "decimal"
        if needs_worker:
            del self.fields["capacity"], self.fields["sittings"]

    def clean_sittings(self) -> list[time]:
        try:
            return read_times(self.cleaned_data["sittings"])
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal

    def terms(self) -> dict[str, Any]:
        """The valid input as arguments of the menu's actions."""
        price: Decimal = self.cleaned_data["price"]
        return {
            "price_fen": int(price * 100),
            "capacity": self.cleaned_data.get("capacity"),
            "sittings": self.cleaned_data.get("sittings", []),
        }


class SearchForm(forms.Form):
    """A few letters of what somebody looks for."""

    q = forms.CharField(label=_("What do you need?"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget = forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}
        )

    @property
    def query(self) -> str:
        """What was typed, without spaces around it; empty if it can't be searched for."""
        return str(self.cleaned_data["q"]).strip() if self.is_valid() else ""


def form_of_entry(entry: MenuEntry, data: Any = None) -> EntryForm:
    """The row's form, filled with what stands on the menu; each row has ids of its own."""
    initial = {
        "price": yuan_text(entry.price_fen),
        "capacity": entry.capacity,
        "sittings": ", ".join(start.strftime("%H:%M") for start in entry.sittings),
    }
    needs_worker = entry.listing.item.needs_worker
    return EntryForm(data, initial=initial, needs_worker=needs_worker, auto_id=f"entry-{entry.pk}-%s")


def form_of_listing(listing: Listing, data: Any = None) -> EntryForm:
    """The form that adds a listing, at the enterprise's own price unless staff lower it."""
    initial = {"price": yuan_text(listing.price_fen)}
    return EntryForm(data, initial=initial, needs_worker=listing.item.needs_worker, auto_id=f"listing-{listing.pk}-%s")


def yuan_text(fen: int) -> str:
    """`4500` as `45.00`, to be edited."""
    return f"{fen // 100}.{fen % 100:02d}"
