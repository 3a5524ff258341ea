"""Sending by SMS: due rows, retries with growing pauses, and nothing sent for a closed account."""

from datetime import timedelta
from typing import Any

import pytest

from communities.accounts.models import User
from communities.accounts.sms import SmsError
from communities.inbox.actions import deliver_next, tell
from communities.inbox.models import Delivery
from communities.inbox.rules import Notice
from communities.inbox.tasks import deliver_due
from homeservice.kernel import clock
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db


class Recorder:
    """A sender that keeps what it was given."""

    sent: list[tuple[str, str]] = []

    def send(self, *, phone: str, text: str) -> None:
        self.sent.append((phone, text))


class DeadNetwork:
    def send(self, *, phone: str, text: str) -> None:
        raise SmsError("no route")


@pytest.fixture
def recorder(settings: Any) -> list[tuple[str, str]]:
    settings.SMS_SENDER = f"{__name__}.Recorder"
    Recorder.sent = []
    return Recorder.sent


def told(person: User, key: str = "k") -> None:
    notice = Notice(
        recipient_id=person.pk, title="%(item)s on %(visit_date)s: %(price_fen)s", dedupe_key=key, channels=("sms",),
        params={"item_zh": "保洁", "item_en": "Cleaning", "visit_date": world.MONDAY, "price_fen": 13500},
    )  # fmt: skip
    tell([notice], at=NOW)


def test_each_person_is_written_to_in_their_language(recorder: list[tuple[str, str]]) -> None:
    alice, bob = world.user(language="en"), world.user()
    told(alice)
    told(bob)
    with clock.frozen(NOW):
        assert deliver_due() == 2
        assert deliver_due() == 0
    (first, english), (second, chinese) = recorder
    assert (first, english) == (alice.phone, "Cleaning on Mon 23 Nov: ¥135.00")
    assert second == bob.phone
    assert chinese.startswith("保洁")
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_a_failed_message_is_tried_again_later_and_given_up_in_the_end(settings: Any) -> None:
    settings.SMS_SENDER = f"{__name__}.DeadNetwork"
    told(world.user())

    pauses, at = [], NOW
    while Delivery.objects.filter(state="due").exists():
        assert deliver_next(at=at)
        assert not deliver_next(at=at)
        due_at = Delivery.objects.get().due_at
        pauses.append(int((due_at - at).total_seconds()))
        at = due_at
    assert pauses == [30, 60, 120, 240, 480, 960]
    assert Delivery.objects.values_list("state", "attempts", "error").get() == ("failed", 6, "no route")


def test_a_sender_that_died_is_followed_by_another(recorder: list[tuple[str, str]]) -> None:
    told(world.user())
    Delivery.objects.update(attempts=1, due_at=NOW + timedelta(minutes=2))  # claimed, and never heard of again
    assert not deliver_next(at=NOW)
    assert deliver_next(at=NOW + timedelta(minutes=2))
    assert len(recorder) == 1


def test_nothing_is_sent_to_a_closed_account(recorder: list[tuple[str, str]]) -> None:
    told(world.user(is_active=False))
    assert deliver_next(at=NOW)
    assert recorder == []
