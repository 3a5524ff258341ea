"""What people mistype: a clear word, nothing typed is lost, never an error page."""

import gzip
import html
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from bookings.lifecycle.models import Booking, State
from communities.accounts.models import Household, Identity, User
from communities.accounts.rules import check_character
from communities.divisions.models import Division
from tests import world
from tests.bookings.ordering import hold, tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

SignIn = Callable[..., Client]
RARE = "𠮷𡚸漖 😀 👩‍👩‍👧 سلام"
TEST_NUMBER = "44019919900101001"


@pytest.fixture
def town() -> world.Town:
    return world.town()


@pytest.fixture
def alice(town: world.Town, sign_in: SignIn) -> Client:
    return sign_in(town.alice)


def shown(answer: Any) -> str:
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("phone", ["", "138", "12345678901", "1380013800a", "+44 7700 900123", RARE, "1" * 10_000])
def test_a_wrong_phone_is_told_and_stays_in_its_field(phone: str) -> None:
    page = Client().post(reverse("sign_in"), {"phone": phone, "consent": "on"})

    assert page.status_code == 200
    assert page.context["form"].errors["phone"]
    assert f'value="{phone}"' in shown(page) or not phone


def test_the_sixth_wrong_code_is_told_and_even_the_right_one_is_then_too_late() -> None:
    client = Client()
    client.post(reverse("sign_in"), {"phone": "13800138000", "consent": "on"})
    right = client.get(reverse("sign_in_code")).context["shown_code"]
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"

    told = [str(client.post(reverse("sign_in_code"), {"code": wrong}).context["form"].errors) for _ in range(6)]
    last = client.post(reverse("sign_in_code"), {"code": right})

    assert all(told)
    assert told[5] != told[0]
    assert (last.status_code, User.objects.get_by_phone("13800138000")) == (200, None)


@pytest.mark.parametrize(
    "number",
    [
        TEST_NUMBER + ("0" if check_character(TEST_NUMBER) != "0" else "1"),
        "440199",
        "44019919901332001X",
        RARE,
        "4" * 5000,
    ],
)
def test_a_mistyped_id_number_is_told_and_stays(town: world.Town, sign_in: SignIn, number: str) -> None:
    person = world.user("查理")

    page = sign_in(person).post(reverse("verify_identity"), {"real_name": "查理", "id_number": number, "consent": "on"})

    assert page.context["form"].errors["id_number"]
    assert (f'value="{number}"' in shown(page), 'value="查理"' in shown(page)) == (True, True)
    assert not Identity.objects.filter(user=person).exists()


def test_a_past_time_and_one_off_the_grid_are_refused_with_others_to_choose(town: world.Town, alice: Client) -> None:
    for starts_at in (world.NOW - timedelta(days=1), tomorrow(10, 7), tomorrow(3), world.NOW + timedelta(days=400)):
        page = alice.post(
            reverse("order_hold", args=[town.entry.pk]),
            {"household": town.home.pk, "quantity": "3", "starts_at": starts_at.isoformat()},
        )
        assert page.status_code == 422, (starts_at, page.get("Location"))
        assert page.context["wish"].quantity == 3
        assert page.context["refusal"].message
    assert not Booking.objects.exists()


def test_a_time_that_has_gone_comes_back_with_the_nearest_ones(town: world.Town, alice: Client) -> None:
    bob = world.verified(world.user("鲍勃"))
    hold(bob, world.household(bob), town.entry, tomorrow(10))

    page = alice.post(
        reverse("order_hold", args=[town.entry.pk]),
        {"household": town.home.pk, "quantity": "2", "starts_at": tomorrow(10).isoformat()},
    )

    assert (page.status_code, page.context["refusal"].code) == (422, "slot_gone")
    assert page.context["refusal"].facts["alternatives"]


def test_a_note_of_ten_thousand_characters_is_counted_and_kept(town: world.Town, alice: Client) -> None:
    held = hold(town.alice, town.home, town.entry, tomorrow(10))
    note = ("请按门铃😀" * 2000)[:10_000]

    page = alice.post(
        reverse("order_details", args=[held.no]),
        {"recipient": "home", "contact_name": RARE, "contact_phone": "13900000000", "note": note, "terms": "on"},
    )

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["note"])
    assert note in shown(page)
    assert RARE in shown(page)
    held.refresh_from_db()
    assert held.state == State.HELD


def test_rare_characters_go_in_and_come_out_as_they_were(town: world.Town, alice: Client) -> None:
    held = hold(town.alice, town.home, town.entry, tomorrow(10))
    details = {"recipient": "home", "contact_name": "𠮷𡚸", "contact_phone": "13900000000", "note": RARE, "terms": "on"}

    placed = alice.post(reverse("order_details", args=[held.no]), details)
    alice.post(reverse("household_new"), {"community": world.CHASHAN, "address": f"漖口 {RARE}"})
    alice.post(reverse("change_name"), {"name": "𠮷𡚸😀"})

    held.refresh_from_db()
    assert (placed.status_code, held.contact_name, held.note) == (302, "𠮷𡚸", RARE)
    assert Household.objects.latest("pk").address == f"漖口 {RARE}"
    assert User.objects.get(pk=town.alice.pk).name == "𠮷𡚸😀"
    assert RARE in shown(alice.get(reverse("booking_page", args=[held.no])))


def test_a_community_without_any_menu_says_whom_to_ask(town: world.Town) -> None:
    far = Division.objects.get(pk=world.LVHE)
    Division.objects.filter(pk=far.pk).update(lat=21.2, lon=110.4)
    client = Client()
    client.cookies["community"] = world.LVHE

    pages = [
        client.get("/"),
        client.get("/search/?q=保洁"),
        client.get("/services/cleaning/"),
        client.get(f"/c/{world.LVHE}/"),
    ]

    assert [page.status_code for page in pages] == [200] * 4
    assert all("12345" in shown(page) for page in pages)


