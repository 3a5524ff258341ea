"""Forms of training. They give values a shape; the actions decide."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.accounts.forms import PhoneField
from communities.accounts.models import User
from communities.accounts.queries import person_by_phone
from communities.divisions.models import Division
from communities.divisions.queries import community_by_code
from communities.points.models import ServicePoint
from homeservice.kernel.clock import at_local, local
from homeservice.kernel.vocabulary import CredentialCode
from providers.catalogue.models import ServiceKind
from providers.credentials.papers import LEVEL_NAMES
from providers.enterprises.models import Enterprise
from providers.training.actions import CourseFacts, SessionFacts
from providers.training.models import CaravanStop, Course, Session
from providers.training.rules import PLAIN_CERTIFICATES, SKILL

FILL_IN = {"required": _("Please fill this in.")}
CHOOSE = _("Please choose the community from the list.")
DATE, TIME = {"type": "date"}, {"type": "time"}
POINTS_SHOWN = 200
YUAN_MAX = 99_999


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.code, kind.name) for kind in ServiceKind.objects.order_by("position", "pk")]


def of_these_years(day: date | None) -> date | None:
    """At the ends of the calendar there is no midnight before or after a day."""
    if day is not None and not 2000 <= day.year <= 2100:
        raise forms.ValidationError(_("Please choose a day of these years."))
    return day


class KindField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Service"), queryset=ServiceKind.objects.order_by("position", "pk"), to_field_name="code",
            empty_label=_("Please choose"), error_messages=FILL_IN, **kwargs,
        )  # fmt: skip


class CommunityField(forms.CharField):
    """The code of a community that was chosen from what the search found."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Community"), widget=forms.HiddenInput(), error_messages={"required": CHOOSE}, **kwargs
        )

    def clean(self, value: Any) -> Division | None:  # type: ignore[override]
        code = super().clean(value)
        if not code:
            return None
        community = community_by_code(code)
        if community is None:
            raise forms.ValidationError(CHOOSE)
        return community


