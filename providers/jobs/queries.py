"""Openings near home, applications on both sides, and what became of those who were trained."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Substr

from communities.divisions.models import Division
from communities.divisions.queries import children_of
from homeservice.kernel.geo import Earth, metres_between
from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import EnterpriseRight
from providers.jobs.models import JobApplication, JobApplicationQuerySet, JobOpening, JobOpeningQuerySet
from providers.training.models import Certificate, Enrolment

ATTENDED = ("attended", "passed", "failed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of openings is narrowed to. `pay_fen`: at least so much, in the unit asked for."""

    kind: str = ""
    relation: str = ""
    pay_unit: str = ""
    pay_fen: int = 0
    trains: bool = False
    lodging: bool = False


def public_openings(on_date: date) -> JobOpeningQuerySet:
    rows: JobOpeningQuerySet = JobOpening.objects.open_to_public(on_date)
    return rows.select_related("enterprise", "community", "kind")


def openings_wanted(wanted: Wanted, near: Division | None, on_date: date) -> JobOpeningQuerySet:
    """Those that fit, the nearest to the community first (`distance_m` in metres, None without a community)."""
    rows: JobOpeningQuerySet = public_openings(on_date)
    same = {name: getattr(wanted, name) for name in ("kind", "relation", "pay_unit") if getattr(wanted, name)}
    rows = rows.filter(**same)
    if wanted.pay_fen:
        rows = rows.filter(pay_high_fen__gte=wanted.pay_fen)
    for name in ("trains", "lodging"):
        if getattr(wanted, name):
            rows = rows.filter(**{name: True})
    if near is None:
        return rows.order_by("-published_at", "-pk")
    there = Earth(F("community__lat"), F("community__lon"))
    away = metres_between(there, Earth(Value(near.lat), Value(near.lon)))
    measured: JobOpeningQuerySet = rows.annotate(distance_m=away)
    return measured.order_by("distance_m", "-published_at", "-pk")


def openings_of(scope: Scope) -> JobOpeningQuerySet:
    """The openings of the enterprise that the person manages, with `waiting`: applications to be answered."""
    mine = JobOpening.objects.visible_to(scope).filter(enterprise_id=scope.enterprise_id or 0)
    waiting = Count("applications", filter=Q(applications__state__in=["applied", "interview"]))
    counted: JobOpeningQuerySet = mine.select_related("community", "kind").annotate(waiting=waiting)
    return counted


def applications_to(scope: Scope) -> JobApplicationQuerySet:
    """The applications to the enterprise that the person manages, if they have the right to its people."""
    rows: JobApplicationQuerySet = JobApplication.objects.visible_to(scope)
    if EnterpriseRight.STAFFING not in scope.enterprise_rights:
        return rows.none()
    return rows.filter(opening__enterprise_id=scope.enterprise_id or 0).select_related("opening__enterprise", "user")


def applications_of(user_id: int) -> QuerySet[JobApplication]:
    """What the person applied for, the newest first."""
    rows = JobApplication.objects.filter(user_id=user_id)
    return rows.select_related("opening__enterprise", "opening__community").order_by("-applied_at", "-pk")


def application_for(opening: JobOpening, user_id: int | None) -> JobApplication | None:
    """The person's last application for the opening, or None."""
    if user_id is None:
        return None
    rows = JobApplication.objects.filter(opening=opening, user_id=user_id).select_related("opening__enterprise")
    return rows.order_by("-applied_at", "-pk").first()


@dataclass(frozen=True, slots=True)
class FunnelLine:
    """People of a division: trained there, certified there, placed there. `widest`: the longest bar of the list."""

    division: Division
    trained: int
    certified: int
    placed: int
    widest: int

    @property
    def steps(self) -> tuple[tuple[str, int, int], ...]:
        """Each step's name, its number, and the width of its bar out of 100."""
        counted = (("trained", self.trained), ("certified", self.certified), ("placed", self.placed))
        return tuple((name, number, number * 100 // max(self.widest, 1)) for name, number in counted)


def funnel_of(division: Division) -> list[FunnelLine]:
    """What lies directly under the division (a community: itself), with distinct people a step. Four queries."""
    parts = children_of(division.area_code) or [division]
    digits = len(parts[0].area_code)
    trained = _people(
        Enrolment.objects.filter(state__in=ATTENDED), "session__community", "user", division.area_code, digits
    )
    certified = _people(
        Certificate.objects.filter(revoked_at__isnull=True), "enrolment__session__community", "enrolment__user",
        division.area_code, digits,
    )  # fmt: skip
    placed = _people(
        JobApplication.objects.filter(state=JobApplication.State.PLACED), "opening__community", "user",
        division.area_code, digits,
    )  # fmt: skip
    widest = max([*trained.values(), *certified.values(), *placed.values(), 0])
    return [
        FunnelLine(one, trained.get(one.pk, 0), certified.get(one.pk, 0), placed.get(one.pk, 0), widest)
        for one in parts
    ]


def divisions_held(scope: Scope) -> list[Division]:
    """The divisions that the person oversees, the widest first."""
    return list(Division.objects.filter(pk__in=scope.supply_areas).order_by("level", "pinyin", "pk"))


def _people(rows: QuerySet, community: str, person: str, area: str, digits: int) -> dict[str, int]:  # type: ignore[type-arg]
    """How many different people there are by division."""
    inside = rows.filter(**{f"{community}__area_code__startswith": area})
    counted: Iterable[tuple[str, int]] = (
        inside.annotate(part=Substr(f"{community}__area_code", 1, digits))
        .values("part")
        .annotate(people=Count(person, distinct=True))
        .values_list("part", "people")
    )
    return dict(counted)
