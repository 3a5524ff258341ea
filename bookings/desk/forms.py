"""What staff type: answers, reasons and purposes, a search, and what the order of an elder needs."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.orders.rules import HEALTH_LIMIT, NOTE_LIMIT, Details
from communities.accounts.models import CareRecipient, User
from communities.divisions.models import Division
from communities.divisions.queries import find_communities
from communities.points.models import ServicePoint
from homeservice.kernel.vocabulary import Channel

REVEALED = {"contact_phone": _("Telephone"), "address": _("Door"), "health_facts": _("Health facts")}


class WordsForm(forms.Form):
    """One line of words: a reason, or a purpose."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class RevealForm(forms.Form):
    """What to look at, and what for."""

    field = forms.ChoiceField(label=_("What to show"), choices=list(REVEALED.items()), widget=forms.RadioSelect)
    purpose = forms.CharField(label=_("What do you need it for?"), max_length=200)


class SearchForm(forms.Form):
    """Sent by POST: telephone numbers and names stay out of addresses and logs."""

    text = forms.CharField(
        label=_("Telephone number, booking number or name"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class DayForm(forms.Form):
    """Which point's list of which day."""

    point = forms.ModelChoiceField(label=_("Service point"), queryset=ServicePoint.objects.none(), empty_label=None)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, points: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].queryset = points  # type: ignore[attr-defined]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("Please choose a day of these years."))
        return day


class CallerForm(forms.Form):
    """Who is at the desk or on the telephone, and that they agreed."""

    phone = forms.CharField(
        label=_("The person's mobile number"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    channel = forms.ChoiceField(
        label=_("How does the person reach us?"),
        choices=[(Channel.DESK, Channel.DESK.label), (Channel.PHONE, Channel.PHONE.label)],
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(
        label=_("I said this, and the person agreed."),
        error_messages={"required": _("Please read the notice to the person, and tick the box when they have agreed.")},
    )


class HomeForm(forms.Form):
    """Where the person lives. A name that fits several communities comes back as a choice."""

    community_name = forms.CharField(label=_("Community"), max_length=40, help_text=_("Two characters are enough."))
    community = forms.ChoiceField(label=_("Which of them?"), required=False, widget=forms.RadioSelect)
    address = forms.CharField(label=_("Building, unit and door"), max_length=100)

    def __init__(self, *args: Any, near: Division | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near = near
        self.found: list[Division] = []
        if self.is_bound:
            self.found = find_communities(str(self.data.get("community_name", "")), near=near, limit=8)
        self.fields["community"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.path_name} {one.name}".strip()) for one in self.found
        ]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        chosen = self.cleaned_data.get("community")
        fitting = [one for one in self.found if one.pk == chosen] or (self.found if len(self.found) == 1 else [])
        if fitting:
            self.cleaned_data["division"] = fitting[0]
        elif self.found:
            self.add_error("community", _("Please choose one of these."))
        elif self.cleaned_data.get("community_name"):
            self.add_error(
                "community_name", _("There is no community of this name. Please try another way of writing it.")
            )
        return cleaned


class RegisterForm(HomeForm, CallerForm):
    """A person without an account."""

    name = forms.CharField(label=_("Name"), max_length=40)
    field_order = ["phone", "channel", "name", "community_name", "community", "address", "consent"]


class IdentityForm(forms.Form):
    """Name and ID number, typed for the person."""

    real_name = forms.CharField(label=_("Name on the ID card"), max_length=40)
    id_number = forms.CharField(
        label=_("ID number"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    consent = forms.BooleanField(
        label=_("The person agrees that name and ID number are checked."),
        error_messages={"required": _("Please tick the box when the person has agreed.")},
    )


class HoldForm(forms.Form):
    """The wish and the time that was chosen."""

    household = forms.IntegerField()
    entry = forms.IntegerField()
    quantity = forms.IntegerField(min_value=1, max_value=999)
    starts_at = forms.CharField(error_messages={"required": _("Please choose a time.")})

    def clean_starts_at(self) -> datetime:
        try:
            at = datetime.fromisoformat(self.cleaned_data["starts_at"])
        except ValueError as error:
            raise forms.ValidationError(_("Please choose a time.")) from error
        if at.tzinfo is None:
            raise forms.ValidationError(_("Please choose a time."))
        return at


class DetailsForm(forms.Form):
    """What the law and the worker want to know before the order is placed."""

    recipient = forms.TypedChoiceField(label=_("Who is it for?"), coerce=int, empty_value=None, required=False)
    contact_name = forms.CharField(label=_("Contact"), max_length=40)
    contact_phone = forms.CharField(
        label=_("Contact's telephone"), max_length=20, required=False, help_text=_("Empty: the resident's own number.")
    )
    note = forms.CharField(
        label=_("Note for the worker"), max_length=NOTE_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    health = forms.ChoiceField(
        label=_("Does anybody at home have an infectious, mental or other serious illness? (The law wants it told.)"),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        widget=forms.RadioSelect,
        required=False,
    )
    health_facts = forms.CharField(
        label=_("Which illness?"), max_length=HEALTH_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    child_present = forms.BooleanField(label=_("A child will be at home."), required=False)
    any_enterprise = forms.BooleanField(
        label=_("Another enterprise may come at the same price or less."), required=False
    )
    terms = forms.BooleanField(
        label=_("I read out the main terms, and the person accepts them."),
        error_messages={"required": _("The order needs the person's yes to the terms.")},
    )

    def __init__(self, *args: Any, recipients: Iterable[CareRecipient], asks_health: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(one.pk, one.name) for one in recipients]
        self.fields["recipient"].choices = [("", _("The resident")), *people]  # type: ignore[attr-defined]
        if not people:
            del self.fields["recipient"]
        if asks_health:
            self.fields["health"].required = True
        else:
            del self.fields["health"], self.fields["health_facts"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("health") == "yes" and not self.cleaned_data.get("health_facts", "").strip():
            self.add_error("health_facts", _("Please name the illness."))
        return cleaned

    def details(self, *, resident: User, terms_version: str) -> Details:
        """The valid input as the order's details."""
        given = self.cleaned_data
        return Details(
            contact_name=given["contact_name"],
            contact_phone=given["contact_phone"] or resident.phone,
            recipient_id=given.get("recipient"),
            note=given["note"],
            health_facts=given.get("health_facts", "") if given.get("health") == "yes" else "",
            health_declared=bool(given.get("health")),
            child_present=given["child_present"],
            any_enterprise=given["any_enterprise"],
            terms_version=terms_version,
        )
