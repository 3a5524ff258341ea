"""The set form of the gate says what the single form says, on random papers, days and circumstances in the database."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeservice.kernel.vocabulary import Circumstance, Group
from providers.bindings.models import Authorisation
from providers.credentials.queries import assess, assess_workers, qualified_on, qualified_periods
from providers.credentials.rules import Context
from providers.workers.models import Worker
from tests import world

pytestmark = pytest.mark.django_db
DAY, DAYS = timedelta(days=1), 14
START = world.MONDAY
# the days around the window: papers begin before it, in it and after it
around = st.integers(-40, DAYS + 3).map(lambda n: START + n * DAY)
some_codes = st.sampled_from(["ID", "HX", "BG2", "SK-YL", "O-FD"])
some_papers = st.lists(
    st.tuples(
        some_codes,
        st.sampled_from([1, 2, 3, 4]),
        around,
        st.none() | st.integers(0, 40),
        st.sampled_from(["verified", "verified", "verified", "superseded", "submitted", "refused", "revoked"]),
    ),
    max_size=8,
)
some_workers = st.lists(
    st.fixed_dictionaries(
        {
            "papers": some_papers,
            "state": st.sampled_from(["admitted", "admitted", "admitted", "suspended", "returned"]),
            "authorised": st.sampled_from([True, True, True, False]),
            "birth_date": st.sampled_from([START.replace(year=1980), (START + 5 * DAY).replace(year=2008)]),
            "firm": st.sampled_from([0, 0, 1, 2]),
        }
    ),
    min_size=1,
    max_size=4,
)
some_needs = st.lists(
    st.fixed_dictionaries(
        {
            "any_of": st.lists(st.tuples(some_codes, st.none() | st.integers(1, 4)), min_size=1, max_size=2),
            "condition": st.sampled_from(["always", "always", "child", "care_level_2", "group", *Circumstance.values]),
            "groups": st.just(["elder"]),
            "effect": st.sampled_from(["block", "block", "warn"]),
            "basis": st.sampled_from(["law", "platform"]),
            "max_age_days": st.none() | st.integers(0, 40),
            "valid_from": around,
            "valid_until": st.none() | around,
            "item_code": st.sampled_from(["", "CL01", "CL02"]),
        }
    ),
    max_size=5,
)
contexts = st.builds(
    Context,
    child_present=st.booleans(),
    care_level=st.integers(0, 4),
    at_height=st.booleans(),
    acts=st.frozensets(st.sampled_from(Circumstance.values)),
    groups=st.frozensets(st.sampled_from(Group.values), max_size=2),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(workers=some_workers, needs=some_needs, context=contexts, start=st.integers(0, 5))
def test_the_set_form_equals_the_single_form(
    db: None, workers: list[dict[str, Any]], needs: list[dict[str, Any]], context: Context, start: int
) -> None:
    with transaction.atomic():
        item, made = world.item(), _made(workers)
        for n, need in enumerate(needs):
            _require(n, need)
        ids = [worker.pk for worker in made]
        days = [START + n * DAY for n in range(start, DAYS)]

        single = {(pk, day): assess(pk, item, context, day) for pk in ids for day in days}
        periods = qualified_periods(ids, item, days[0], days[-1] + DAY, context)
        on_one_day = assess_workers(ids, item, days[0], context)

        allowed = {(pk, day) for (pk, day), answer in single.items() if answer.verdict != "block"}
        assert {(pk, day) for pk in ids for day in days for a, b in periods[pk] if a <= day < b} == allowed
        assert qualified_on(ids, item, days[0], context) == {pk for pk, day in allowed if day == days[0]}
        assert [_told(on_one_day[pk]) for pk in ids] == [_told(single[pk, days[0]]) for pk in ids]
        transaction.set_rollback(True)


def _told(answer: Any) -> tuple[str, list[tuple[str, str, str, object]]]:
    return answer.verdict, [(one.reason_code, one.effect, one.cause, one.since) for one in answer.findings]


def _made(workers: list[dict[str, Any]]) -> list[Worker]:
    firms = [world.enterprise(f"第{n}家政", state=state) for n, state in enumerate(("admitted", "suspended"))]
    rows = []
    for one in workers:
        row = world.worker(firms[one["firm"] % 2], birth_date=one["birth_date"], state=one["state"])
        if one["firm"] == 2:
            Worker.objects.filter(pk=row.pk).update(enterprise=None)
        if not one["authorised"]:
            Authorisation.objects.filter(worker=row).update(withdrawn_at=world.NOW)
        for code, level, since, length, state in one["papers"]:
            fields = {"valid_from": since, "valid_until": None if length is None else since + length * DAY}
            holder = firms[0] if code == "O-FD" else row
            world.credential(holder, code, state=state, level=level if code in ("HX", "SK-YL") else None, **fields)
        rows.append(row)
    return rows


def _require(n: int, need: dict[str, Any]) -> None:
    papers = [{"code": code, "level": level} for code, level in need["any_of"]]
    holder = "enterprise" if papers[0]["code"] == "O-FD" else "worker"
    world.requirement(reason_code=f"need_{n}", holder=holder, **{**need, "any_of": papers})


@pytest.mark.parametrize("count", [1, 40])
def test_fourteen_days_take_three_queries_however_many_workers(count: int, django_assert_num_queries: Any) -> None:
    world.requirement("ID")
    world.requirement("O-FD", holder="enterprise")
    item, firm = world.item(), world.enterprise()
    ids = [world.worker(firm).pk for _ in range(count)]
    with django_assert_num_queries(3):
        qualified_periods(ids, item, START, START + DAYS * DAY)
    with django_assert_num_queries(3):
        assess_workers(ids, item, START)
    with django_assert_num_queries(3):
        assess(ids[0], item, Context(), START)
