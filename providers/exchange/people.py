"""Rows of workers: checked against each other and the database, and entered as a whole. Sets throughout, no row by row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils.translation import gettext_noop
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from communities.accounts.models import User, phone_index
from communities.accounts.rules import IdNumber
from communities.divisions.models import Division
from communities.inbox.actions import tell
from homeservice.foundation import audit
from homeservice.kernel.clock import local_day
from homeservice.kernel.vocabulary import Admission, TransportMode
from providers.bindings import notices
from providers.bindings.models import Binding
from providers.enterprises.models import Enterprise
from providers.exchange.rules import TWICE, Fault
from providers.workers.actions import id_number_index
from providers.workers.models import Worker
from providers.workers.rules import LEAST_AGE_YEARS, years_old

BATCH = 1000
DEFAULT_RADIUS_KM = 5
RADIUS_KM = (1, 50)
MOST_WORDS, WORD_MAX = 12, 20
CITY_DIGITS = 4
CHANGED_BY_A_ROW = (
    "home_community_id", "lat", "lon", "transport", "service_radius_m", "languages", "education", "skills",
    "origin_province",
)  # fmt: skip

TOO_YOUNG = gettext_noop("A worker must be at least 18 years old.")
LETTER_AHEAD = gettext_noop("The letter can't be signed in the future.")
NO_COMMUNITY = gettext_noop("There is no community or village of this name in your city. Use its 12-digit code.")
TWO_COMMUNITIES = gettext_noop("Several communities are called so. Use the 12-digit code.")
RADIUS = gettext_noop("The radius lies between 1 and 50 km.")
WORDS = gettext_noop("At most 12 words of 20 characters.")
OTHER_ENTERPRISE = gettext_noop("This person works for another enterprise. That binding must end first.")
OTHER_PHONE = gettext_noop("This ID number is on file with another mobile number.")
OTHER_PERSON = gettext_noop("This mobile number belongs to a worker with another ID number.")
OTHER_NAME = gettext_noop("This ID number is on file under another name.")
INVITED = gettext_noop("An invitation or application is open between you already.")
CLOSED = gettext_noop("This account is closed.")
LEFT = gettext_noop("This person can't be taken on: their admission has ended.")


@dataclass(slots=True)
class Known:
    """What the database knows of the people in a file. Four queries, whatever its length."""

    users: dict[str, User]  # by the index of the phone
    of_number: dict[str, Worker]  # by the index of the ID number
    of_user: dict[int, Worker]
    bound: dict[int, int]  # a person's enterprise, where a binding is in force
    invited: set[int]  # with whom something is open
    communities: dict[str, list[Division]]


@dataclass(slots=True)
class Plan:
    """What taking over would do: new rows, changed ones, and those that are so already."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[tuple[Worker, dict[str, Any]]] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)


def plan(enterprise: Enterprise, rows: Sequence[tuple[int, dict[str, Any]]], *, at: datetime) -> Plan:
    """What the rows would do, and all that is wrong with them."""
    made, today = Plan(), local_day(at)
    for _number, values in rows:
        values["phone_index"] = phone_index(values["phone"])
        values["id_index"] = id_number_index(values["id_number"].number)
    known = _known(enterprise, rows)
    made.faults += _twice(rows, "phone") + _twice(rows, "id_number", lambda value: value.number)
    for number, values in rows:
        wrong = [*_row_faults(number, values, today), *_community_faults(number, values, known)]
        wrong += _person_faults(number, values, known, enterprise)
        made.faults += wrong
        if not wrong:
            _sort(made, values, known, enterprise)
    return made


def enter_workers(enterprise: Enterprise, made: Plan, *, actor_id: int, at: datetime) -> None:
    """New people have an account, a worker awaiting authorisation and an invitation; own workers are as the rows say.

    The caller holds the transaction. Each table is written in one statement a thousand rows; people are told.
    """
    users = _accounts(made.new, at)
    fresh = [values for values in made.new if values["worker"] is None]
    workers = bulk_create_with_history(
        [_worker(values, users[values["phone_index"]], at) for values in fresh],
        Worker,
        batch_size=BATCH,
        default_date=at,
    )
    bindings = Binding.objects.bulk_create(
        [_binding(values, users[values["phone_index"]], enterprise, actor_id, at) for values in made.new],
        batch_size=BATCH,
    )
    letters = {users[values["phone_index"]].pk: values["letter_date"].isoformat() for values in made.new}
    audit.record_all(
        workers, at=at, actor_id=actor_id, action="worker_entered",
        detail=lambda worker: {"attested": True, "letter_date": letters[worker.user_id]},
    )  # fmt: skip
    audit.record_all(
        bindings, at=at, actor_id=actor_id, action="binding_proposed", detail=lambda _row: {"side": "enterprise"}
    )
    tell([notices.invited(binding) for binding in bindings], at=at)
    _change(made.changed, actor_id, at)


