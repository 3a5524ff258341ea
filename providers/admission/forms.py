"""Forms of admission: what enterprises submit, and what the desk decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.accounts.forms import PhoneField
from communities.accounts.models import StaffPost, User
from homeservice.kernel.clock import today
from homeservice.kernel.vocabulary import Admission
from providers.admission.models import ReviewCase
from providers.admission.queries import Wanted
from providers.admission.rules import REASON_MAX, STATEMENT_MAX, Reason
from providers.credentials.models import Credential
from providers.enterprises.models import Enterprise

FILL_IN = {"required": _("Please fill this in.")}
ALL = ("", _("All"))
STARS = [("", _("None")), *((str(count), "★" * count) for count in range(1, 6))]


class PledgeForm(forms.Form):
    pledged = forms.BooleanField(
        label=_("As legal representative I pledge that everything handed in is true, complete and in force."),
        error_messages={"required": _("Without the pledge it can't be submitted.")},
    )


class ReasonForm(forms.Form):
    """A reason in words, for steps that need one."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Whom it concerns will read it. No personal data of others."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REASON_MAX,
        error_messages={"required": _("Please say why.")},
    )


class AppealForm(forms.Form):
    statement = forms.CharField(
        label=_("Why should it be looked at again?"),
        help_text=_("Say what happened and what you have mended."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=STATEMENT_MAX,
        error_messages=FILL_IN,
    )


class QueueForm(forms.Form):
    """How the queue is narrowed; what doesn't fit is passed over, as if it had not been asked."""

    q = forms.CharField(label=_("Enterprise"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *ReviewCase.Kind.choices])
    checks = forms.ChoiceField(
        label=_("Checks"),
        required=False,
        choices=[ALL, ("clean", _("No findings")), ("flagged", _("Something found"))],
    )
    org = forms.ChoiceField(label=_("Type of organisation"), required=False, choices=[ALL, *Enterprise.OrgType.choices])
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)
    mine = forms.BooleanField(label=_("Mine only"), required=False)

    def wanted(self) -> Wanted:
        self.is_valid()
        cleaned = self.cleaned_data
        q, kind, checks, org = (
            str(cleaned.get(name, "")).replace("\x00", "").strip() for name in ("q", "kind", "checks", "org")
        )
        overdue, mine = (bool(cleaned.get(name)) for name in ("overdue", "mine"))
        return Wanted(q=q, kind=kind, checks=checks, org=org, overdue=overdue, mine=mine)


class HoldersForm(forms.Form):
    """The lists of enterprises and workers."""

    q = forms.CharField(label=_("Enterprise"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *Admission.choices])


class ReasonsForm(forms.Form):
    """Reasons of the list as chips, and words."""

    reasons = forms.MultipleChoiceField(
        label=_("Reasons"), choices=Reason.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("In words"), required=False, max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )


class MethodForm(forms.Form):
    method = forms.ChoiceField(
        label=_("How it was checked"),
        choices=[(one.value, one.label) for one in Credential.Method if one != Credential.Method.ISSUED_HERE],
        error_messages=FILL_IN,
    )


class ContactForm(forms.Form):
    """Key contact and its liaison officer: one of the reviewing or community staff whose area holds the enterprise."""

    key_contact = forms.BooleanField(label=_("Key contact (regular contact is kept)"), required=False)
    liaison = forms.TypedChoiceField(label=_("Liaison officer"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = _officers(enterprise)
        choices = [(pk, f"{person.masked_name} {person.masked_phone}") for pk, person in self.people.items()]
        self.fields["liaison"].choices = [("", _("Nobody yet")), *choices]  # type: ignore[attr-defined]

    def clean_liaison(self) -> User | None:
        return self.people.get(self.cleaned_data["liaison"] or 0)


class GradesForm(forms.Form):
    star = forms.TypedChoiceField(label=_("Star"), choices=STARS, coerce=int, empty_value=None, required=False)
    credit_grade = forms.ChoiceField(
        label=_("Credit grade"), choices=[("", _("None")), *Enterprise.CreditGrade.choices], required=False
    )
    source = forms.CharField(
        label=_("Source"), help_text=_("The authority and its notice."), max_length=120, error_messages=FILL_IN
    )
    source_date = forms.DateField(
        label=_("Published on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        initial=today,
        error_messages=FILL_IN,
    )


class HandOverForm(forms.Form):
    phone = PhoneField(
        label=_("Mobile number of the new legal representative"),
        error_messages={"required": _("Enter their mobile number.")},
    )
    reason = forms.CharField(
        label=_("What was seen"),
        help_text=_("The changed licence, for example."),
        max_length=200,
        error_messages=FILL_IN,
    )


def _officers(enterprise: Enterprise) -> dict[int, User]:
    """Staff whose division holds the enterprise, and who is its officer already, by key."""
    area_code = enterprise.division_id
    known = {enterprise.liaison.pk: enterprise.liaison} if enterprise.liaison else {}
    above = [area_code[:digits] for digits in (2, 4, 6, 9, 12) if digits <= len(area_code)]
    posts = StaffPost.objects.filter(division_id__in=above, user__is_active=True).exclude(
        duty=StaffPost.Duty.SUPERVISOR
    )
    return known | {post.user_id: post.user for post in posts.select_related("user").order_by("user_id")}
