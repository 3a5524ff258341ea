"""Forms of ordering. They give values a shape; the actions decide. What is too long is told, never cut off."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bookings.lifecycle.models import Booking
from bookings.orders.rules import HEALTH_LIMIT, NOTE_LIMIT, QUESTIONS, Details
from communities.accounts.forms import PhoneField
from communities.accounts.models import CareRecipient
from communities.accounts.rules import NAME_MAX
from homeservice.kernel.clock import local
from homeservice.kernel.vocabulary import Place
from providers.catalogue.models import ServiceItem

FILL_IN = _("Please fill this in.")
EVERYBODY, SOMEBODY_NEW = "home", "new"
TOO_LONG = ngettext_lazy(
    "Please use at most %(limit_value)d character; these are %(show_value)d.",
    "Please use at most %(limit_value)d characters; these are %(show_value)d.",
    "limit_value",
)

YES = "yes"

# the questions of ordering, one to a page in the elder version
WHO, HEALTH, HOME, CHECK = "who", "health", "home", "check"
PAGES = {
    WHO: ("recipient", "new_name", "contact_name", "contact_phone"),
    HEALTH: ("health", "health_facts"),
    HOME: ("child_present", "note"),
    CHECK: ("any_enterprise", "terms"),
}


class Question(NamedTuple):
    """A plain question about the work, and whether it was answered with yes."""

    code: str
    text: Promise
    yes: bool


class WishForm(forms.Form):
    """What a resident wants and when, as it stands in the address or is sent; each value may be missing."""

    household = forms.IntegerField(required=False)
    quantity = forms.IntegerField(required=False)
    day = forms.DateField(required=False)
    starts_at = forms.DateTimeField(required=False)
    again = forms.CharField(required=False, max_length=16)

    def clean_starts_at(self) -> datetime | None:
        """The instant on our wall clock; at the ends of time there is none."""
        at: datetime | None = self.cleaned_data["starts_at"]
        try:
            return local(at) if at else None
        except OverflowError as error:
            raise forms.ValidationError(_("Please choose a time.")) from error

    def said(self, name: str) -> Any:
        """The value, or None when it is missing or makes no sense."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    def circumstances(self, asked: Iterable[str]) -> tuple[str, ...]:
        """Those of the asked ones that were answered with yes; what was not answered is a no."""
        return said_yes(self.data, asked)


def said_yes(given: Any, asked: Iterable[str]) -> tuple[str, ...]:
    """The asked circumstances that a form or an address answers with yes: `height=yes`."""
    return tuple(one for one in asked if given.get(one) == YES)


def questions_of(item: ServiceItem, answered: Iterable[str]) -> list[Question]:
    """What the item wants to know of the work, with what was answered so far."""
    yes = set(answered)
    return [Question(code, QUESTIONS[code], code in yes) for code in item.circumstances]


