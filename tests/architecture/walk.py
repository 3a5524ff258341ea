"""Who knocks at every URL, at whose things, and who is let in.

`CASES` has one entry for each URL name: what stands in the address, and which of those whom the view's access
mark admits may see that very object. The world: Alice lives in Chashan, Bob orders for her, Charlie is a
stranger; her booking was taken by the point of Chashan (Wushan street), its enterprise and its worker.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from knox.models import AuthToken
from PIL import Image

from bookings.desk.tickets import issue
from bookings.lifecycle.models import Booking
from communities.accounts.models import CareRecipient, HouseholdMember, User
from communities.inbox.models import Notification
from homeservice.foundation.models import Upload
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from providers.enterprises.rules import rights_of
from providers.listings.models import Listing
from providers.workers.models import Leave
from tests import world
from tests.bookings.ordering import hold, tomorrow
from tests.bookings.visits.crew import SOON, confirmed


@dataclass(frozen=True, slots=True)
class Visitor:
    """One who knocks: the roles held, and by what they are known (a session, a token, nothing)."""

    name: str
    roles: frozenset[Role] = frozenset()
    person: str = ""
    second_factor: bool = False
    program: bool = False
    rights: frozenset[EnterpriseRight] = frozenset(EnterpriseRight)  # of a manager's account


def _visitors() -> Iterable[Visitor]:
    yield Visitor("nobody")
    for name in ("alice", "bob", "charlie"):
        yield Visitor(name, frozenset({Role.RESIDENT}), name)
    for role, name in ((Role.WORKER, "worker"), (Role.MANAGER, "manager")):
        for whose in (name, f"{name} elsewhere"):
            yield Visitor(whose, frozenset({Role.RESIDENT, role}), whose)
    yield Visitor("clerk", frozenset({Role.RESIDENT, Role.MANAGER}), "clerk", rights=rights_of("clerk"))
    for name in ("desk", "desk elsewhere", "street", "street elsewhere", "reviewer", "reviewer elsewhere"):
        yield Visitor(name, frozenset({Role.RESIDENT, Role.STAFF}), name, second_factor=True)
    yield Visitor("supervisor", frozenset({Role.RESIDENT, Role.SUPERVISOR}), "supervisor", second_factor=True)
    yield Visitor("admin", frozenset({Role.RESIDENT, Role.ADMIN}), "admin", second_factor=True)
    yield Visitor("desk without factor", frozenset({Role.RESIDENT, Role.STAFF}), "desk")
    yield Visitor("admin without factor", frozenset({Role.RESIDENT, Role.ADMIN}), "admin")
    yield Visitor("program of nobody", program=True)
    for name in ("alice", "bob", "charlie"):
        yield Visitor(f"program of {name}", frozenset({Role.RESIDENT}), name, program=True)
    for role, name in ((Role.WORKER, "worker"), (Role.MANAGER, "manager")):
        for whose in (name, f"{name} elsewhere"):
            yield Visitor(f"program of {whose}", frozenset({Role.RESIDENT, role}), whose, program=True)


VISITORS = tuple(_visitors())
FAMILY = frozenset({"alice", "bob", "program of alice", "program of bob"})
ALICE, MANAGER, WORKER, DESK, REVIEWER = (
    frozenset({name}) for name in ("alice", "manager", "worker", "desk", "reviewer")
)
FIRM = frozenset(
    {"manager", "clerk"}
)  # everybody who acts for the enterprise; a view's right closes doors to the clerk
STAFF = frozenset({"desk", "street"})
NOBODY: frozenset[str] = frozenset()
WITH_FACTOR = frozenset(visitor.name for visitor in VISITORS if visitor.second_factor)


@dataclass(slots=True)
class Walk:
    """The world that is walked through, and everybody's way to be known."""

    town: world.Town
    people: dict[str, User]
    booking: Booking
    held: Booking
    desk_held: Booking
    from_next_street: Booking
    token: str
    proxy: HouseholdMember
    recipient: CareRecipient
    note: Notification
    leave: Leave
    paper: Upload
    offer: Listing
    known_by: dict[str, dict[str, str]] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)  # what the cases of a feature put into the world

    def client(self, visitor: Visitor) -> Client:
        """A new browser or program of the visitor; nothing of an earlier request clings to it."""
        known = self.known_by[visitor.name]
        client = Client(headers={"Authorization": known["token"]} if "token" in known else {})
        if "session" in known:
            client.cookies[settings.SESSION_COOKIE_NAME] = known["session"]
        return client


