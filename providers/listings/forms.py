"""Forms of the enterprise's listings. Prices are typed in yuan and kept in fen."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeservice.kernel.money import yuan
from providers.catalogue.models import ServiceItem
from providers.listings.models import Listing
from providers.listings.queries import items_to_offer

FILL_IN = {"required": _("Please fill this in.")}


class YuanField(forms.DecimalField):
    """`45.5` as 4550 fen."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        messages = {**FILL_IN, "invalid": _("Enter an amount in yuan, for example 45.00.")}
        super().__init__(max_digits=8, decimal_places=2, widget=widget, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> int | None:  # type: ignore[override]
        amount = super().clean(value)
        return None if amount is None else int((amount * 100).to_integral_value())

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value) / 100:.2f}" if isinstance(value, int) else value


class OfferForm(forms.Form):
    """An item of the catalogue with its usual price beside the name."""

    item = forms.ModelChoiceField(
        label=_("Service"),
        queryset=ServiceItem.objects.none(),
        to_field_name="code",
        empty_label=_("Please choose"),
        error_messages=FILL_IN,
    )
    tier = forms.ChoiceField(label=_("Tier"), choices=Listing.Tier.choices, initial=Listing.Tier.STANDARD)
    price = YuanField(label=_("Unit price in yuan"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["item"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = items_to_offer()
        field.label_from_instance = item_words  # type: ignore[method-assign,assignment]


class PriceForm(forms.Form):
    price = YuanField(label=_("Unit price in yuan"))


def item_words(item: ServiceItem) -> str:
    """`Everyday cleaning (¥38.00–¥55.00 / hour)`."""
    return f"{item.name} ({yuan(item.price_low_fen)}–{yuan(item.price_high_fen)} / {item.get_unit_display()})"
