"""Forms of import and export. They give values a shape; the actions decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.exchange.models import ImportRun

FILL_IN = {"required": _("Please fill this in.")}


class ImportForm(forms.Form):
    subject = forms.ChoiceField(
        label=_("What is in the file"),
        choices=ImportRun.Subject.choices,
        initial=ImportRun.Subject.WORKERS,
        widget=forms.RadioSelect,
        error_messages=FILL_IN,
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("xlsx or csv, up to 10 MB and 10,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    attested = forms.BooleanField(
        label=_("Every worker in the file has signed the authorisation letter."),
        required=False,
    )


class ExportForm(forms.Form):
    subject = forms.ChoiceField(label=_("What"), choices=ImportRun.Subject.choices, error_messages=FILL_IN)
    form = forms.ChoiceField(label=_("Format"), choices=[("xlsx", "xlsx"), ("csv", "csv")], error_messages=FILL_IN)
    full = forms.BooleanField(label=_("With full names and numbers"), required=False)
    purpose = forms.CharField(
        label=_("What you need them for"),
        required=False,
        help_text=_("Needed with full names and numbers; the log keeps it."),
    )
