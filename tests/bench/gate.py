"""The credential gate asked as dispatch asks it: two thousand workers, fourteen days, one item of the real table."""

import json
import time
from datetime import date, timedelta

from django.db import transaction

from communities.accounts.models import User
from homeservice.kernel import clock
from providers.bindings.models import Authorisation
from providers.catalogue.models import ServiceItem
from providers.credentials.models import Credential, Requirement, number_index
from providers.credentials.queries import qualified_periods
from providers.credentials.table import rows_of
from providers.management.commands.load_catalogue import REQUIREMENTS
from providers.workers.models import Worker
from tests import world

WORKERS, DAYS, FIRMS = 2_000, 14, 40
PAPERS = (("ID", None), ("HX", 3), ("BG1", None), ("BG2", None), ("TR0", None), ("SK-YL", 4), ("INS", None))
DAY = timedelta(days=1)
AFAR = (22.0, 111.5)  # so that nobody is dispatched among them


@transaction.atomic
def lay_gate() -> tuple[ServiceItem, list[int]]:
    """Elder care with its real requirements, and workers with all papers, of which every fifth loses one in the window."""
    world.kind("elder_care")
    document = json.loads(REQUIREMENTS.read_text(encoding="utf-8"))
    Requirement.objects.bulk_create(Requirement(**row) for row in rows_of(document) if row["kind_id"] == "elder_care")
    item = world.item("EL01", kind=world.kind("elder_care"), name_zh="居家生活照料")
    return item, [worker.pk for worker in _workers(clock.today())]


def _workers(today: date) -> list[Worker]:
    firms = [world.enterprise(f"第{n}养老") for n in range(FIRMS)]
    people = User.objects.bulk_create(
        User(phone=f"1880000{n:04d}", phone_index=f"gate {n}", name="护理员", date_joined=world.JOINED)
        for n in range(WORKERS)
    )
    made = Worker.objects.bulk_create(
        Worker(
            user=person, enterprise=firms[n % FIRMS], relation="employee", state="admitted", real_name="护理员",
            sex="female", birth_date=date(1980, 5, 5), home_community_id=world.CHASHAN, lat=AFAR[0],
            lon=AFAR[1], joined_date=date(2025, 1, 1),
        )
        for n, person in enumerate(people)
    )  # fmt: skip
    letter = world.letter()
    Authorisation.objects.bulk_create(
        Authorisation(
            worker=worker, letter=letter, channel="web", signed_name="护理员", signed_at=world.JOINED,
            recorded_by=worker.user,
        )
        for worker in made
    )  # fmt: skip
    Credential.objects.bulk_create(
        (
            Credential(
                worker=worker, code=code, level=level, issuer="广州市", number=f"{n}", number_index=number_index(f"gate {n}"),
                valid_from=today - 100 * DAY, state="verified",
                valid_until=today + (n % DAYS if n % 5 == 0 and code == "HX" else 200) * DAY,
            )
            for n, worker in enumerate(made)
            for code, level in PAPERS
        ),
        batch_size=2_000,
    )  # fmt: skip
    return made


def asks_per_second(item: ServiceItem, worker_ids: list[int], seconds: float) -> float:
    """How often a second the whole question is answered, by one process."""
    today, began, asked = clock.today(), time.monotonic(), 0
    while (took_s := time.monotonic() - began) < seconds or not asked:
        found = qualified_periods(worker_ids, item, today, today + DAYS * DAY)
        assert sum(len(periods) for periods in found.values()) == WORKERS
        asked += 1
    return asked / took_s