def build() -> Walk:
    """The world at twenty minutes before Alice's visit."""
    town = world.town()
    proxy = HouseholdMember.objects.create(
        household=town.home, user=world.user("鲍勃"), part="proxy", granted_by=town.alice, granted_at=world.JOINED
    )
    people = {"alice": town.alice, "bob": proxy.user, **_others(town)}
    booking = confirmed(town)
    shipai_home = world.household(people["charlie"], world.LVHE)
    from_next_street = confirmed(
        world.Town(**{**_parts(town), "alice": people["charlie"], "home": shipai_home}), tomorrow(15)
    )
    held = hold(town.alice, town.home, town.entry, tomorrow(12, 30), at=SOON)
    desk_held = hold(town.alice, town.home, town.entry, tomorrow(17, 30), at=SOON)
    Booking.objects.filter(pk=desk_held.pk).update(placed_by=people["desk"], channel="phone")
    walk = Walk(
        town=town, people=people, booking=booking, held=held, desk_held=desk_held, from_next_street=from_next_street,
        token=issue(resident=town.alice, staff=people["desk"], channel="phone"), proxy=proxy,
        recipient=world.recipient(town.home), note=Notification.objects.create(
            recipient=town.alice, title="Hello", dedupe_key="hello", created_at=world.NOW
        ),
        leave=Leave.objects.create(worker=town.worker, period=(tomorrow(21), tomorrow(22))), paper=_paper(town.alice),
        offer=world.listing(town.enterprise, world.item("CL02", name_zh="深度保洁", position=2)),
    )  # fmt: skip
    walk.known_by = {visitor.name: _known_by(visitor, people) for visitor in VISITORS}
    return walk


def _others(town: world.Town) -> dict[str, User]:
    elsewhere = world.enterprise("别家家政")
    admin = world.user("管理员", is_staff=True, is_superuser=True)
    return {
        "charlie": world.verified(world.user("查理")),
        "worker": town.worker.user,
        "worker elsewhere": world.worker(elsewhere, "周阿姨").user,
        "manager": world.manager(town.enterprise),
        "manager elsewhere": world.manager(elsewhere),
        "clerk": world.manager(town.enterprise, rights="clerk"),
        "desk": world.staff(point=town.point),
        "desk elsewhere": world.staff(point=world.point("绿荷服务站", world.LVHE, lat=23.5, lon=113.9)),
        "street": world.staff(division=world.WUSHAN),
        "street elsewhere": world.staff(division=world.SHIPAI),
        "supervisor": world.staff(division=world.TIANHE, duty="supervisor"),
        "reviewer": world.staff(division=world.TIANHE, duty="reviewer"),
        "reviewer elsewhere": world.staff(division=world.SHIPAI, duty="reviewer"),
        "admin": admin,
    }


def _parts(town: world.Town) -> dict[str, Any]:
    return {name: getattr(town, name) for name in town.__dataclass_fields__}


def _paper(owner: User) -> Upload:
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    file = SimpleUploadedFile("paper.png", out.getvalue())
    return store_upload(file, purpose=UploadPurpose.CREDENTIAL, owner_id=owner.pk, at=world.NOW)


def _known_by(visitor: Visitor, people: dict[str, User]) -> dict[str, str]:
    if not visitor.person:
        return {}
    person = people[visitor.person]
    if visitor.program:
        return {"token": f"Token {AuthToken.objects.create(person)[1]}"}
    client = Client()
    client.force_login(person)
    if visitor.second_factor:
        session = client.session
        session["second_factor_at"] = world.NOW.isoformat()
        session.save()
    return {"session": client.cookies[settings.SESSION_COOKIE_NAME].value}


@dataclass(frozen=True, slots=True)
class Case:
    """One URL: its arguments, who of the admitted sees the object (None: all of them), and what a form sends.

    `refused` is what the others get. `always` is the one answer that everybody gets who is admitted, whatever they hold.
    """

    args: Callable[[Walk], list[Any]] = lambda _walk: []
    seen_by: frozenset[str] | None = None
    body: Callable[[Walk], dict[str, Any]] = lambda _walk: {}
    refused: str = "not found"
    always: str = ""


def of_booking(walk: Walk) -> list[Any]:
    return [walk.booking.no]


def _of_home(*more: Callable[[Walk], Any]) -> Callable[[Walk], list[Any]]:
    return lambda walk: [walk.town.home.pk, *(part(walk) for part in more)]


def entry(walk: Walk) -> list[Any]:
    return [walk.town.entry.pk]


def point(walk: Walk) -> list[Any]:
    return [walk.town.point.pk]


def _token(walk: Walk) -> list[Any]:
    return [walk.token]


def worker(walk: Walk) -> list[Any]:
    return [walk.town.worker.pk]


def listing(walk: Walk) -> list[Any]:
    return [walk.town.entry.listing_id]


def _recipient(walk: Walk) -> int:
    return walk.recipient.pk


def plain(*names: str) -> dict[str, Case]:
    return {name: Case() for name in names}


def alike(case: Case, *names: str) -> dict[str, Case]:
    return dict.fromkeys(names, case)


