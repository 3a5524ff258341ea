"""Forms of the account pages. They give values a shape; the actions decide.

No field has a `maxlength`: what is too long is told, never cut off while it is typed.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.accounts.actions import RecipientFacts
from communities.accounts.models import CareRecipient
from communities.accounts.rules import mainland_mobile
from communities.divisions.models import Division
from communities.divisions.queries import community_by_code
from homeservice.kernel.clock import today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import CareLevel, Group, Sex

AGREE = _("Please read the notice and tick the box if you agree.")


def _phone_widget() -> forms.TextInput:
    return forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"})


def _code_widget() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "hs-code"})


class PhoneField(forms.CharField):
    """A mainland mobile number as people type it; clean gives its 11 digits."""

    widget = _phone_widget()

    def clean(self, value: Any) -> str:
        try:
            return mainland_mobile(super().clean(value))
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from error


class SignInForm(forms.Form):
    phone = PhoneField(label=_("Mobile number"), error_messages={"required": _("Enter your mobile number.")})
    consent = forms.BooleanField(
        label=_("I have read and agree to the privacy notice and terms of use."), error_messages={"required": AGREE}
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), widget=_code_widget(), error_messages={"required": _("Enter the six digits of the message.")}
    )


class SecondFactorForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the authenticator"),
        help_text=_("Six digits, or one of your recovery codes."),
        widget=_code_widget(),
        error_messages={"required": _("Enter the code that your authenticator shows.")},
    )


class EnrolForm(forms.Form):
    """`sealed` carries the new secret, encrypted for this person."""

    sealed = forms.CharField(widget=forms.HiddenInput())
    code = forms.CharField(
        label=_("Code of the authenticator"),
        widget=_code_widget(),
        error_messages={"required": _("Enter the code that your authenticator shows.")},
    )


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please fill this in.")},
    )


class IdentityForm(forms.Form):
    real_name = forms.CharField(
        label=_("Name on the ID card"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter the name on your ID card.")},
    )
    id_number = forms.CharField(
        label=_("ID number"),
        help_text=_("18 characters; the last one may be X."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Enter your ID number.")},
    )
    consent = forms.BooleanField(
        label=_("I agree that my name and ID number are checked for this purpose."), required=False
    )


class HouseholdForm(forms.Form):
    """The community is its 12-digit code, chosen from what the search found."""

    community = forms.CharField(
        label=_("Community"),
        widget=forms.HiddenInput(),
        error_messages={"required": _("Please choose your community or village from the list.")},
    )
    address = forms.CharField(
        label=_("Building, unit and door"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": _("Please fill this in.")},
    )
    label = forms.CharField(label=_("Name of this home"), required=False, help_text=_("For example: Home, Parents."))
    lat = forms.FloatField(required=False, widget=forms.HiddenInput())
    lon = forms.FloatField(required=False, widget=forms.HiddenInput())

    def clean_community(self) -> Division:
        community = community_by_code(self.cleaned_data["community"])
        if community is None:
            raise forms.ValidationError(_("Please choose your community or village from the list."))
        return community

    def clean(self) -> dict[str, Any]:
        """A place counts only whole: without one half it is the community's."""
        cleaned = dict(super().clean() or {})
        if cleaned.get("lat") is None or cleaned.get("lon") is None:
            cleaned["lat"] = cleaned["lon"] = None
        return cleaned


class ProxyForm(forms.Form):
    phone = PhoneField(label=_("Their mobile number"), error_messages={"required": _("Enter their mobile number.")})
    relation = forms.CharField(label=_("Relation"), required=False, help_text=_("For example: daughter, neighbour."))


def _birth_years() -> Sequence[tuple[str, str]]:
    this_year = today().year
    return [("", "—"), *((str(year), str(year)) for year in range(this_year, this_year - 121, -1))]


class RecipientForm(forms.Form):
    name = forms.CharField(label=_("Name"), error_messages={"required": _("Please fill this in.")})
    birth_year = forms.TypedChoiceField(
        label=_("Year of birth"), choices=_birth_years, coerce=int, empty_value=None, required=False
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", "—"), *Sex.choices], required=False)
    groups = forms.MultipleChoiceField(
        label=_("What describes this person"),
        choices=[choice for choice in Group.choices if choice[0] != Group.EVERYONE],
        widget=forms.CheckboxSelectMultiple(),
        required=False,
    )
    care_level = forms.TypedChoiceField(label=_("Ability"), choices=CareLevel.choices, coerce=int, initial=0)
    health_facts = forms.CharField(
        label=_("Health facts that the worker must know"),
        help_text=_("Infectious, mental or serious illness: the law wants it told before a service at home (Art 13)."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    consent = forms.BooleanField(
        label=_(
            "I agree that these health facts are kept and told to the worker who comes. I may say so for this person."
        ),
        required=False,
    )

    @staticmethod
    def of(recipient: CareRecipient) -> dict[str, Any]:
        """The initial values for a recipient."""
        names = ("name", "birth_year", "sex", "groups", "care_level", "health_facts")
        return {name: getattr(recipient, name) for name in names}

    def facts(self) -> RecipientFacts:
        """What was typed, as the action takes it."""
        typed = {key: value for key, value in self.cleaned_data.items() if key != "consent"}
        return RecipientFacts(**{**typed, "groups": tuple(typed["groups"])})
