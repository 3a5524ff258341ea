"""Forms of credit. They give values a shape; the actions decide."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from providers.credit.models import CreditEvent, CreditRule, Objection

FILL_IN = {"required": _("Please fill this in.")}
LINES = forms.Textarea(attrs={"rows": 5})


class HolderSearchForm(forms.Form):
    q = forms.CharField(
        label=_("Whom it is about"),
        required=False,
        help_text=_("An enterprise's name or credit code, or a worker's mobile number."),
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class EventForm(forms.Form):
    """What is recorded: the rule decides points and duration."""

    rule = forms.ModelChoiceField(
        label=_("Kind of record"),
        queryset=CreditRule.objects.none(),
        empty_label=_("Please choose"),
        error_messages=FILL_IN,
    )
    occurred_date = forms.DateField(
        label=_("When"), widget=forms.DateInput(attrs={"type": "date"}), error_messages=FILL_IN
    )
    source = forms.ChoiceField(label=_("Who says so"), choices=CreditEvent.Source.choices)
    source_name = forms.CharField(label=_("Name of the source"), error_messages=FILL_IN)
    document_no = forms.CharField(label=_("Document number"), required=False)
    summary = forms.CharField(
        label=_("In a sentence"),
        help_text=_("What was done, never anything of health, belief or the body."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=FILL_IN,
    )
    file = forms.FileField(
        label=_("Scan of the document"),
        required=False,
        help_text=_("JPEG, PNG, WebP or PDF, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )

    def __init__(self, *args: Any, rules: QuerySet[CreditRule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rule"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rules
        field.label_from_instance = _rule_words  # type: ignore[method-assign,assignment]


class ObjectionForm(forms.Form):
    text = forms.CharField(label=_("What is not right, and how you know"), widget=LINES, error_messages=FILL_IN)


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Objection.Outcome.choices, widget=forms.RadioSelect, error_messages=FILL_IN
    )
    answer = forms.CharField(
        label=_("Reasons"), help_text=_("The holder reads them."), widget=LINES, error_messages=FILL_IN
    )


def _rule_words(rule: CreditRule) -> str:
    """`Complaint upheld (-5)`."""
    return f"{rule.name} ({rule.points:+d})"
