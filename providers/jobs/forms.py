"""Forms of jobs near home. Pay is typed in yuan and kept in fen; the actions decide."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeservice.kernel.clock import at_local
from providers.jobs.actions import OpeningFacts
from providers.jobs.models import JobOpening
from providers.jobs.queries import Wanted
from providers.jobs.rules import Terms
from providers.training.forms import DATE, FILL_IN, TIME, CommunityField, KindField, kind_choices, of_these_years
from providers.workers.models import Worker

YUAN_MAX = 99_999
ANY = [("", _("All"))]


def _yuan_field(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=YUAN_MAX, decimal_places=2, error_messages=FILL_IN,
    )  # fmt: skip


class JobFilterForm(forms.Form):
    kind = forms.ChoiceField(label=_("Service"), required=False)
    relation = forms.ChoiceField(label=_("How one works"), required=False, choices=[*ANY, *Worker.Relation.choices])
    pay_unit = forms.ChoiceField(label=_("Paid by the"), required=False, choices=[*ANY, *JobOpening.PayUnit.choices])
    pay = forms.DecimalField(
        label=_("At least (yuan)"), required=False, min_value=0, max_value=YUAN_MAX, decimal_places=2
    )
    trains = forms.BooleanField(label=_("Trains newcomers"), required=False)
    lodging = forms.BooleanField(label=_("Offers lodging"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [*ANY, *kind_choices()]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What fits of the query; what doesn't is passed over, as if it had not been asked."""
        self.is_valid()
        cleaned = self.cleaned_data
        return Wanted(
            kind=cleaned.get("kind", ""), relation=cleaned.get("relation", ""), pay_unit=cleaned.get("pay_unit", ""),
            pay_fen=int((cleaned.get("pay") or 0) * 100), trains=bool(cleaned.get("trains")),
            lodging=bool(cleaned.get("lodging")),
        )  # fmt: skip


class OpeningForm(forms.Form):
    title = forms.CharField(label=_("Title"), error_messages=FILL_IN)
    kind = KindField()
    relation = forms.ChoiceField(label=_("How one works"), choices=Worker.Relation.choices)
    duties = forms.CharField(
        label=_("What is to be done"), widget=forms.Textarea(attrs={"rows": 4}), error_messages=FILL_IN
    )
    hours_words = forms.CharField(
        label=_("Working hours"), help_text=_("For example: 6 days a week, 8:00 to 17:00."), error_messages=FILL_IN
    )
    pay_low = _yuan_field(_("Pay from (yuan)"))
    pay_high = _yuan_field(_("Pay up to (yuan)"))
    pay_unit = forms.ChoiceField(label=_("Paid by the"), choices=JobOpening.PayUnit.choices)
    trains = forms.BooleanField(label=_("We train newcomers"), required=False)
    lodging = forms.BooleanField(label=_("We offer lodging"), required=False)
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=500, error_messages=FILL_IN)
    closes_date = forms.DateField(
        label=_("Last day to apply"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"), error_messages=FILL_IN
    )
    community = CommunityField()

    def clean_closes_date(self) -> date | None:
        return of_these_years(self.cleaned_data["closes_date"])

    def facts(self) -> OpeningFacts:
        cleaned = self.cleaned_data
        terms = Terms(
            pay_low_fen=int(cleaned["pay_low"] * 100), pay_high_fen=int(cleaned["pay_high"] * 100),
            places=cleaned["places"], closes_date=cleaned["closes_date"],
        )  # fmt: skip
        names = ("community", "kind", "relation", "title", "duties", "hours_words", "pay_unit", "trains", "lodging")
        return OpeningFacts(terms=terms, **{name: cleaned[name] for name in names})

    @staticmethod
    def of(opening: JobOpening) -> dict[str, Any]:
        """The initial values for an opening."""
        names = ("title", "relation", "duties", "hours_words", "pay_unit", "trains", "lodging", "places", "closes_date")
        known = {name: getattr(opening, name) for name in names}
        pay = {f"pay_{end}": f"{getattr(opening, f'pay_{end}_fen') / 100:.2f}" for end in ("low", "high")}
        return {**known, **pay, "community": opening.community_id, "kind": opening.kind_id}


class ApplyForm(forms.Form):
    note = forms.CharField(
        label=_("What the enterprise should know of you"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    consent = forms.BooleanField(
        label=_("I agree that this enterprise sees my name and mobile number, to answer this application."),
        required=False,
    )


class InviteForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"), error_messages=FILL_IN)
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs=TIME, format="%H:%M"), error_messages=FILL_IN)
    answer = forms.CharField(label=_("Where, and what to bring"), required=False)

    def clean_day(self) -> date | None:
        return of_these_years(self.cleaned_data["day"])

    def interview_at(self) -> datetime:
        return at_local(self.cleaned_data["day"], self.cleaned_data["time"].replace(second=0, microsecond=0))


class RefuseForm(forms.Form):
    answer = forms.CharField(
        label=_("Reason"), help_text=_("The person reads it: be polite and clear."),
        widget=forms.Textarea(attrs={"rows": 2}), error_messages=FILL_IN,
    )  # fmt: skip


class PurposeForm(forms.Form):
    purpose = forms.CharField(label=_("What you need the number for"), error_messages=FILL_IN)
