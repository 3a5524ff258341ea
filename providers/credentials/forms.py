"""The form by which a paper is handed in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeservice.kernel.vocabulary import CredentialCode
from providers.credentials.papers import is_of_enterprise, level_words, levels_of

FILL_IN = {"required": _("Please fill this in.")}
DATE = {"type": "date"}


def _level_choices() -> list[Any]:
    """Exam classes and skill levels in two groups; the actions know which goes with which paper."""
    exams = [(level, level_words("HX", level)) for level in levels_of("HX")]
    skills = [(level, level_words("SK-YL", level)) for level in levels_of("SK-YL")]
    return [("", "—"), (_("Health-exam class"), exams), (_("Skill level"), skills)]


class CredentialForm(forms.Form):
    """`of_enterprise` chooses between institutions' licences and persons' papers."""

    code = forms.ChoiceField(label=_("Kind of paper"), error_messages=FILL_IN)
    level = forms.TypedChoiceField(
        label=_("Class or level"),
        choices=_level_choices,
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Health exams have a class, skill certificates a level; the others have none."),
    )
    issuer = forms.CharField(label=_("Issued by"), max_length=80, error_messages=FILL_IN)
    number = forms.CharField(label=_("Number"), max_length=60, error_messages=FILL_IN)
    valid_from = forms.DateField(label=_("Day of issue"), widget=forms.DateInput(attrs=DATE), error_messages=FILL_IN)
    valid_until = forms.DateField(
        label=_("Last day of validity"),
        widget=forms.DateInput(attrs=DATE),
        required=False,
        help_text=_("Leave it empty if the paper names none."),
    )
    scan = forms.FileField(
        label=_("Picture or scan"),
        required=False,
        help_text=_("Whole page with the seal, not cropped; JPEG, PNG, WebP or PDF, up to 10 MB."),
    )

    def __init__(self, *args: Any, of_enterprise: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = [(code, label) for code, label in CredentialCode.choices if is_of_enterprise(code) == of_enterprise]
        self.fields["code"].choices = [("", _("Please choose")), *fitting]  # type: ignore[attr-defined]
        if of_enterprise:
            del self.fields["level"]
