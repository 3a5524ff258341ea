"""Forms of an enterprise's registration, its facts and its sub-accounts. They give values a shape; actions decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.accounts.forms import PhoneField
from communities.divisions.models import Division
from providers.enterprises.accounts import SUB_ACCOUNTS
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.enterprises.queries import district_by_code
from providers.enterprises.rules import EnterpriseFacts

FILL_IN = {"required": _("Please fill this in.")}
CHOOSE = _("Please choose the district or street from the list.")
DATE = {"type": "date"}


class FactsForm(forms.Form):
    """What is on file of an enterprise. The district is chosen from what the search found."""

    name = forms.CharField(
        label=_("Official name"), help_text=_("As it stands on the business licence."), error_messages=FILL_IN
    )
    social_credit_code = forms.CharField(
        label=_("Unified social credit code"),
        help_text=_("18 characters, on the business licence."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
        error_messages=FILL_IN,
    )
    org_type = forms.ChoiceField(
        label=_("Type of organisation"),
        choices=Enterprise.OrgType.choices,
        widget=forms.RadioSelect,
        error_messages=FILL_IN,
    )
    outlet_mode = forms.ChoiceField(label=_("Kind of outlet"), choices=Enterprise.OutletMode.choices)
    established_date = forms.DateField(
        label=_("Established on"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DATE), error_messages=FILL_IN
    )
    division = forms.CharField(
        label=_("District or street"), widget=forms.HiddenInput(), error_messages={"required": CHOOSE}
    )
    address = forms.CharField(
        label=_("Address"), help_text=_("Street, building and room of your office."), error_messages=FILL_IN
    )
    complaint_phone = forms.CharField(
        label=_("Complaint phone"),
        help_text=_("It is published: the law asks every enterprise for one."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        error_messages=FILL_IN,
    )

    def clean_division(self) -> Division:
        district = district_by_code(self.cleaned_data["division"])
        if district is None:
            raise forms.ValidationError(CHOOSE)
        return district

    def facts(self) -> EnterpriseFacts:
        """What was entered."""
        cleaned = dict(self.cleaned_data)
        cleaned.pop("legal_representative", None)
        return EnterpriseFacts(area_code=cleaned.pop("division").pk, **cleaned)


class RegisterForm(FactsForm):
    legal_representative = forms.CharField(
        label=_("Legal representative"),
        help_text=_("Your own name, as it was verified: only the legal representative registers the enterprise."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages=FILL_IN,
    )


def facts_of(enterprise: Enterprise) -> dict[str, Any]:
    """The form's values as they are on file."""
    names = ("name", "social_credit_code", "org_type", "outlet_mode", "established_date", "address", "complaint_phone")
    return {"division": enterprise.division_id, **{name: getattr(enterprise, name) for name in names}}


class RankForm(forms.Form):
    rights = forms.ChoiceField(
        label=_("Rank"),
        choices=[(one.value, one.label) for one in SUB_ACCOUNTS],
        widget=forms.RadioSelect,
        initial=EnterpriseManager.Rights.CLERK,
        error_messages=FILL_IN,
    )


class AppointForm(RankForm):
    phone = PhoneField(label=_("Their mobile number"), error_messages={"required": _("Enter their mobile number.")})

    field_order = ("phone", "rights")
