"""Telling people: once an event, with a delivery for each channel."""

from dataclasses import replace

import pytest

from communities.inbox.actions import tell
from communities.inbox.models import Delivery, Notification
from communities.inbox.rules import Notice
from tests import world

pytestmark = pytest.mark.django_db


def notice(recipient_id: int, **fields: object) -> Notice:
    made = Notice(
        recipient_id=recipient_id,
        title="Booking %(number)s was placed",
        params={"number": "B1", "starts_at": world.NOW},
        url_name="inbox",
        dedupe_key="booking:1:placed",
    )
    return replace(made, **fields)


def test_each_recipient_is_told_once_however_often_the_event_is_reported() -> None:
    alice, bob = world.user("爱丽丝"), world.user("鲍勃")
    both = [notice(bob.pk), notice(alice.pk)]

    tell(both, at=world.NOW)
    tell(both, at=world.NOW)

    rows = Notification.objects.order_by("recipient_id").values_list("recipient_id", "title", "params", "read_at")
    params = {"number": "B1", "starts_at": "2026-11-23T01:00:00+00:00"}
    assert list(rows) == [(person.pk, "Booking %(number)s was placed", params, None) for person in (alice, bob)]
    assert not Delivery.objects.exists()


def test_a_channel_gets_one_due_delivery_and_its_sender_is_woken_after_commit(
    django_capture_on_commit_callbacks: object,
) -> None:
    alice = world.user("爱丽丝")

    with django_capture_on_commit_callbacks() as callbacks:
        tell([notice(alice.pk, channels=("sms",))], at=world.NOW)
    tell([notice(alice.pk, channels=("sms",))], at=world.NOW)

    assert list(Delivery.objects.values_list("channel", "state", "due_at", "attempts")) == [
        ("sms", "due", world.NOW, 0)
    ]
    assert len(callbacks) == 1


def test_telling_nobody_is_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):
        tell([], at=world.NOW)


def test_a_text_whose_place_has_no_param_is_found_when_it_is_told() -> None:
    with pytest.raises(KeyError):
        tell([notice(world.user().pk, params={})], at=world.NOW)


def test_thirty_people_are_told_in_one_insert(django_assert_num_queries: object) -> None:
    people = [world.user() for _ in range(30)]
    with django_assert_num_queries(1):
        tell([notice(person.pk) for person in people], at=world.NOW)
    assert Notification.objects.count() == 30
