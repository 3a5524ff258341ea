from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from bookings.lifecycle.models import Booking, State
from communities.accounts.models import CareRecipient, HouseholdMember, Identity
from homeservice.kernel import clock
from tests import world
from tests.bookings.ordering import hold, placed, tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
SignIn = Callable[..., Client]
ANSWERS = {
    "recipient": "home", "contact_name": "爱丽丝", "contact_phone": "138 0013 8000", "note": "请按门铃", "terms": "on"
}  # fmt: skip


def details(client: Client, booking: Booking, **params: str) -> Any:
    return client.get(reverse("order_details", args=[booking.no]), params)


def send(client: Client, booking: Booking, *, without: tuple[str, ...] = (), **changes: str) -> Any:
    answers = {name: value for name, value in {**ANSWERS, **changes}.items() if name not in without}
    return client.post(reverse("order_details", args=[booking.no]), answers)


def errors(response: Any) -> dict[str, list[str]]:
    """What the page says is wrong, in English."""
    with override("en"):
        return {field: [str(text) for text in texts] for field, texts in response.context["form"].errors.items()}


@pytest.fixture
def town() -> world.Town:
    return world.town()


@pytest.fixture
def held(town: world.Town) -> Booking:
    return hold(town.alice, town.home, town.entry, tomorrow(10))


@pytest.fixture
def alice(town: world.Town, sign_in: SignIn) -> Client:
    client = sign_in(town.alice)
    client.cookies["language"] = "en"
    return client


def test_the_page_tells_price_parts_hold_and_cancellation_with_clock_times(alice: Client, held: Booking) -> None:
    page = details(alice, held).content.decode()
    for text in (
        "¥45.00 per hour × 2", "¥90.00", "held for you until 09:10", "Until Mon 23 Nov, 22:00: free",
        "Until Tue 24 Nov, 06:00: 20 % = ¥18.00", "After that: 50 % = ¥45.00", reverse("terms_page", args=["2026-1"]),
    ):  # fmt: skip
        assert text in page
    assert 'data-countdown="600"' in page


def test_nothing_is_ticked_beforehand_and_the_contact_is_filled_in(
    alice: Client, held: Booking, town: world.Town
) -> None:
    form = details(alice, held).context["form"]
    assert form["contact_name"].value() == town.alice.name
    assert form["contact_phone"].value() == town.alice.phone
    assert not form["terms"].value()
    assert not form["any_enterprise"].value()
    assert not form["child_present"].value()


def test_the_order_is_placed_with_everything_that_was_told(alice: Client, held: Booking, town: world.Town) -> None:
    granny = world.recipient(town.home)
    note = "门口有狗 😀 𠮷 𡚸 漖\r\n请先打电话"
    response = send(alice, held, recipient=str(granny.pk), note=note, any_enterprise="on", child_present="on")
    assert response["Location"] == reverse("booking_page", args=[held.no])
    booking = Booking.objects.get()
    assert booking.state == State.PLACED
    assert (booking.recipient, booking.contact_name, booking.contact_phone) == (granny, "爱丽丝", "13800138000")
    assert booking.note == "门口有狗 😀 𠮷 𡚸 漖\n请先打电话"
    assert (booking.any_enterprise, booking.child_present, booking.terms) == (True, True, world.terms())


def test_somebody_new_joins_the_household_once(alice: Client, held: Booking) -> None:
    response = send(alice, held, recipient="new", new_name="𠮷奶奶", without=("terms",))
    assert response.status_code == 422
    assert not CareRecipient.objects.exists()
    assert send(alice, held, recipient="new", new_name="𠮷奶奶").status_code == 302
    assert Booking.objects.get().recipient == CareRecipient.objects.get()


def test_somebody_new_needs_a_name(alice: Client, held: Booking) -> None:
    response = send(alice, held, recipient="new", new_name=" ")
    assert errors(response) == {"new_name": ["Please fill this in."]}


def test_terms_that_are_not_ticked_are_told_at_the_box(alice: Client, held: Booking) -> None:
    response = send(alice, held, without=("terms",))
    assert response.status_code == 422
    assert errors(response) == {"terms": ["Please read and accept the terms of the order."]}
    assert "请按门铃" in response.content.decode()
    assert Booking.objects.get().state == State.HELD


def test_a_note_of_ten_thousand_characters_is_told_and_not_lost(alice: Client, held: Booking) -> None:
    note = "漖" * 10_000
    response = send(alice, held, note=note)
    assert response.status_code == 422
    message = "Please use at most 500 characters; these are 10000."
    assert errors(response) == {"note": [message]}
    assert note in response.content.decode()