def test_a_broken_row_is_named_by_its_line_and_nothing_is_loaded(tmp_path: Path) -> None:
    source = Path("communities/divisions/data/guangdong.csv.gz")
    lines = gzip.decompress(source.read_bytes()).decode().splitlines()[:12]
    lines[8] = lines[8].replace(lines[8].split(",")[0], "44010x", 1)
    file = tmp_path / "broken.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    with pytest.raises(CommandError, match="9"):
        call_command("load_divisions", str(file))
    assert not Division.objects.exists()


QUERIES = [
    "page=0", "page=-1", "page=99999999999999999999", "page=a", "page=1&page=2", "q=%00", "q=%ED%A0%80", "q=" + "茶" * 5000,
    f"q={quote(RARE)}", "q=%25_%5C", "in=44010x", "in=" + "4" * 400, "kind=%00", "group=%F0%9F%98%80", "open=%00", "days=%00",
    "day=9999-12-31", "day=0001-01-01", "day=2026-02-30", "day=%00", "quantity=99999999999999999999", "quantity=-3",
    "household=9223372036854775808", "household=x", "starts_at=x", "point=9223372036854775808", "point=%00",
    "worker=9223372036854775808", "entry=9223372036854775808", "sort=%00", "next=//evil.example", "again=%00", "state=%00",
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:30])
def test_whatever_stands_in_the_address_no_list_breaks(town: world.Town, sign_in: SignIn, query: str) -> None:
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    own = {
        sign_in(town.alice): [
            "/", "/search/", "/communities/", "/bookings/", "/inbox", "/me/communities", "/services/cleaning/",
            f"/menu/{town.entry.pk}/", f"/menu/{town.entry.pk}/order/", f"/points/{town.point.pk}/",
            f"/menu/{town.entry.pk}/next-free/", "/sign-in",
        ],
        sign_in(town.worker.user): ["/worker/"],
        sign_in(world.manager(town.enterprise)): ["/enterprise/workers/", "/enterprise/listings/", "/enterprise/board/"],
        desk: ["/desk/", "/desk/day/", "/desk/menu/", f"/desk/menu/{town.point.pk}/", "/desk/new/"],
        Client(): ["/api/v1/communities/", f"/api/v1/communities/{world.CHASHAN}/menu/"],
    }  # fmt: skip

    found = {
        path: status
        for client, paths in own.items()
        for path in paths
        if (status := client.get(f"{path}?{query}").status_code) not in (200, 302, 404, 422)
    }
    assert found == {}


@pytest.mark.parametrize(
    "odd", ["0", str(2**63), "9" * 40, "%00", "%ED%A0%80", quote("𠮷"), "a" * 300, "..%2F..", "%20"]
)
def test_an_address_that_names_nothing_is_not_found(town: world.Town, sign_in: SignIn, odd: str) -> None:
    everybody = sign_in(world.user("管理员", is_staff=True, is_superuser=True), second_factor=True)
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    worker, manager = sign_in(town.worker.user), sign_in(world.manager(town.enterprise))
    asked = {
        f"/menu/{odd}/": everybody, f"/menu/{odd}/order/": everybody, f"/menu/{odd}/next-free/": everybody,
        f"/points/{odd}/": everybody, f"/c/{odd}/": everybody, f"/terms/{odd}/": everybody, f"/orders/{odd}/": everybody,
        f"/bookings/{odd}/": everybody, f"/bookings/{odd}/cancel/": everybody, f"/me/homes/{odd}": everybody,
        f"/files/{odd}/": everybody, f"/worker/visits/{odd}/": worker, f"/enterprise/workers/{odd}/": manager,
        f"/enterprise/bookings/{odd}/": manager, f"/desk/bookings/{odd}/": desk, f"/desk/menu/{odd}/": desk,
        f"/desk/new/{odd}/": desk, f"/api/v1/communities/{odd}/menu/": everybody,
    }  # fmt: skip

    found = {path: client.get(path).status_code for path, client in asked.items()}

    assert {path: status for path, status in found.items() if status != 404} == {}


@pytest.mark.parametrize("text", ["\ud800", "\x00", RARE, "长" * 10_000])
def test_a_program_that_sends_nonsense_gets_a_problem_and_no_crash(town: world.Town, text: str) -> None:
    token = AuthToken.objects.create(town.alice)[1]
    wish = {
        "entry": town.entry.pk, "household": town.home.pk, "quantity": 2, "starts_at": tomorrow(10).isoformat(),
        "contact_name": text, "contact_phone": "13900000000", "note": text, "terms_version": "2026-1",
    }  # fmt: skip
    headers = {"Authorization": f"Token {token}", "Idempotency-Key": "abc"}

    answers = [
        Client().post(
            "/api/v1/bookings/", json.dumps({**wish, **change}), content_type="application/json", headers=headers
        ).status_code
        for change in ({}, {"quantity": 10**30}, {"entry": 2**63}, {"household": text}, {"starts_at": text}, {"terms_version": text})
    ]  # fmt: skip

    assert set(answers[1:]) <= {404, 409, 422}
    assert answers[0] == (201 if text == RARE else 422)


def typed(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """As a form sends it, lone surrogates included."""
    body = urlencode([(name, text.encode("utf-8", "surrogatepass")) for name, text in pairs])
    return {"data": body, "content_type": "application/x-www-form-urlencoded"}
