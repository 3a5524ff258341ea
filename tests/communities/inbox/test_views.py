"""The inbox page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from communities.accounts.models import User
from communities.inbox.actions import tell
from communities.inbox.models import Notification
from communities.inbox.rules import Notice
from tests import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
SignIn = Callable[..., Client]


def told(person: User, count: int = 1, **fields: Any) -> None:
    for number in range(count):
        given = {"title": "Message %(number)s", "params": {"number": number}, **fields}
        tell(
            [Notice(recipient_id=person.pk, dedupe_key=f"k{number}", **given)], at=NOW - timedelta(minutes=30 - number)
        )


def test_the_newest_stands_first_and_twenty_on_a_page(sign_in: SignIn) -> None:
    alice = world.user()
    told(alice, 21)
    client = sign_in(alice)
    first, second = client.get("/inbox").content.decode(), client.get("/inbox?page=2").content.decode()
    assert first.index("Message 20") < first.index("Message 19")
    assert "Message 0" not in first
    assert "Message 0" in second


def test_nobody_reads_or_opens_another_persons_message(sign_in: SignIn) -> None:
    told(world.user("爱丽丝"))
    charlie = sign_in(world.user("查理"))
    assert "Message 0" not in charlie.get("/inbox").content.decode()
    assert charlie.post(f"/inbox/{Notification.objects.get().pk}/open").status_code == 404
    charlie.post("/inbox/read")
    assert Notification.objects.get().read_at is None
    assert Client().get("/inbox").headers["Location"] == "/sign-in?next=%2Finbox"


@pytest.mark.parametrize(
    ("url_name", "url_args", "place"),
    [
        ("verify_identity", (), "/me/identity"),
        ("household_page", (7,), "/me/homes/7"),
        ("", (), "/inbox"),
        ("gone", (), "/inbox"),
    ],
)
def test_opening_marks_it_read_and_leads_where_it_happened(
    sign_in: SignIn, url_name: str, url_args: tuple[Any, ...], place: str
) -> None:
    alice = world.user()
    told(alice, url_name=url_name, url_args=url_args)
    answer = sign_in(alice).post(f"/inbox/{Notification.objects.get().pk}/open")
    assert answer.headers["Location"] == place
    assert Notification.objects.get().read_at


def test_reading_happens_by_post_only(sign_in: SignIn) -> None:
    alice = world.user()
    told(alice)
    client = sign_in(alice)
    assert client.get(f"/inbox/{Notification.objects.get().pk}/open").status_code == 405
    client.get("/inbox")
    assert Notification.objects.get().read_at is None
    client.post("/inbox/read")
    assert Notification.objects.get().read_at


def test_the_unread_alone_and_the_empty_inbox_are_designed(sign_in: SignIn) -> None:
    alice = world.user()
    client = sign_in(alice)
    assert "hs-empty" in client.get("/inbox").content.decode()
    told(alice)
    assert "Message 0" in client.get("/inbox?show=unread").content.decode()
    client.post("/inbox/read")
    assert "hs-empty" in client.get("/inbox?show=unread").content.decode()


def test_a_fragment_is_the_list_alone(sign_in: SignIn) -> None:
    alice = world.user()
    told(alice)
    fragment = sign_in(alice).get("/inbox", headers={"HX-Request": "true"}).content.decode()
    assert "Message 0" in fragment
    assert "<html" not in fragment


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_message_and_for_three(
    sign_in: SignIn, count: int, django_assert_num_queries: Any
) -> None:
    alice = world.user()
    told(alice, count)
    client = sign_in(alice)
    client.get("/inbox")
    with django_assert_num_queries(QUERIES_OF_INBOX):
        client.get("/inbox")


QUERIES_OF_INBOX = 6
