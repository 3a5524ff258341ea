"""Forms of the enterprise's pages about its workers. They give values a shape; the actions decide."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.divisions.models import Division
from communities.divisions.queries import community_by_code
from homeservice.kernel.clock import at_local
from homeservice.kernel.vocabulary import TransportMode
from providers.catalogue.models import ServiceKind
from providers.workers.actions import WorkerFacts
from providers.workers.models import Worker
from providers.workers.rules import Span

FILL_IN = {"required": _("Please fill this in.")}
CHOOSE = _("Please choose your community or village from the list.")
DATE = {"type": "date"}
WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)
RADII = [(km * 1000, f"{km} km") for km in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)]


class Gap(TextChoices):
    """How the list is narrowed by what is in the way."""

    BLOCKED = "blocked", _("Something blocks")
    COMING = "coming", _("Something expires within 30 days")
    NONE = "none", _("Nothing is missing")


class RosterFilterForm(forms.Form):
    q = forms.CharField(label=_("Name"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label=_("Service"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Worker.State.choices])
    gap = forms.ChoiceField(label=_("Gaps"), required=False, choices=[("", _("All")), *Gap.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.name) for kind in ServiceKind.objects.order_by("position", "pk")]
        self.fields["kind"].choices = [("", _("All")), *kinds]  # type: ignore[attr-defined]


def _minutes_of(hours: Any) -> int | None:
    return None if hours is None else int(hours * 60)


def words_of(typed: str) -> tuple[str, ...]:
    """The words, each once, whatever stands between them."""
    return tuple(dict.fromkeys(re.split(r"[\s,，、;；]+", typed.strip()))) if typed.strip() else ()


class FactsForm(forms.Form):
    """What may be changed of a worker. The community is chosen from what the search found."""

    community = forms.CharField(label=_("Community"), widget=forms.HiddenInput(), error_messages={"required": CHOOSE})
    transport = forms.ChoiceField(label=_("How they travel"), choices=TransportMode.choices)
    service_radius_m = forms.TypedChoiceField(
        label=_("How far they go"), choices=RADII, coerce=int, error_messages=FILL_IN
    )
    languages = forms.CharField(label=_("Languages"), required=False, help_text=_("Separated by spaces or commas."))
    skills = forms.CharField(
        label=_("Skills in plain words"),
        required=False,
        help_text=_("For example: Cantonese soups, ironing. What needs a paper is proved by the paper."),
    )
    education = forms.ChoiceField(label=_("Education"), required=False, choices=[("", "—"), *Worker.Education.choices])
    origin_province = forms.CharField(label=_("Home province"), required=False, max_length=20)
    daily_limit_min = forms.DecimalField(
        label=_("Own limit a day (hours)"), required=False, min_value=1, max_value=12, decimal_places=1,
        help_text=_("Leave it empty for the limit of the law."),
    )  # fmt: skip
    weekly_limit_min = forms.DecimalField(
        label=_("Own limit a week (hours)"), required=False, min_value=1, max_value=60, decimal_places=1,
        help_text=_("Leave it empty for the limit of the law."),
    )  # fmt: skip

    def clean_community(self) -> Division:
        community = community_by_code(self.cleaned_data["community"])
        if community is None:
            raise forms.ValidationError(CHOOSE)
        return community

    def facts(self) -> WorkerFacts:
        """What was entered."""
        cleaned = self.cleaned_data
        return WorkerFacts(
            home_community=cleaned["community"],
            transport=cleaned["transport"],
            service_radius_m=cleaned["service_radius_m"],
            languages=words_of(cleaned["languages"]),
            skills=words_of(cleaned["skills"]),
            education=cleaned["education"],
            origin_province=cleaned["origin_province"].strip(),
            daily_limit_min=_minutes_of(cleaned["daily_limit_min"]),
            weekly_limit_min=_minutes_of(cleaned["weekly_limit_min"]),
        )

    @staticmethod
    def initial_of(worker: Worker) -> dict[str, Any]:
        """The form as the worker's facts fill it."""
        hours = {name: getattr(worker, name) for name in ("daily_limit_min", "weekly_limit_min")}
        names = ("transport", "service_radius_m", "education", "origin_province")
        return {
            "community": worker.home_community_id,
            "languages": "、".join(worker.languages),
            "skills": "、".join(worker.skills),
            **{name: getattr(worker, name) for name in names},
            **{name: minutes and round(minutes / 60, 1) for name, minutes in hours.items()},
        }


