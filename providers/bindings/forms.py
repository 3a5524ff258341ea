"""Forms of invitations and of what ends a binding. They give values a shape; the actions decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.accounts.forms import PhoneField
from providers.workers.models import Worker

FILL_IN = {"required": _("Please fill this in.")}


class InvitationForm(forms.Form):
    """The phone alone: what else is known of a worker is entered once they have signed."""

    phone = PhoneField(label=_("Mobile number"), error_messages={"required": _("Enter their mobile number.")})
    relation = forms.ChoiceField(
        label=_("How they will work for you"), choices=Worker.Relation.choices, widget=forms.RadioSelect,
        initial=Worker.Relation.EMPLOYEE, error_messages=FILL_IN,
    )  # fmt: skip
    note = forms.CharField(
        label=_("A word to them"), required=False, help_text=_("Your name, say, so that they know who asks.")
    )


class EndForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), error_messages=FILL_IN,
        help_text=_("The other side reads it."),
    )  # fmt: skip


class SignatureForm(forms.Form):
    """Signing the letter as somebody who is a worker already. `version` is the letter that was read."""

    version = forms.CharField(widget=forms.HiddenInput())
    signed_name = forms.CharField(
        label=_("Your own name, as your signature"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages=FILL_IN,
    )
    agreed = forms.BooleanField(
        label=_("I have read and understood the letter and give this authorisation of my own free will."),
        required=False,
    )
