"""Workers: who they are, for whom they work and how far their admission is, their hours and leave."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from communities.accounts.models import User
from communities.divisions.models import Division
from homeservice.demo.cast import WORKER, Person, id_number, numbered, person, scattered, users
from homeservice.demo.firms import Firm
from homeservice.demo.portraits import portraits
from homeservice.demo.trades import TRADES
from homeservice.demo.words import LANGUAGES, PROVINCES, SKILLS
from homeservice.foundation.models import Upload
from homeservice.kernel.clock import at_local
from homeservice.kernel.crypto import blind_index
from homeservice.kernel.vocabulary import Admission, TransportMode
from providers.bindings.models import Authorisation, AuthorisationLetter, Binding
from providers.workers.models import Leave, Worker, WorkerKind, WorkingHours

PORTRAITS = 24
REASONS = {
    Admission.SUSPENDED: "投诉调查期间暂停接单",
    Admission.RETURNED: "健康证照片模糊，看不清印章，请重新拍照上传",
    Admission.EXITED: "本人离职",
    Admission.BLACKLISTED: "提交伪造的健康证明",
}
TRANSPORT = [TransportMode.EBIKE, TransportMode.EBIKE, TransportMode.TRANSIT, TransportMode.BIKE]
EDUCATION = ["primary", "middle", "middle", "high", "high", "vocational", "college", "bachelor"]


def workers(
    random: Random, of: Sequence[Firm], communities: Sequence[Division], count: int, *, today: date
) -> list[Worker]:
    """A fair number for each firm, most of them admitted, with kinds, hours, some leave, bindings and authorisations."""
    people = [person(random, WORKER, n, born=(1966, 2003), men_percent=18) for n in range(count)]
    accounts = users(people, joined=_since(today, 400))
    photos = portraits(random, PORTRAITS, at=at_local(today, time(6)))
    rows = [
        _worker(random, n, one, user, of[n % len(of)], random.choice(communities), photos[n % PORTRAITS], today)
        for n, (one, user) in enumerate(zip(people, accounts, strict=True))
    ]
    made = Worker.objects.bulk_create(rows, batch_size=500)
    numbered(list(zip(accounts, people, strict=True)), [one.id_number for one in made], at=_since(today, 390))
    _kinds(made, of)
    _hours(random, made, today)
    _bindings(made, of, today)
    return made


def state_of(n: int, firm: Firm) -> Admission:
    """Most are admitted. A firm that is not takes its workers along."""
    own = firm.enterprise.state
    if own in (Admission.SUBMITTED, Admission.CHECKING, Admission.RETURNED, Admission.AWAITING_AUTHORISATION):
        return (
            Admission.SUBMITTED
            if n % 7 == 0 and own != Admission.AWAITING_AUTHORISATION
            else Admission.AWAITING_AUTHORISATION
        )
    if n % 240 == 13:
        return Admission.BLACKLISTED
    for every, rest, state in (
        (60, 0, Admission.SUSPENDED), (40, 7, Admission.SUBMITTED), (90, 11, Admission.EXITED),
        (97, 3, Admission.RETURNED), (70, 9, Admission.AWAITING_AUTHORISATION),
    ):  # fmt: skip
        if n % every == rest:
            return state
    return Admission.ADMITTED


def _worker(
    random: Random, n: int, one: Person, user: User, firm: Firm, home: Division, photo: Upload, today: date
) -> Worker:
    lat, lon = scattered(random, home)
    state = state_of(n, firm)
    served = random.randint(0, 90) if state in (Admission.ADMITTED, Admission.SUSPENDED, Admission.EXITED) else 0
    number = id_number(one, 500 + n)  # apart from the residents'
    return Worker(
        user=user, enterprise=None if state == Admission.EXITED else firm.enterprise,
        relation=random.choice(["employee", "employee", "service_agreement", "flexible", "agency"]),
        state=state, state_reason=REASONS.get(state, ""), real_name=one.name, sex=one.sex, birth_date=one.birth_date,
        id_number=number, id_number_index=blind_index(number, purpose="id_number"),
        origin_province=random.choice(PROVINCES), languages=["普通话", *random.sample(LANGUAGES, random.randint(0, 2))],
        education=random.choice(EDUCATION), skills=random.sample(SKILLS, random.randint(0, 3)), photo=photo,
        home_community=home, lat=lat, lon=lon, service_radius_m=random.choice([4000, 6000, 8000, 12000]),
        transport=random.choice(TRANSPORT), star=random.choice([None, None, 2, 3, 4, 5]) if served > 30 else None,
        rating_count=served, rating_sum=round(served * random.uniform(4.2, 5.0)), visits_done=served * 3,
        complaints_upheld=int(served > 20 and n % 37 == 5), joined_date=today - timedelta(days=random.randint(30, 1500)),
    )  # fmt: skip


def _kinds(made: Sequence[Worker], of: Sequence[Firm]) -> None:
    """What each does: one of the combinations of the firm's trade."""
    rows = []
    for n, worker in enumerate(made):
        together = TRADES[of[n % len(of)].trade]
        rows += [WorkerKind(worker=worker, kind_id=kind) for kind in together[n // len(of) % len(together)]]
    WorkerKind.objects.bulk_create(rows, batch_size=1000)


def _hours(random: Random, made: Iterable[Worker], today: date) -> None:
    shifts = [(time(8), time(18)), (time(8, 30), time(20)), (time(9), time(21)), (time(7), time(17))]
    hours, leaves = [], []
    for worker in made:
        starts, ends = random.choice(shifts)
        off = random.randrange(7)
        hours += [WorkingHours(worker=worker, weekday=day, starts=starts, ends=ends) for day in range(7) if day != off]
        if random.random() < 0.06:
            begins = at_local(today + timedelta(days=random.randint(1, 9)), time())
            leaves.append(
                Leave(worker=worker, period=(begins, begins + timedelta(days=random.randint(1, 4))), reason="事假")
            )
    WorkingHours.objects.bulk_create(hours, batch_size=2000)
    Leave.objects.bulk_create(leaves)


def _bindings(made: Sequence[Worker], of: Sequence[Firm], today: date) -> None:
    """Both sides said yes, after the worker had signed the letter; who waits for that has only been asked."""
    letter = AuthorisationLetter.objects.order_by("-valid_from", "-pk").first()
    bindings, signed = [], []
    for n, worker in enumerate(made):
        at = at_local(worker.joined_date, time(10))
        waiting = worker.state == Admission.AWAITING_AUTHORISATION
        ended = worker.state == Admission.EXITED
        bindings.append(
            Binding(
                user_id=worker.user_id, enterprise=of[n % len(of)].enterprise, relation=worker.relation, proposed_by="enterprise",
                state="proposed" if waiting else "ended" if ended else "in_force",
                proposed_at=_since(today, 2) if waiting else at, answered_at=None if waiting else at,
                answerer_id=None if waiting else worker.user_id,
                ending_proposed_by="worker" if ended else "", ending_proposed_at=_since(today, 20) if ended else None,
                ended_at=_since(today, 18) if ended else None, end_reason="回老家照顾家人" if ended else "",
            )
        )  # fmt: skip
        if letter and not waiting:
            signed.append(
                Authorisation(
                    worker=worker, letter=letter, channel="web", signed_name=worker.real_name, signed_at=at,
                    recorded_by_id=worker.user_id,
                )
            )  # fmt: skip
    Binding.objects.bulk_create(bindings, batch_size=1000)
    Authorisation.objects.bulk_create(signed, batch_size=1000)


def _since(today: date, days: int) -> datetime:
    return at_local(today - timedelta(days=days), time(9))
