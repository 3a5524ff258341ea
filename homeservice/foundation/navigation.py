"""Where each kind of person goes: the places of the header and of the phone's tab bar."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation, shown to people who hold `role` (None: to everybody).

    Staff sit at a desk, or check enterprises and workers: `post` names which of the two the place is for.
    """

    url_name: str
    label: str | Promise
    icon: str
    role: Role | None = None
    post: str = ""


HOME = Place("home", _("Home"), "house-door")
BOOKINGS = Place("my_bookings", _("Bookings"), "calendar-check", Role.RESIDENT)
INBOX = Place("inbox", _("Messages"), "bell", Role.RESIDENT)
ME = Place("me", _("Me"), "person", Role.RESIDENT)
FINDER = Place("find_community", _("Community"), "geo-alt")
SIGN_IN = Place("sign_in", _("Sign in"), "person")
WORK = (
    Place("worker_day", _("My day"), "clipboard-check", Role.WORKER),
    Place("desk_inbox", _("Desk"), "inboxes", Role.STAFF, "desk"),
    Place("review_queue", _("To check"), "clipboard2-check", Role.STAFF, "review"),
    Place("enterprise_workers", _("Workers"), "people", Role.MANAGER),
    Place("admin:index", _("Administration"), "gear", Role.ADMIN),
)
# what lies beside each other on an enterprise's, a worker's and the reviewing desk's pages
ENTERPRISE = (
    Place("enterprise_office", _("Our enterprise"), "building"),
    Place("enterprise_workers", _("Workers"), "people"),
    Place("enterprise_board", _("Week"), "calendar-week"),
    Place("enterprise_code", _("Our code"), "qr-code"),
    Place("enterprise_listings", _("What you offer"), "tags"),
    Place("enterprise_training", _("Training"), "mortarboard"),
    Place("enterprise_jobs", _("Jobs"), "briefcase"),
    Place("enterprise_credit", _("Credit"), "award"),
    Place("enterprise_imports", _("Import"), "file-earmark-arrow-up"),
)
WORKER = (
    Place("worker_day", _("My day"), "clipboard-check"),
    Place("worker_code", _("My code"), "qr-code"),
    Place("worker_papers", _("My papers"), "file-earmark-check"),
    Place("worker_file", _("My file"), "folder2-open"),
    Place("worker_facts", _("My facts"), "sliders"),
    Place("worker_bindings", _("My enterprise"), "building"),
    Place("training_sessions", _("Training"), "mortarboard"),
    Place("job_openings", _("Jobs"), "briefcase"),
    Place("worker_credit", _("My credit"), "award"),
)
REVIEW = (
    Place("review_queue", _("To check"), "clipboard2-check"),
    Place("review_enterprises", _("Enterprises"), "building"),
    Place("review_workers", _("Workers"), "people"),
    Place("review_listings", _("Listings"), "tags"),
    Place("review_credit", _("Credit"), "award"),
    Place("training_requests", _("Training requests"), "mortarboard"),
)
SECTIONS = {"enterprise": ENTERPRISE, "worker": WORKER, "review": REVIEW}
TABS_ON_A_PHONE = 4


def url_or_nothing(name: str, *args: Any) -> str:
    """The path of a URL name with its arguments; empty while no such page exists."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def header_places(scope: Scope) -> list[Place]:
    """Home, then the person's work, then their own bookings. Messages and account have buttons of their own."""
    return _reachable([HOME, *WORK, BOOKINGS], scope)


def tab_places(scope: Scope) -> list[Place]:
    """The phone's tab bar: at most four, what the person works at first, messages and account always."""
    if not scope.roles:
        return _reachable([HOME, FINDER, SIGN_IN], scope)
    ends = _reachable([INBOX, ME], scope)
    work = _reachable([place for place in WORK if place.role != Role.ADMIN], scope)
    starts = [*work[:1], *_reachable([HOME, BOOKINGS], scope)]
    return [*starts[: TABS_ON_A_PHONE - len(ends)], *ends]


def section_places(section: str) -> list[Place]:
    """The places of a section that exist, in their order."""
    return [place for place in SECTIONS[section] if url_or_nothing(place.url_name)]


def _reachable(places: list[Place], scope: Scope) -> list[Place]:
    allowed = (place for place in places if place.role is None or place.role in scope.roles)
    posts = _posts(scope)
    return [place for place in allowed if (not place.post or place.post in posts) and url_or_nothing(place.url_name)]


def _posts(scope: Scope) -> frozenset[str]:
    """Which of the two the person's staff posts are; both while the second factor is still to be asked for."""
    held = {"desk": bool(scope.point_ids or scope.desk_areas), "review": bool(scope.review_areas)}
    return frozenset(post for post, has in held.items() if has or not any(held.values()))
