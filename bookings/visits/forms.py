"""What a worker types: the door code, and reasons."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from bookings.visits.candidates import Candidate
from bookings.visits.rules import DeclineReason, NoShowReason, UnsafeReason, worded_reason
from providers.workers.models import Worker


class CheckInForm(forms.Form):
    """Four digits on the telephone's number pad."""

    door_code = forms.CharField(
        label=_("Door code"),
        max_length=6,
        help_text=_("The resident tells you four digits."),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "pattern": "[0-9]*", "autocomplete": "off", "class": "hs-code hs-huge"}
        ),
    )


class ReasonForm(forms.Form):
    """A reason from a short list, with room for words. "Another reason" needs the words."""

    reason = forms.ChoiceField(label=_("Why?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In your own words"), max_length=130, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, reasons: type[TextChoices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = reasons
        self.fields["reason"].choices = reasons.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("reason") == "other" and not self.cleaned_data.get("note", "").strip():
            self.add_error("note", _("Please say it in a few words."))
        return cleaned

    def words(self) -> str:
        """The reason as it is kept. Raises what `worded_reason` raises."""
        code, note = self.cleaned_data["reason"], self.cleaned_data["note"]
        return worded_reason("" if code == "other" else str(self.reasons(code).label), note)


class AssignForm(forms.Form):
    """A worker of the enterprise, and why (when somebody is replaced); of a whole crew, also who is replaced."""

    instead_of = forms.TypedChoiceField(
        label=_("Who is replaced?"), coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    worker = forms.TypedChoiceField(label=_("Worker"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        candidates: Iterable[Candidate],
        replacing: bool,
        crew: Iterable[Worker] = (),
        size: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        able = [one for one in candidates if one.may_go]
        self.fields["worker"].choices = [(one.worker.pk, one.worker.masked_name) for one in able]  # type: ignore[attr-defined]
        self.fields["reason"].required = replacing
        places = [(one.pk, one.masked_name) for one in crew]
        if size > 1 and len(places) == size:
            self.fields["instead_of"].choices = places  # type: ignore[attr-defined]
        else:
            del self.fields["instead_of"]


REASONS: dict[str, type[TextChoices]] = {
    "decline": DeclineReason,
    "unsafe": UnsafeReason,
    "no-show": NoShowReason,
}