class LongText(forms.CharField):
    """A text of several lines: a line break counts as one character, as people count it."""

    widget = forms.Textarea(attrs={"rows": 3})
    default_error_messages = {"max_length": TOO_LONG}

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class DetailsForm(forms.Form):
    """Whom it is for, what the worker must know, and the agreement. `asked` leaves the other questions out."""

    recipient = forms.ChoiceField(
        label=_("Whom is it for?"), widget=forms.RadioSelect(), error_messages={"required": FILL_IN}
    )
    new_name = forms.CharField(label=_("Their name"), required=False, max_length=NAME_MAX)
    contact_name = forms.CharField(
        label=_("Whom may the worker ask for?"),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": FILL_IN},
    )
    contact_phone = PhoneField(label=_("Phone to call on the day"), error_messages={"required": FILL_IN})
    health = forms.ChoiceField(
        label=_("Does the person have an infectious, mental or other serious illness?"),
        help_text=_(
            "The law wants this told before a service at home (Guangdong Home Services Regulation, Article 13), so that"
            " the right worker comes prepared. Only the people who serve you see the answer."
        ),
        choices=[("none", _("No, none")), ("yes", _("Yes, namely …"))],
        widget=forms.RadioSelect(),
        error_messages={"required": _("Please answer the question about illnesses.")},
    )
    health_facts = LongText(
        label=_("Which illness, and what the worker should mind"), max_length=HEALTH_LIMIT, required=False
    )
    child_present = forms.BooleanField(label=_("A child will be at home during the visit"), required=False)
    note = LongText(
        label=_("Note to the worker"),
        help_text=_("What helps: how to find the door, pets, allergies, things to bring."),
        max_length=NOTE_LIMIT,
        required=False,
    )
    any_enterprise = forms.BooleanField(
        label=_("Another enterprise may come, at the same price or less"),
        help_text=_("If nobody of the chosen enterprise is free, we may then ask others nearby."),
        required=False,
    )
    terms = forms.BooleanField(
        label=_("I have read and accept the terms of the order"),
        error_messages={"required": _("Please read and accept the terms of the order.")},
    )

    def __init__(
        self, *args: Any, booking: Booking, recipients: Iterable[CareRecipient], asked: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(person.pk), person.name) for person in recipients]
        self.fields["recipient"].choices = [  # type: ignore[attr-defined]
            (EVERYBODY, _("For me or the whole household")), *people, (SOMEBODY_NEW, _("Somebody else of this home"))
        ]  # fmt: skip
        kept = {name for question in asked for name in PAGES[question]} - _not_asked(booking)
        for name in [*self.fields]:
            if name not in kept:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        if cleaned.get("recipient") == SOMEBODY_NEW and not cleaned.get("new_name"):
            self.add_error("new_name", FILL_IN)
        if cleaned.get("health") == "yes" and not cleaned.get("health_facts") and "health_facts" not in self.errors:
            self.add_error("health_facts", FILL_IN)
        return cleaned

    def told(self, before: Details) -> Details:
        """What was known before with the answers of this form."""
        typed = self.cleaned_data
        plain = ("contact_name", "contact_phone", "note", "child_present", "any_enterprise")
        details = replace(before, **{name: typed[name] for name in plain if name in typed})
        if "recipient" in typed and typed["recipient"] != SOMEBODY_NEW:
            who = typed["recipient"]
            details = replace(details, recipient_id=None if who == EVERYBODY else int(who))
        if "health" in typed:
            facts = typed.get("health_facts", "") if typed["health"] == "yes" else ""
            details = replace(details, health_declared=True, health_facts=facts)
        return details

    @property
    def names_somebody(self) -> str:
        """The name of somebody who is not of the household's list yet, or nothing."""
        is_new = self.cleaned_data.get("recipient") == SOMEBODY_NEW
        return str(self.cleaned_data.get("new_name", "")) if is_new else ""


def initial_of(details: Details) -> dict[str, Any]:
    """How the form looks for what is known."""
    health = "yes" if details.health_facts else "none" if details.health_declared else None
    return {
        "recipient": str(details.recipient_id or EVERYBODY), "contact_name": details.contact_name,
        "contact_phone": details.contact_phone, "health": health, "health_facts": details.health_facts,
        "child_present": details.child_present, "note": details.note, "any_enterprise": details.any_enterprise,
    }  # fmt: skip


def questions_for(booking: Booking) -> list[str]:
    """The questions that this order needs, in their order."""
    return [question for question in PAGES if question != HEALTH or booking.item.health_facts_asked]


def _not_asked(booking: Booking) -> set[str]:
    item = booking.item
    left_out = set() if item.health_facts_asked else {"health", "health_facts"}
    if item.child_contact or item.place == Place.POINT:
        left_out.add("child_present")  # known already, or of no matter
    if not item.needs_worker:
        left_out.add("any_enterprise")
    return left_out


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why? It helps the service point"), required=False, max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