CASES: dict[str, Case] = {
    # for everybody
    **plain(
        "home", "sign_in", "sign_out", "privacy_notice", "find_community", "communities_near_me", "search_menu",
        "set_language", "set_mode", "styleguide", "healthz",
    ),
    **alike(Case(always="sign in"), "sign_in_code", "sign_in_resend"),  # nobody has asked for a code yet
    "metrics": Case(seen_by=NOBODY),  # without METRICS_TOKEN there is no such page
    "choose_community": Case(body=lambda _walk: {"area_code": world.CHASHAN}),
    "community_page": Case(lambda _walk: [world.CHASHAN]),
    "point_menu": Case(point),
    "kind_near": Case(lambda _walk: ["cleaning"]),
    **alike(Case(entry), "entry_page", "entry_next_free"),
    "terms_page": Case(lambda _walk: ["2026-1"]),
    # for everybody who is signed in, about themselves
    **plain(
        "second_factor", "me", "change_name", "verify_identity", "my_consents", "close_account", "community_choices",
        "household_new", "inbox", "inbox_read", "my_bookings",
    ),
    "recovery_codes": Case(seen_by=WITH_FACTOR, refused="second factor"),
    "withdraw_consent": Case(lambda _walk: ["sensitive"]),
    **alike(Case(entry), "order_start", "order_hold"),
    # about Alice's home and orders
    **alike(Case(_of_home(), FAMILY), "household_page", "household_leave", "recipient_new"),
    **alike(Case(_of_home(), ALICE), "household_edit", "proxy_add"),
    "proxy_revoke": Case(_of_home(lambda walk: walk.proxy.pk), ALICE),
    **alike(Case(_of_home(_recipient), FAMILY), "recipient_edit", "recipient_remove"),
    "notification_open": Case(lambda walk: [walk.note.pk], ALICE),
    "upload_file": Case(lambda walk: [walk.paper.pk], frozenset({"admin"})),
    "order_details": Case(lambda walk: [walk.held.no], ALICE),
    **alike(Case(of_booking, FAMILY), "booking_page", "booking_again", "booking_cancel", "booking_settle"),
    "booking_call": Case(lambda walk: [walk.booking.no, walk.town.worker.pk], FAMILY),
    # the worker's day
    **plain("worker_day"),
    **alike(
        Case(of_booking, WORKER), "worker_visit", "worker_confirm", "worker_decline", "worker_set_out",
        "worker_check_in", "worker_finish", "worker_unsafe", "worker_no_show", "worker_call",
    ),
    # the enterprise
    **plain(
        "enterprise_workers", "enterprise_workers_export", "enterprise_listings",
        "enterprise_listing_new", "enterprise_board",
    ),
    **alike(
        Case(worker, MANAGER), "enterprise_worker", "enterprise_worker_photo", "enterprise_worker_hours",
        "enterprise_worker_leave", "credential_new",
    ),
    "enterprise_worker_kind": Case(worker, MANAGER, lambda _walk: {"kind": "cleaning"}),
    "enterprise_worker_leave_remove": Case(lambda walk: [walk.town.worker.pk, walk.leave.pk], MANAGER),
    **alike(Case(listing, MANAGER), "enterprise_listing_price", "enterprise_listing_active"),
    **alike(Case(of_booking, FIRM), "enterprise_booking", "enterprise_assign"),
    # the community desk
    **plain(
        "desk_inbox", "desk_search", "desk_day_list", "desk_day_export", "desk_new", "desk_new_register", "desk_menus"
    ),
    **alike(
        Case(of_booking, STAFF), "desk_booking", "desk_accept", "desk_decline", "desk_assign", "desk_cancel",
        "desk_unlock", "desk_reveal",
    ),
    **alike(Case(_token, DESK), "desk_order", "desk_order_home", "desk_order_identity"),
    "desk_order_hold": Case(
        _token, DESK, lambda walk: {
            "household": walk.town.home.pk, "entry": walk.town.entry.pk, "quantity": 2, "starts_at": "yesterday"
        },
    ),
    "desk_order_details": Case(lambda walk: [walk.token, walk.desk_held.no], DESK),
    **alike(Case(point, STAFF), "desk_menu", "desk_menu_preview", "desk_publish_menu"),
    "desk_add_entry": Case(point, STAFF, lambda walk: {"listing": walk.offer.pk}),
    **alike(
        Case(entry, STAFF), "desk_change_entry", "desk_move_entry", "desk_publish_entry", "desk_withdraw_entry"
    ),
    # programs
    **plain(
        "api_sign_in_code", "api_sign_in_token", "api_sign_out", "api_communities", "api_households", "api_bookings",
        "api_schema",
    ),
    "api_community_menu": Case(lambda _walk: [world.CHASHAN]),
    "api_entry_slots": Case(entry),
    **alike(Case(of_booking, FAMILY), "api_booking", "api_booking_cancel"),
}  # fmt: skip
