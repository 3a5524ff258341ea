"""What programs read of an enterprise's workers."""

import pytest
from django.urls import reverse
from knox.models import AuthToken

from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def token_of(person) -> dict[str, str]:
    return {"Authorization": f"Token {AuthToken.objects.create(person)[1]}"}


@pytest.mark.parametrize("count", [1, 3])
def test_a_program_of_the_manager_reads_the_workers_in_ten_queries(client, firm, count, django_assert_num_queries):
    world.requirement("TR0")
    for _ in range(count):
        world.worker(firm)
    world.worker(world.enterprise("别家家政"))
    known = token_of(world.manager(firm))
    client.get(reverse("api_enterprise_workers"), headers=known)
    with django_assert_num_queries(10):
        answer = client.get(reverse("api_enterprise_workers"), headers=known)
    rows = answer.json()["results"]
    assert len(rows) == count
    assert (rows[0]["kinds"], rows[0]["authorised"], rows[0]["state"]) == (["cleaning"], True, "admitted")
    assert [gap["reason_code"] for gap in rows[0]["blocking"]] == ["needs_tr0"]


def test_a_program_narrows_by_state_and_is_told_an_unknown_one(client, firm):
    world.worker(firm, state="suspended")
    known = token_of(world.manager(firm))
    url = reverse("api_enterprise_workers")
    assert client.get(url, {"state": "admitted"}, headers=known).json()["results"] == []
    assert len(client.get(url, {"state": "suspended"}, headers=known).json()["results"]) == 1
    assert client.get(url, {"state": "asleep"}, headers=known).status_code == 422


def test_programs_of_clerks_residents_and_nobody_read_no_workers(client, firm):
    url = reverse("api_enterprise_workers")
    for person in (world.manager(firm, rights="clerk"), world.user(), world.worker(firm).user):
        assert client.get(url, headers=token_of(person)).status_code == 403
    assert client.get(url).status_code == 401
