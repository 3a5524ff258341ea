"""Forms of joining and of the file's entries. They give values a shape; the actions decide."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.divisions.models import Division
from communities.divisions.queries import community_by_code
from providers.bindings.forms import SignatureForm
from providers.worker_file.actions import Applicant, Entry
from providers.worker_file.models import FileEntry
from providers.workers.models import Worker

FILL_IN = {"required": _("Please fill this in.")}
DATE = {"type": "date"}
SCAN = {"accept": "image/jpeg,image/png,image/webp,application/pdf"}


class JoinForm(SignatureForm):
    """Signing as somebody who is no worker yet. Of a person with a verified identity the number is not asked again."""

    id_number = forms.CharField(
        label=_("ID number"),
        help_text=_("18 characters; the last one may be X."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages=FILL_IN,
    )
    consented = forms.BooleanField(
        label=_("I agree that my name and ID number are checked for this purpose."), required=False
    )
    community = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, identified: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if identified:
            del self.fields["id_number"], self.fields["consented"]

    def applicant(self) -> Applicant:
        """What was entered."""
        cleaned = dict(self.cleaned_data)
        names = Applicant.__dataclass_fields__
        return Applicant(
            **{**{name: value for name, value in cleaned.items() if name in names}, "community": self._community()}
        )

    def _community(self) -> Division | None:
        return community_by_code(self.cleaned_data["community"].replace("\x00", ""))


class InPersonForm(JoinForm):
    """The same, entered by a manager in the person's presence."""

    scan = forms.FileField(
        label=_("Picture of the letter signed on paper"),
        error_messages={"required": _("Add a picture of the letter that was signed on paper.")},
        widget=forms.FileInput(attrs=SCAN),
        help_text=_("JPEG, PNG, WebP or PDF, up to 10 MB."),
    )
    code = forms.CharField(
        label=_("Code that the worker reads out to you"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "hs-code"}),
        error_messages=FILL_IN,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_name"].label = _("The worker's name, as it is signed")
        self.fields["agreed"].label = _("The letter was read to the worker, who has signed it in my presence.")
        if "consented" in self.fields:
            self.fields["consented"].label = _("The worker agrees that name and ID number are checked.")


class ApplicationForm(forms.Form):
    """What belongs to the application itself."""

    relation = forms.ChoiceField(
        label=_("How you would like to work"), choices=Worker.Relation.choices, initial=Worker.Relation.EMPLOYEE,
        error_messages=FILL_IN,
    )  # fmt: skip
    note = forms.CharField(
        label=_("What you can do"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The enterprise reads it with your family name."),
    )  # fmt: skip


class EntryForm(forms.Form):
    """An entry of the file; which kinds there are depends on who writes."""

    kind = forms.ChoiceField(label=_("What it is"), error_messages=FILL_IN)
    title = forms.CharField(label=_("Title"), error_messages=FILL_IN)
    organisation = forms.CharField(label=_("Organisation"), required=False)
    from_date = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(attrs=DATE))
    to_date = forms.DateField(label=_("Until day"), required=False, widget=forms.DateInput(attrs=DATE))
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Never what a doctor, a screening or a court file says."),
    )  # fmt: skip
    scan = forms.FileField(
        label=_("Scan"), required=False, widget=forms.FileInput(attrs=SCAN),
        help_text=_("JPEG, PNG, WebP or PDF, up to 10 MB."),
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [choice for choice in FileEntry.Kind.choices if choice[0] in kinds]
        self.fields["kind"].choices = [("", _("Please choose")), *offered]  # type: ignore[attr-defined]

    def entry(self) -> Entry:
        """What was entered, but for the scan."""
        return Entry(**{name: self.cleaned_data[name] for name in Entry.__dataclass_fields__})


class RemovalForm(forms.Form):
    reason = forms.CharField(label=_("Why it is removed"), error_messages=FILL_IN)
