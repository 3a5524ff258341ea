"""The eight parts of a worker's file (domain §2.9), which entry belongs where, and what is missing. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeservice.kernel.errors import DomainError

IDENTITY, CAREER, HEALTH, BACKGROUND, CONTRACTS, RATINGS, INSURANCE, OTHER = range(1, 9)
PART_OF: Mapping[str, int] = {
    "work": CAREER,
    "schooling": CAREER,
    "labour_contract": CONTRACTS,
    "service_agreement": CONTRACTS,
    "agency_contract": CONTRACTS,
    "dispute": RATINGS,
    "claim": INSURANCE,
    "screening": OTHER,
    "commendation": OTHER,
    "star": OTHER,
    "other": OTHER,
}
# of the worker's own hand: what others say of them is entered by the enterprise alone
OWN_KINDS = frozenset({"work", "schooling", "commendation", "other"})
CONTRACT_OF: Mapping[str, frozenset[str]] = {
    "employee": frozenset({"labour_contract"}),
    "service_agreement": frozenset({"service_agreement"}),
    "agency": frozenset({"agency_contract"}),
    "flexible": frozenset({"service_agreement", "agency_contract"}),
    "volunteer": frozenset({"service_agreement"}),
}
MISSING: Mapping[str, str | Promise] = {
    "identity": gettext_lazy("a verified identity"),
    "photo": gettext_lazy("a photo"),
    "experience": gettext_lazy("where the worker worked before, or that this is the first place"),
    "education": gettext_lazy("the education"),
    "training": gettext_lazy("the pre-job training"),
    "exam": gettext_lazy("a health exam that is valid"),
    "crime_check": gettext_lazy("a crime-background check"),
    "child_protection": gettext_lazy("a child-protection check of the past year"),
    "contract": gettext_lazy("the contract that fits the relation"),
    "insurance": gettext_lazy("insurance in force"),
    "screening": gettext_lazy("that the psychological screening was done"),
    "authorisation": gettext_lazy("the authorisation"),
}
PART_OF_NEED: Mapping[str, int] = {
    "identity": IDENTITY,
    "photo": IDENTITY,
    "experience": CAREER,
    "education": CAREER,
    "training": CAREER,
    "exam": HEALTH,
    "crime_check": BACKGROUND,
    "child_protection": BACKGROUND,
    "contract": CONTRACTS,
    "insurance": INSURANCE,
    "screening": OTHER,
    "authorisation": OTHER,
}


@dataclass(frozen=True, slots=True)
class Held:
    """What a file holds, as far as completeness asks: paper codes that count today, kinds of entries, and facts."""

    papers: frozenset[str]
    entries: frozenset[str]
    relation: str
    has_photo: bool
    has_education: bool
    is_authorised: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of the file is there, in needs met of all, and what is missing by part."""

    met: int
    of: int
    missing: Mapping[int, tuple[str | Promise, ...]]

    @property
    def percent(self) -> int:
        return self.met * 100 // self.of


def completeness(held: Held) -> Completeness:
    """What GD Art 9 wants kept and is not there. Ratings come with the work: part six lacks nothing."""
    met = {
        "identity": "ID" in held.papers,
        "photo": held.has_photo,
        "experience": "work" in held.entries,
        "education": held.has_education or "schooling" in held.entries,
        "training": "TR0" in held.papers,
        "exam": bool({"HX", "HX-F"} & held.papers),
        "crime_check": "BG1" in held.papers,
        "child_protection": "BG2" in held.papers,
        "contract": bool(CONTRACT_OF.get(held.relation, frozenset()) & held.entries),
        "insurance": "INS" in held.papers,
        "screening": "screening" in held.entries,
        "authorisation": held.is_authorised,
    }
    missing: dict[int, tuple[str | Promise, ...]] = {}
    for need, is_met in met.items():
        if not is_met:
            part = PART_OF_NEED[need]
            missing[part] = (*missing.get(part, ()), MISSING[need])
    return Completeness(sum(met.values()), len(met), missing)


def why_not_dates(kind: str, from_date: date | None, to_date: date | None, *, today: date) -> DomainError | None:
    """Why an entry can't be of these days, or None. Only contracts reach into the future."""
    if from_date and to_date and to_date < from_date:
        return DomainError("entry_backwards", _("The last day lies before the first."), field="to_date")
    if PART_OF.get(kind) == CONTRACTS:
        return None
    late = next((name for name, day in (("from_date", from_date), ("to_date", to_date)) if day and day > today), None)
    return DomainError("entry_future", _("This day lies in the future."), field=late) if late else None
