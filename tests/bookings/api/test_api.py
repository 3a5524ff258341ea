from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from knox.models import AuthToken

from bookings.dispatch.actions import run_round
from bookings.lifecycle.models import Booking, State
from communities.accounts.models import User
from homeservice.kernel.clock import local
from tests import world
from tests.bookings.ordering import placed, tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
Ask = Callable[..., Any]


def asking(person: User | None = None) -> Ask:
    """Sends JSON as the person's program does."""
    token = {"Authorization": f"Token {AuthToken.objects.create(person)[1]}"} if person else {}

    def ask(method: str, path: str, body: Any = None, **headers: str) -> Any:
        send = getattr(Client(), method)
        keywords = {"data": body, "content_type": "application/json"} if method == "post" else {"data": body}
        return send(f"/api/v1/{path}", headers={**token, **headers}, **keywords)

    return ask


def wish(town: world.Town, **changes: Any) -> dict[str, Any]:
    return {
        "entry": town.entry.pk, "household": town.home.pk, "quantity": 2, "starts_at": local(tomorrow(10)).isoformat(),
        "contact_name": "爱丽丝", "contact_phone": "13900000000", "terms_version": "2026-1", **changes,
    }  # fmt: skip


def test_a_program_signs_in_with_phone_and_code() -> None:
    world.divisions()
    ask = asking()
    sent = ask("post", "sign-in/code/", {"phone": "139 0000 1111"})
    assert sent.status_code == 202
    code = sent.json()["code"]
    refused = ask("post", "sign-in/token/", {"phone": "13900001111", "code": code})
    assert (refused.status_code, refused.json()["code"]) == (422, "consent_required")
    given = ask("post", "sign-in/token/", {"phone": "13900001111", "code": code, "privacy_version": "2026-1"})
    assert given.status_code == 201, given.content
    token = given.json()["token"]
    mine = Client().get("/api/v1/households/", headers={"Authorization": f"Token {token}"})
    assert (mine.status_code, mine.json()) == (200, [])
    Client().post("/api/v1/sign-out/", headers={"Authorization": f"Token {token}"})
    assert Client().get("/api/v1/households/", headers={"Authorization": f"Token {token}"}).status_code == 401


def test_the_whole_flow_from_community_to_a_named_worker() -> None:
    town = world.town()
    ask = asking(town.alice)
    assert [row["area_code"] for row in ask("get", "communities/", {"search": "茶山"}).json()] == [world.CHASHAN]
    menu = ask("get", f"communities/{world.CHASHAN}/menu/").json()
    assert [(row["entry"]["id"], row["entry"]["price_fen"]) for row in menu] == [(town.entry.pk, 4500)]
    assert [row["id"] for row in ask("get", "households/").json()] == [town.home.pk]
    slots = ask("get", f"entries/{town.entry.pk}/slots/", {"household": town.home.pk, "quantity": 2, "days": 2}).json()
    assert local(tomorrow(10)).isoformat() in slots[1]["times"]
    made = ask("post", "bookings/", wish(town), **{"Idempotency-Key": "a-1"})
    assert (made.status_code, made.json()["state"], made.json()["price_fen"]) == (201, "placed", 9000)
    run_round("4401", at=world.NOW)
    shown = ask("get", f"bookings/{made.json()['no']}/").json()
    assert (shown["state"], shown["door_code"], shown["point"]) == ("assigned", "", town.point.name)
    assert [event["step"] for event in shown["events"]] == ["hold", "place", "accept", "assign"]
    assert [row["no"] for row in ask("get", "bookings/").json()["results"]] == [shown["no"]]
    assert ask("post", f"bookings/{shown['no']}/cancel/", {"reason": "改天"}).json() == {"fee_fen": 0}
    assert Booking.objects.get().state == State.CANCELLED


def test_the_same_key_books_once_and_another_wish_under_it_is_refused() -> None:
    town = world.town()
    ask = asking(town.alice)
    first, second = (ask("post", "bookings/", wish(town), **{"Idempotency-Key": "a-1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (second["Idempotency-Replayed"], Booking.objects.count()) == ("true", 1)
    other = ask("post", "bookings/", wish(town, quantity=3), **{"Idempotency-Key": "a-1"})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    without = ask("post", "bookings/", wish(town))
    assert without.json()["code"] == "idempotency_key_invalid"


def test_a_taken_time_is_answered_with_the_nearest_others_and_nothing_is_kept() -> None:
    town = world.town()
    placed(town)
    bob = world.verified(world.user("鲍勃"))
    body = wish(town, household=world.household(bob).pk)
    answer = asking(bob)("post", "bookings/", body, **{"Idempotency-Key": "b-1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_gone")
    assert answer.json()["alternatives"][0] == local(tomorrow(12, 30)).isoformat()
    assert answer["Content-Type"] == "application/problem+json"
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": 0}, "quantity"), ({"starts_at": "tomorrow"}, "starts_at"), ({"note": "长" * 10_000}, "note"),
        ({"contact_phone": ""}, "contact_phone"), ({"terms_version": "1999-9"}, "terms"),
    ],
)  # fmt: skip
def test_bad_input_names_its_field(change: dict[str, Any], field: str) -> None:
    town = world.town()
    answer = asking(town.alice)("post", "bookings/", wish(town, **change), **{"Idempotency-Key": "a-1"})
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert not Booking.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "2026-11-22", "2026-12-07", "9999-12-31"])
def test_free_times_are_of_the_fourteen_days_that_can_be_booked(day: str) -> None:
    town = world.town()
    wanted = {"household": town.home.pk, "quantity": 2, "first_day": day}
    refused = asking(town.alice)("get", f"entries/{town.entry.pk}/slots/", wanted)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["first_day"])


def test_a_forged_header_is_no_way_around_the_limit_of_sign_ins() -> None:
    ask = asking()
    tried = [
        ask("post", "sign-in/code/", {"phone": "1"}, **{"X-Forwarded-For": f"203.0.113.{n}"}).status_code
        for n in range(21)
    ]
    assert tried == [422] * 20 + [429]


def test_strangers_and_people_without_a_token_are_refused() -> None:
    town = world.town()
    booking = placed(town)
    charlie = asking(world.user("查理"))
    for method, path in [("get", f"bookings/{booking.no}/"), ("post", f"bookings/{booking.no}/cancel/")]:
        assert charlie(method, path, {}).status_code == 404
        assert asking()(method, path, {}).status_code == 401
    slots = {"household": town.home.pk, "quantity": 2}
    assert charlie("get", f"entries/{town.entry.pk}/slots/", slots).status_code == 404
    assert charlie("post", "bookings/", wish(town), **{"Idempotency-Key": "c-1"}).status_code == 404
    desk = asking(world.staff(point=town.point, division=world.WUSHAN))
    assert desk("get", f"bookings/{booking.no}/").status_code == 404
    assert Booking.objects.get().state == State.PLACED


def test_the_list_costs_the_same_queries_for_one_booking_and_for_three(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    ask = asking(town.alice)
    placed(town, tomorrow(8))
    with django_assert_num_queries(4):
        ask("get", "bookings/")
    placed(town, tomorrow(11))
    placed(town, tomorrow(14))
    with django_assert_num_queries(4):
        assert len(ask("get", "bookings/").json()["results"]) == 3


def test_the_committed_schema_is_the_one_that_the_code_gives(tmp_path) -> None:  # type: ignore[no-untyped-def]
    fresh = tmp_path / "schema.yaml"
    call_command("spectacular", lang="en", file=str(fresh), validate=True, fail_on_warn=True)
    with open("docs/api/openapi.yaml") as committed:
        assert committed.read() == fresh.read_text()
