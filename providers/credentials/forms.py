"""The forms by which a paper is handed in, renewed or revoked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from homeservice.foundation.models import Upload
from homeservice.kernel.errors import DomainError
from providers.credentials.actions import REASON_MAX
from providers.credentials.keeping import keep_scan, kept_scan, token_of
from providers.credentials.models import CredentialType
from providers.credentials.papers import PaperType, level_words, why_not_scan

FILL_IN = {
    "required": _("Please fill this in."),
    "invalid": _("Enter a day as year-month-day, for example 2026-11-23."),
}
DATE = {"type": "date"}


class ScanForm(forms.Form):
    """A form with a picture of a paper. What was chosen is kept while something else is refused, so that nobody has
    to choose it twice: `stored` holds it after `keep`."""

    scan = forms.FileField(
        label=_("Picture or scan"),
        required=False,
        allow_empty_file=True,
        help_text=_("Whole page with the seal, not cropped; JPEG, PNG, WebP or PDF, up to 10 MB."),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    stored: Upload | None = None

    def expect(self, kind: PaperType | None) -> None:
        """Says beside the field whether such a paper needs a scan. Only for the eye: `keep` decides."""
        self.fields["scan"].required = bool(kind and kind.scan_needed and not self.stored)

    def keep(self, kind: PaperType | None, *, actor_id: int, at: datetime) -> None:
        """Stores the chosen file, or finds the one kept before. What is wrong with it stands beside the field."""
        try:
            self.stored = self._stored(kind, actor_id, at)
        except DomainError as error:
            self.add_error("scan", str(error.message))
        typed: QueryDict = self.data.copy()  # type: ignore[attr-defined]
        typed["kept"] = token_of(self.stored) if self.stored else ""
        self.data = typed

    def _stored(self, kind: PaperType | None, actor_id: int, at: datetime) -> Upload | None:
        chosen, before = self.files.get("scan"), kept_scan(self.data.get("kept", ""), actor_id=actor_id)
        refusal = why_not_scan(kind, scanned=bool(chosen or before)) if kind else None
        if refusal:
            raise refusal
        return keep_scan(file=chosen, actor_id=actor_id, at=at) if chosen else before


class ValidityForm(ScanForm):
    """The renewed paper: its new validity, and its scan."""

    valid_from = forms.DateField(label=_("Day of issue"), widget=forms.DateInput(attrs=DATE), error_messages=FILL_IN)
    valid_until = forms.DateField(
        label=_("Last day of validity"),
        widget=forms.DateInput(attrs=DATE),
        required=False,
        error_messages=FILL_IN,
        help_text=_("Leave it empty if the paper names none."),
    )
    field_order = ["valid_from", "valid_until", "scan", "kept"]


class CredentialForm(ValidityForm):
    """`types` are those that the holder may have: institutions' licences or persons' papers."""

    code = forms.ChoiceField(label=_("Kind of paper"), error_messages=FILL_IN)
    level = forms.TypedChoiceField(
        label=_("Class or level"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Health exams have a class, skill certificates a level; the others have none."),
    )
    issuer = forms.CharField(label=_("Issued by"), max_length=80, error_messages=FILL_IN)
    number = forms.CharField(label=_("Number"), max_length=60, error_messages=FILL_IN)
    field_order = ["code", "level", "issuer", "number", "valid_from", "valid_until", "scan", "kept"]

    def __init__(self, *args: Any, types: Sequence[CredentialType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["code"]
        choices.choices = [("", _("Please choose")), *((one.code, str(one)) for one in types)]
        levels: Any = self.fields["level"]
        levels.choices = _level_choices(types)
        if len(levels.choices) == 1:
            del self.fields["level"]


def _level_choices(types: Sequence[CredentialType]) -> list[Any]:
    """Exam classes and skill levels in two groups; the rules know which goes with which paper."""
    exams = {level: level_words(one.code, level) for one in types if one.form == one.Form.EXAM for level in one.levels}
    skills = {level: level_words(one.code, level) for one in types if one.form != one.Form.EXAM for level in one.levels}
    groups = [
        (_("Health-exam class"), sorted(exams.items())),
        (_("Skill level"), sorted(skills.items(), reverse=True)),
    ]
    return [("", "—"), *(group for group in groups if group[1])]


class RevokeForm(forms.Form):
    """Why a paper is taken out of force."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Whom it concerns will read it. No personal data of others."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REASON_MAX,
        error_messages={"required": _("Please say why.")},
    )
