"""Forms of the enterprise's listings. Prices are typed in yuan and shares in percent; fen and basis points are kept."""

from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.divisions.models import Division
from homeservice.kernel.money import yuan
from providers.catalogue.models import ServiceItem
from providers.listings.models import Listing
from providers.listings.queries import items_to_offer
from providers.listings.rules import MOST_ADD_ONS, NIGHT, PLATFORM_TIERS, AddOn, Posted, Tier

FILL_IN = {"required": _("Please fill this in.")}
LINES = {"rows": 5}
SPARE_ADD_ONS = 2


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


class PercentField(forms.DecimalField):
    """`20` as 2000 basis points; empty is none."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        messages = {"invalid": _("Enter a percentage, for example 20.")}
        super().__init__(
            max_digits=5,
            decimal_places=2,
            min_value=0,
            required=False,
            widget=widget,
            error_messages=messages,
            **kwargs,
        )

    def clean(self, value: Any) -> int:  # type: ignore[override]
        return int((super().clean(value) or Decimal(0)) * 100)

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 100:g}" if isinstance(value, int) else value


class LinesField(forms.CharField):
    """A text of lines as a tuple of them, without empty ones."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs=LINES), error_messages=FILL_IN, **kwargs)

    def clean(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]
        lines = (line.strip() for line in str(super().clean(value)).splitlines())
        return tuple(line for line in lines if line)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, tuple) else value


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


class ListingSearchForm(forms.Form):
    q = forms.CharField(
        label=_("Enterprise or service"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )


class PriceForm(forms.Form):
    price = YuanField(label=_("Unit price in yuan"))


class TermsForm(forms.Form):
    """Everything that a version posts. `seen_no` is the version that the person looked at."""

    seen_no = forms.IntegerField(widget=forms.HiddenInput())
    price = YuanField(label=_("Unit price in yuan"))
    min_quantity = forms.IntegerField(label=_("Least quantity"), required=False, min_value=1, max_value=1000)
    areas = forms.MultipleChoiceField(
        label=_("Areas"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: wherever a service point carries it."),
    )  # fmt: skip
    includes_zh = LinesField(label=_("What is done for this price, in Chinese"), help_text=_("A line for each step."))
    includes_en = LinesField(label=_("The same in English"), required=False)
    excludes_zh = LinesField(label=_("What is not done, in Chinese"), required=False)
    excludes_en = LinesField(label=_("The same in English"), required=False)
    holiday_percent = PercentField(label=_("Added on statutory holidays, in percent"))
    night_percent = PercentField(label=_("Added at night, in percent"))
    night_from = forms.TimeField(
        label=_("The night begins"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    night_until = forms.TimeField(
        label=_("The night ends"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    travel_yuan_per_km = YuanField(label=_("Way, yuan a kilometre"), required=False, min_value=0)
    travel_free_km = forms.DecimalField(
        label=_("Kilometres free of charge"), required=False, min_value=0, max_value=100, max_digits=5, decimal_places=1
    )
    cancel_4 = PercentField(
        label=_("Cancelled 4 to 12 hours before, percent of the price"),
        help_text=_("At most 20; earlier is always free."),
    )
    cancel_0 = PercentField(label=_("Cancelled later, percent of the price"), help_text=_("At most 50."))
    terms_zh = forms.CharField(
        label=_("Further terms in Chinese"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    terms_en = forms.CharField(label=_("The same in English"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, counties: Sequence[Division], add_ons: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = self.fields["areas"]
        assert isinstance(areas, forms.MultipleChoiceField)
        areas.choices = [(one.pk, one.short_name) for one in counties]
        self.add_on_count = min(add_ons + SPARE_ADD_ONS, MOST_ADD_ONS)
        for number in range(self.add_on_count):
            self.fields[f"add_on_{number}_zh"] = forms.CharField(label=_("Name in Chinese"), required=False)
            self.fields[f"add_on_{number}_en"] = forms.CharField(label=_("In English"), required=False)
            self.fields[f"add_on_{number}_price"] = YuanField(label=_("Yuan"), required=False)

    def add_on_rows(self) -> list[tuple[Any, Any, Any]]:
        """The bound fields of each add-on."""
        parts = ("zh", "en", "price")
        return [tuple(self[f"add_on_{n}_{part}"] for part in parts) for n in range(self.add_on_count)]  # type: ignore[misc]

    def posted(self) -> Posted:
        """What was entered, as values."""
        cleaned = self.cleaned_data
        tiers: tuple[Tier, ...] = ((12, 0), (4, cleaned["cancel_4"]), (0, cleaned["cancel_0"]))
        names = ("min_quantity", "includes_zh", "includes_en", "excludes_zh", "excludes_en", "terms_zh", "terms_en")
        return Posted(
            price_fen=cleaned["price"],
            areas=tuple(sorted(cleaned["areas"])),
            add_ons=tuple(self._add_ons()),
            holiday_bp=cleaned["holiday_percent"],
            night_bp=cleaned["night_percent"],
            night_from=cleaned["night_from"] if cleaned["night_percent"] else None,
            night_until=cleaned["night_until"] if cleaned["night_percent"] else None,
            travel_free_m=int((cleaned["travel_free_km"] or 0) * 1000) if cleaned["travel_yuan_per_km"] else 0,
            travel_fen_per_km=cleaned["travel_yuan_per_km"] or 0,
            cancel_tiers=() if tiers == PLATFORM_TIERS else tiers,
            **{name: cleaned[name] for name in names},
        )

    def _add_ons(self) -> list[AddOn]:
        rows = []
        for number in range(self.add_on_count):
            zh, en, price = (self.cleaned_data[f"add_on_{number}_{part}"] for part in ("zh", "en", "price"))
            if zh or en or price:
                rows.append(AddOn(zh, price or 0, en))
        return rows


def typed_of(posted: Posted, version_no: int) -> dict[str, Any]:
    """The fields of `TermsForm` as they stand in a version."""
    tiers = dict(posted.cancel_tiers or PLATFORM_TIERS)
    same = ("min_quantity", "includes_zh", "includes_en", "excludes_zh", "excludes_en", "terms_zh", "terms_en")
    typed: dict[str, Any] = {name: getattr(posted, name) for name in same}
    for number, one in enumerate(posted.add_ons):
        typed |= {
            f"add_on_{number}_zh": one.name_zh, f"add_on_{number}_en": one.name_en, f"add_on_{number}_price": one.price_fen
        }  # fmt: skip
    night: tuple[time | None, time | None] = (posted.night_from, posted.night_until) if posted.night_bp else NIGHT
    return typed | {
        "seen_no": version_no,
        "price": posted.price_fen,
        "areas": list(posted.areas),
        "holiday_percent": posted.holiday_bp,
        "night_percent": posted.night_bp,
        "night_from": night[0],
        "night_until": night[1],
        "travel_yuan_per_km": posted.travel_fen_per_km,
        "travel_free_km": posted.travel_free_m / 1000,
        "cancel_4": tiers.get(4, 0),
        "cancel_0": tiers.get(0, 0),
    }


def item_words(item: ServiceItem) -> str:
    """`Everyday cleaning (¥38.00–¥55.00 / hour)`."""
    return f"{item.name} ({yuan(item.price_low_fen)}–{yuan(item.price_high_fen)} / {item.get_unit_display()})"