@pytest.mark.parametrize("phone", ["138", "12345678901", "𠮷", ""])
def test_a_wrong_phone_is_told_at_its_field(alice: Client, held: Booking, phone: str) -> None:
    response = send(alice, held, contact_phone=phone)
    assert [*response.context["form"].errors] == ["contact_phone"]


def test_illness_is_asked_only_where_the_item_says_so(alice: Client, town: world.Town) -> None:
    held = hold(town.alice, town.home, town.entry, tomorrow(10))
    assert "health" not in details(alice, held).context["form"].fields
    type(held.item).objects.update(health_facts_asked=True)
    assert "Article 13" in details(alice, held).content.decode()
    response = send(alice, held)
    assert errors(response) == {"health": ["Please answer the question about illnesses."]}
    response = send(alice, held, health="yes", health_facts="")
    assert [*response.context["form"].errors] == ["health_facts"]
    assert send(alice, held, health="yes", health_facts="高血压").status_code == 302
    assert Booking.objects.get().health_facts == "高血压"


def test_without_a_verified_identity_the_page_leads_there_and_keeps_what_was_typed(
    alice: Client, held: Booking
) -> None:
    Identity.objects.update(state="pending", verified_at=None)
    assert "One step before: your identity" in details(alice, held).content.decode()
    refused = send(alice, held)
    assert (refused.status_code, Booking.objects.get().state) == (422, State.HELD)
    response = send(alice, held, go="identity", without=("terms",), note="钥匙在门卫")
    assert response["Location"] == f"{reverse('verify_identity')}?next=%2Forders%2F{held.no}%2F"
    Identity.objects.update(state="verified", verified_at=world.NOW)
    back = details(alice, held)
    assert back.context["form"]["note"].value() == "钥匙在门卫"
    assert send(alice, held).status_code == 302


def test_a_lapsed_hold_says_so_and_leads_back_with_the_choices(alice: Client, held: Booking, town: world.Town) -> None:
    send(alice, held, without=("terms",), go="identity", note="钥匙在门卫")
    with clock.frozen(world.NOW + timedelta(minutes=11)):
        response = send(alice, held)
        page = details(alice, held).content.decode()
        assert "The ten minutes are over" in (response.content.decode() + page)
        assert f"household={town.home.pk}&amp;quantity=2&amp;day=2026-11-24" in page
        anew = hold(town.alice, town.home, town.entry, tomorrow(10), at=clock.now())
        assert details(alice, anew).context["form"]["note"].value() == "钥匙在门卫"


def test_a_placed_order_leads_to_its_booking(alice: Client, town: world.Town) -> None:
    booking = placed(town)
    assert details(alice, booking)["Location"] == reverse("booking_page", args=[booking.no])


def test_only_who_holds_the_time_sees_it(held: Booking, town: world.Town, sign_in: SignIn) -> None:
    bob, charlie = world.user("鲍勃"), world.user("查理")
    HouseholdMember.objects.create(household=town.home, user=bob, part="member", granted_at=world.JOINED)
    desk = world.staff(point=town.point)
    for person in (bob, charlie, desk):
        client = sign_in(person, second_factor=True)
        assert details(client, held).status_code == 404
        assert send(client, held).status_code == 404
    assert details(Client(), held)["Location"].startswith(reverse("sign_in"))
    assert Booking.objects.get().state == State.HELD


def test_the_elder_version_asks_one_question_a_page_and_keeps_each_answer(
    alice: Client, held: Booking, town: world.Town
) -> None:
    type(held.item).objects.update(health_facts_asked=True)
    alice.cookies["mode"] = "elder"
    url = reverse("order_details", args=[held.no])
    assert details(alice, held).context["step_labels"] == ["For whom", "Health", "At home", "Check"]
    assert [*details(alice, held).context["form"].fields] == ["recipient", "new_name", "contact_name", "contact_phone"]
    steps: list[tuple[dict[str, str], str]] = [
        ({"step": "who", "recipient": "new", "new_name": "王奶奶", "contact_name": "王小明",
          "contact_phone": "13800138000"}, f"{url}?step=health"),
        ({"step": "health", "health": "none"}, f"{url}?step=home"),
        ({"step": "home", "note": "请按门铃"}, f"{url}?step=check"),
        ({"step": "check", "terms": "on"}, reverse("booking_page", args=[held.no])),
    ]  # fmt: skip
    for answers, leads_to in steps:
        assert alice.post(url, answers)["Location"] == leads_to
    booking = Booking.objects.get()
    assert (booking.state, booking.note, booking.contact_name) == (State.PLACED, "请按门铃", "王小明")
    assert booking.recipient == CareRecipient.objects.get()