class PhotoForm(forms.Form):
    file = forms.FileField(
        label=_("Photo"),
        help_text=_("Face clearly visible; JPEG, PNG or WebP, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": _("Choose a picture.")},
    )


def _of_these_years(day: date) -> date:
    """At the ends of the calendar there is no midnight before or after a day."""
    if not 2000 <= day.year <= 2100:
        raise forms.ValidationError(_("Please choose a day of these years."))
    return day


class LeaveForm(forms.Form):
    """Whole days: from the first day's midnight to the midnight after the last."""

    starts = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=DATE), error_messages=FILL_IN)
    ends = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs=DATE), error_messages=FILL_IN)
    reason = forms.CharField(label=_("Reason"), required=False)

    def clean_starts(self) -> date:
        return _of_these_years(self.cleaned_data["starts"])

    def clean_ends(self) -> date:
        return _of_these_years(self.cleaned_data["ends"])

    def period(self) -> tuple[datetime, datetime]:
        first: date = self.cleaned_data["starts"]
        last: date = self.cleaned_data["ends"]
        return at_local(first, time.min), at_local(last + timedelta(days=1), time.min)


def _half_hours() -> list[tuple[str, str]]:
    walls = [f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in range(5 * 60, 23 * 60 + 31, 30)]
    return [("", "—"), *((wall, wall) for wall in walls)]


def _wall(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


class HoursForm(forms.Form):
    """A week: two parts a day, each with a beginning and an end; an empty part is none."""

    def __init__(self, *args: Any, spans: list[Span] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts: dict[int, list[Span]] = {weekday: [] for weekday in range(7)}
        for span in spans or []:
            parts[span.weekday].append(span)
        for weekday in range(7):
            for part in range(2):
                known = parts[weekday][part] if part < len(parts[weekday]) else None
                self._add(weekday, part, "starts", known and known.starts)
                self._add(weekday, part, "ends", known and known.ends)

    def _add(self, weekday: int, part: int, end: str, wall: time | None) -> None:
        words = {"day": WEEKDAYS[weekday], "part": part + 1}
        label = _("%(day)s, part %(part)s, from") if end == "starts" else _("%(day)s, part %(part)s, until")
        self.fields[f"{end}_{weekday}_{part}"] = forms.ChoiceField(
            label=label % words,
            choices=_half_hours(),
            required=False,
            initial=f"{wall:%H:%M}" if wall else "",
        )

    def days(self) -> list[dict[str, Any]]:
        """The rows of the page: a weekday's name, its refusal and its two parts of two fields each."""
        return [
            {
                "name": WEEKDAYS[weekday],
                "errors": self.day_errors.get(weekday, []),
                "parts": [(self[f"starts_{weekday}_{part}"], self[f"ends_{weekday}_{part}"]) for part in range(2)],
            }
            for weekday in range(7)
        ]

    @property
    def day_errors(self) -> dict[int, list[str]]:
        """What was refused, by weekday."""
        found: dict[int, list[str]] = {}
        for name, errors in self.errors.items() if self.is_bound else ():
            if name != "__all__":
                found.setdefault(int(name.split("_")[1]), []).extend(str(error) for error in errors)
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        for weekday in range(7):
            for part in range(2):
                names = f"starts_{weekday}_{part}", f"ends_{weekday}_{part}"
                begun, ended = (bool(cleaned.get(name)) for name in names)
                if begun != ended:
                    self.add_error(names[1 if begun else 0], _("Choose both a beginning and an end."))
        return cleaned

    def spans(self) -> list[Span]:
        """The week that was entered."""
        found = []
        for weekday in range(7):
            for part in range(2):
                starts = _wall(self.cleaned_data[f"starts_{weekday}_{part}"])
                ends = _wall(self.cleaned_data[f"ends_{weekday}_{part}"])
                if starts and ends:
                    found.append(Span(weekday, starts, ends))
        return found