def _change(changed: Iterable[tuple[Worker, dict[str, Any]]], actor_id: int, at: datetime) -> None:
    workers = []
    for worker, facts in changed:
        for name, value in facts.items():
            setattr(worker, name, value)
        workers.append(worker)
    if workers:
        bulk_update_with_history(workers, Worker, list(CHANGED_BY_A_ROW), batch_size=BATCH, default_date=at)
        audit.record_all(workers, at=at, actor_id=actor_id, action="worker_facts")


def _accounts(rows: Sequence[Mapping[str, Any]], at: datetime) -> dict[str, User]:
    """The account of each phone, made where there is none. Safe beside somebody who signs up at the same moment."""
    wanted = {values["phone_index"]: values["phone"] for values in rows}
    missing = wanted.keys() - set(
        User.objects.filter(phone_index__in=list(wanted)).values_list("phone_index", flat=True)
    )
    User.objects.bulk_create(
        [
            User(phone=wanted[index], phone_index=index, password=make_password(None), date_joined=at)
            for index in sorted(missing)
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    return {user.phone_index: user for user in User.objects.filter(phone_index__in=list(wanted))}


def _worker(values: Mapping[str, Any], user: User, at: datetime) -> Worker:
    number: IdNumber = values["id_number"]
    return Worker(
        user=user, state=Admission.AWAITING_AUTHORISATION, relation=values["relation"], real_name=values["real_name"],
        id_number=number.number, id_number_index=values["id_index"], sex=number.sex, birth_date=number.birth_date,
        joined_date=local_day(at), **_facts(values),
    )  # fmt: skip


def _binding(values: Mapping[str, Any], user: User, enterprise: Enterprise, actor_id: int, at: datetime) -> Binding:
    return Binding(
        user=user, enterprise=enterprise, relation=values["relation"], state=Binding.State.PROPOSED,
        proposed_by=Binding.Side.ENTERPRISE, proposer_id=actor_id, proposed_at=at,
    )  # fmt: skip


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    home: Division = values["home"]
    return {
        "home_community_id": home.pk,
        "lat": home.lat,
        "lon": home.lon,
        "transport": values["transport"] or TransportMode.EBIKE,
        "service_radius_m": (values["radius_km"] or DEFAULT_RADIUS_KM) * 1000,
        "languages": list(values["languages"]),
        "education": values["education"] or "",
        "skills": list(values["skills"]),
        "origin_province": values["origin_province"] or "",
    }


def _told(values: Mapping[str, Any], worker: Worker) -> dict[str, Any]:
    """What a row changes of an own worker: an empty cell changes nothing."""
    facts = _facts(values)
    empty = {"transport": "transport", "radius_km": "service_radius_m"}
    silent = {column for name, column in empty.items() if values[name] is None}
    silent |= {name for name in ("languages", "education", "skills", "origin_province") if not values[name]}
    if values["home"].pk == worker.home_community_id:
        silent |= {"lat", "lon"}
    return {name: value for name, value in facts.items() if name not in silent and getattr(worker, name) != value}


def _sort(made: Plan, values: dict[str, Any], known: Known, enterprise: Enterprise) -> None:
    worker = known.of_number.get(values["id_index"])
    values["worker"] = worker
    if worker is None or known.bound.get(worker.user_id) != enterprise.pk:
        made.new.append(values)
    elif changes := _told(values, worker):
        made.changed.append((worker, changes))
    else:
        made.same += 1


def _known(enterprise: Enterprise, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> Known:
    phones = [values["phone_index"] for _number, values in rows]
    numbers = [values["id_index"] for _number, values in rows]
    users = {user.phone_index: user for user in User.objects.filter(phone_index__in=phones)}
    ids = [user.pk for user in users.values()]
    workers = list(Worker.objects.filter(Q(id_number_index__in=numbers) | Q(user__in=ids)).select_related("user"))
    people = {*ids, *(worker.user_id for worker in workers)}
    ties = Binding.objects.filter(user__in=people, state__in=["in_force", "ending", "proposed"])
    bound, invited = {}, set()
    for person, firm, state in ties.values_list("user_id", "enterprise_id", "state"):
        if state != Binding.State.PROPOSED:
            bound[person] = firm
        elif firm == enterprise.pk:
            invited.add(person)
    return Known(
        users, {one.id_number_index: one for one in workers if one.id_number_index},
        {one.user_id: one for one in workers}, bound, invited, _communities(enterprise, rows),
    )  # fmt: skip


def _communities(enterprise: Enterprise, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[str, list[Division]]:
    """The communities by each word that the file calls one: a code anywhere, a name within the enterprise's city."""
    words = {values["community"] for _number, values in rows}
    city = enterprise.division_id[:CITY_DIGITS]
    named = Q(area_code__startswith=city) & (Q(name__in=words) | Q(short_name__in=words))
    found: dict[str, list[Division]] = defaultdict(list)
    for one in Division.objects.filter(Q(pk__in=words) | named, level=Division.Level.COMMUNITY):
        for word in {one.pk, one.name, one.short_name} & words:
            found[word].append(one)
    return found


def _row_faults(number: int, values: Mapping[str, Any], today: date) -> Iterable[Fault]:
    if years_old(values["id_number"].birth_date, today) < LEAST_AGE_YEARS:
        yield Fault(number, "id_number", "worker_too_young", TOO_YOUNG)
    if values["letter_date"] > today:
        yield Fault(number, "letter_date", "letter_ahead", LETTER_AHEAD)
    if values["radius_km"] is not None and not RADIUS_KM[0] <= values["radius_km"] <= RADIUS_KM[1]:
        yield Fault(number, "radius_km", "service_radius", RADIUS)
    for name in ("languages", "skills"):
        if len(values[name]) > MOST_WORDS or any(len(word) > WORD_MAX for word in values[name]):
            yield Fault(number, name, "words", WORDS)


def _community_faults(number: int, values: dict[str, Any], known: Known) -> Iterable[Fault]:
    found = known.communities.get(values["community"], [])
    if len(found) == 1:
        values["home"] = found[0]
    else:
        code, message = ("community_twice", TWO_COMMUNITIES) if found else ("community_unknown", NO_COMMUNITY)
        yield Fault(number, "community", code, message)


def _person_faults(number: int, values: Mapping[str, Any], known: Known, enterprise: Enterprise) -> Iterable[Fault]:
    user, worker = known.users.get(values["phone_index"]), known.of_number.get(values["id_index"])
    if user and not user.is_active:
        yield Fault(number, "phone", "account_inactive", CLOSED)
    if worker and worker.user.phone_index != values["phone_index"]:
        yield Fault(number, "phone", "worker_other_phone", OTHER_PHONE)
    elif not worker and user and user.pk in known.of_user:
        yield Fault(number, "phone", "worker_other_person", OTHER_PERSON)
    person = worker.user_id if worker else user.pk if user else None
    if worker and worker.real_name != values["real_name"]:
        yield Fault(number, "real_name", "worker_other_name", OTHER_NAME)
    if worker and worker.state in (Admission.EXITED, Admission.BLACKLISTED):
        yield Fault(number, "id_number", "worker_left", LEFT)
    if person in known.bound and known.bound[person] != enterprise.pk:
        yield Fault(number, "id_number", "worker_bound", OTHER_ENTERPRISE)
    elif person in known.invited:
        yield Fault(number, "phone", "binding_open", INVITED)


def _twice(rows: Iterable[tuple[int, Mapping[str, Any]]], column: str, key: Any = lambda value: value) -> list[Fault]:
    first: dict[Any, int] = {}
    faults = []
    for number, values in rows:
        value = key(values[column])
        if value in first:
            faults.append(Fault(number, column, "twice", TWICE, {"row": first[value]}))
        first.setdefault(value, number)
    return faults
