"""What an officer types before looking into a code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from homeservice.foundation.audit import PURPOSE_MAX


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label=_("What you need it for"), min_length=2, max_length=PURPOSE_MAX,
        help_text=_("The log keeps it with your name."),
    )  # fmt: skip