class SessionFilterForm(forms.Form):
    track = forms.ChoiceField(label=_("Track"), required=False, choices=[("", _("All")), *Course.Track.choices])
    kind = forms.ChoiceField(label=_("Service"), required=False)
    since = forms.DateField(label=_("From this day"), required=False, widget=forms.DateInput(attrs=DATE))
    free = forms.BooleanField(label=_("Only with free seats"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All")), *kind_choices()]  # type: ignore[attr-defined]

    def clean_since(self) -> date | None:
        return of_these_years(self.cleaned_data["since"])


def certificate_choices() -> list[tuple[str, Any]]:
    ours = [code for code in CredentialCode if code in PLAIN_CERTIFICATES or code.startswith(SKILL)]
    return [("", _("None")), *((code.value, code.label) for code in ours)]


class CourseForm(forms.Form):
    name_zh = forms.CharField(label=_("Name (Chinese)"), error_messages=FILL_IN)
    name_en = forms.CharField(label=_("Name (English)"), required=False)
    track = forms.ChoiceField(label=_("Track"), choices=Course.Track.choices, widget=forms.RadioSelect)
    summary_zh = forms.CharField(
        label=_("What is taught (Chinese)"), widget=forms.Textarea(attrs={"rows": 3}), error_messages=FILL_IN
    )
    summary_en = forms.CharField(
        label=_("What is taught (English)"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    kinds = forms.ModelMultipleChoiceField(
        label=_("For which services"), queryset=ServiceKind.objects.order_by("position", "pk"), required=False,
        to_field_name="code", widget=forms.SelectMultiple(attrs={"size": 6}),
    )  # fmt: skip
    hours = forms.IntegerField(label=_("Hours"), min_value=1, max_value=2000, error_messages=FILL_IN)
    price = forms.DecimalField(
        label=_("Price in yuan"), help_text=_("0 for a free course."), min_value=0, max_value=YUAN_MAX,
        decimal_places=2, initial=0, error_messages=FILL_IN,
    )  # fmt: skip
    certificate_code = forms.ChoiceField(label=_("Certificate of a pass"), required=False, choices=certificate_choices)
    certificate_level = forms.TypedChoiceField(
        label=_("Level"), required=False, coerce=int, empty_value=None, choices=[("", "—"), *LEVEL_NAMES.items()]
    )
    certificate_months = forms.IntegerField(
        label=_("It holds for so many months"),
        help_text=_("Empty: no end."),
        required=False,
        min_value=1,
        max_value=240,
    )
    active = forms.BooleanField(label=_("New sessions of this course may be planned."), required=False, initial=True)

    @staticmethod
    def of(course: Course) -> dict[str, Any]:
        """The initial values for a course."""
        names = (
            "name_zh", "name_en", "track", "summary_zh", "summary_en", "hours", "certificate_code",
            "certificate_level", "certificate_months", "active",
        )  # fmt: skip
        known = {name: getattr(course, name) for name in names}
        kinds = list(course.kinds.values_list("code", flat=True))
        return {**known, "price": f"{course.price_fen / 100:.2f}", "kinds": kinds}

    def facts(self) -> CourseFacts:
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("kinds", "price")}
        return CourseFacts(price_fen=int(self.cleaned_data["price"] * 100), **typed)


class TimesForm(forms.Form):
    """From when until when, over one day or several."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"), error_messages=FILL_IN)
    starts = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs=TIME, format="%H:%M"), error_messages=FILL_IN
    )
    ends = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs=TIME, format="%H:%M"), error_messages=FILL_IN)
    last_day = forms.DateField(
        label=_("Last day"), help_text=_("Only where it takes several days."), required=False,
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
    )  # fmt: skip

    def clean_day(self) -> date | None:
        return of_these_years(self.cleaned_data["day"])

    def clean_last_day(self) -> date | None:
        return of_these_years(self.cleaned_data["last_day"])

    def period(self) -> tuple[datetime, datetime]:
        first: date = self.cleaned_data["day"]
        starts, ends = (self.cleaned_data[name] for name in ("starts", "ends"))
        return at_local(first, _plain(starts)), at_local(self.cleaned_data["last_day"] or first, _plain(ends))

    @staticmethod
    def times_of(starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
        first, last = local(starts_at), local(ends_at)
        over_days = {"last_day": last.date()} if last.date() != first.date() else {}
        return {"day": first.date(), "starts": first.time(), "ends": last.time(), **over_days}


def _plain(wall: time) -> time:
    return wall.replace(second=0, microsecond=0)


class SessionForm(TimesForm):
    course = forms.ModelChoiceField(
        label=_("Course"), queryset=Course.objects.none(), empty_label=_("Please choose"), error_messages=FILL_IN
    )
    point = forms.ModelChoiceField(
        label=_("At a service point"), queryset=ServicePoint.objects.none(), required=False, empty_label="—",
        help_text=_("Service points of your district."),
    )  # fmt: skip
    stop = forms.ModelChoiceField(
        label=_("At a stop of a caravan"), queryset=CaravanStop.objects.none(), required=False, empty_label="—"
    )
    community = CommunityField(required=False)
    place = forms.CharField(
        label=_("Place"), required=False, help_text=_("Building and room. Empty: the address of the point or the stop.")
    )
    venue_owner = forms.CharField(label=_("Whose room it is"), required=False)
    lat = forms.FloatField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90,
        help_text=_("Where the map shows it. Empty: the middle of the community."),
    )  # fmt: skip
    lon = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=500, error_messages=FILL_IN)
    trainer_phone = PhoneField(
        label=_("Trainer's mobile number"), error_messages={"required": _("Enter their mobile number.")}
    )

    def __init__(self, *args: Any, provider: Enterprise, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near = ServicePoint.objects.open_to_public().filter(community__area_code__startswith=provider.division_id[:6])
        stops = CaravanStop.objects.filter(caravan__provider=provider, ends_at__gt=at)
        self._offer("course", Course.objects.filter(provider=provider, active=True).order_by("name_zh", "pk"))
        self._offer("point", near.order_by("name", "pk"))
        self._offer("stop", stops.select_related("caravan").order_by("starts_at", "pk"))
        self.fields["stop"].label_from_instance = stop_words  # type: ignore[attr-defined]

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean_trainer_phone(self) -> User:
        trainer = person_by_phone(self.cleaned_data["trainer_phone"])
        if trainer is None or not trainer.is_active:
            raise forms.ValidationError(_("Nobody has signed in with this number yet. Ask the trainer to do so once."))
        return trainer

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        if not any(cleaned.get(name) for name in ("point", "stop", "community")) and "community" not in self.errors:
            self.add_error("community", _("Choose a service point, a stop of a caravan, or a community."))
        if cleaned.get("point") and cleaned.get("stop"):
            self.add_error("stop", _("Choose either a service point or a stop of a caravan."))
        if (cleaned.get("lat") is None) != (cleaned.get("lon") is None):
            self.add_error("lon", _("Enter both latitude and longitude, or neither."))
        return cleaned

    def facts(self) -> SessionFacts:
        cleaned = self.cleaned_data
        starts_at, ends_at = self.period()
        where = cleaned["point"] or cleaned["stop"]
        names = ("place", "venue_owner", "lat", "lon", "seats", "point", "stop")
        return SessionFacts(
            community=where.community if where else cleaned["community"], starts_at=starts_at, ends_at=ends_at,
            trainer=cleaned["trainer_phone"], **{name: cleaned[name] for name in names},
        )  # fmt: skip

    @classmethod
    def of(cls, session: Session) -> dict[str, Any]:
        """The initial values for a session."""
        names = ("course", "point", "stop", "place", "venue_owner", "lat", "lon", "seats")
        known = {name: getattr(session, name) for name in names}
        times = cls.times_of(session.starts_at, session.ends_at)
        return {**known, **times, "community": session.community_id, "trainer_phone": session.trainer.phone}


def stop_words(stop: Any) -> str:
    start = local(stop.starts_at)
    return f"{stop.caravan.name} · {start:%Y-%m-%d %H:%M} · {stop.place}"


class CaravanForm(forms.Form):
    name = forms.CharField(label=_("Name"), error_messages=FILL_IN)
    plate = forms.CharField(label=_("Number plate"), required=False)
    kit = forms.CharField(label=_("What it brings"), required=False)


class StopForm(TimesForm):
    community = CommunityField()
    place = forms.CharField(label=_("Place"), error_messages=FILL_IN)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), error_messages=FILL_IN)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The six digits that the trainer shows"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "hs-code"}),
        error_messages={"required": _("Enter the six digits.")},
    )


class RequestForm(forms.Form):
    """A community of the desk's divisions asks for a training."""

    community = forms.CharField(widget=forms.HiddenInput(), label=_("Community"), error_messages={"required": CHOOSE})
    kind = KindField()
    headcount = forms.IntegerField(label=_("How many people"), min_value=1, max_value=500, error_messages=FILL_IN)
    wished_for = forms.DateField(
        label=_("Wished for"), required=False, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, communities: Sequence[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._communities = {one.pk: one for one in communities}

    def clean_community(self) -> Division:
        chosen = self._communities.get(self.cleaned_data["community"])
        if chosen is None:
            raise forms.ValidationError(CHOOSE)
        return chosen

    def clean_wished_for(self) -> date | None:
        return of_these_years(self.cleaned_data["wished_for"])
