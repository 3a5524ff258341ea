"""The two pages of signing in."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from communities.accounts.models import OneTimeCode, User
from homeservice.kernel import clock
from tests import world

pytestmark = pytest.mark.django_db
PHONE = "13800138000"


def asked(client: Client, **fields: str) -> None:
    answer = client.post("/sign-in", {"phone": PHONE, "consent": "on", **fields})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/code")


def shown_code(client: Client) -> str:
    found = re.search(r'id="shown-code">(\d{6})<', client.get("/sign-in/code").content.decode())
    assert found
    return found[1]


def test_a_newcomer_signs_in_with_the_code_that_the_demonstration_shows(client: Client) -> None:
    asked(client, next="/me")
    answer = client.post("/sign-in/code", {"code": shown_code(client)})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/me")
    assert client.get("/me").status_code == 200
    assert User.objects.get().phone == PHONE


def test_the_code_is_printed_without_the_whole_phone(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    asked(client)
    printed = capsys.readouterr().out
    assert shown_code(client) in printed
    assert "138****8000" in printed
    assert PHONE not in printed


def test_the_session_holds_neither_phone_nor_code_in_plain_text(client: Client) -> None:
    asked(client)
    kept = str(dict(client.session.items()))
    assert PHONE not in kept
    assert shown_code(client) not in kept


def test_the_sessions_key_changes_at_sign_in(client: Client) -> None:
    asked(client)
    before = client.session.session_key
    client.post("/sign-in/code", {"code": shown_code(client)})
    assert client.session.session_key != before


def test_the_consent_is_not_ticked_beforehand_and_missing_it_is_told_beside_the_box(client: Client) -> None:
    assert "checked" not in client.get("/sign-in").content.decode().split('name="consent"')[1].split(">")[0]

    page = client.post("/sign-in", {"phone": "138 0013 8000"}).content.decode()

    assert 'id="id_consent_error"' in page
    assert 'value="138 0013 8000"' in page
    assert not OneTimeCode.objects.exists()


def test_a_wrong_number_stays_typed_with_an_error_beside_it(client: Client) -> None:
    page = client.post("/sign-in", {"phone": "12345😀", "consent": "on"}).content.decode()
    assert 'id="id_phone_error"' in page
    assert "12345😀" in page


def test_a_wrong_code_stays_typed_with_an_error_beside_it(client: Client) -> None:
    asked(client)
    wrong = f"{(int(shown_code(client)) + 1) % 1_000_000:06}"
    page = client.post("/sign-in/code", {"code": wrong}).content.decode()
    assert 'id="id_code_error"' in page
    assert f'value="{wrong}"' in page


def test_sending_the_first_form_twice_keeps_the_first_code(client: Client) -> None:
    asked(client)
    asked(client)
    assert OneTimeCode.objects.count() == 1


def test_another_code_is_refused_within_a_minute_and_sent_after_it(client: Client) -> None:
    with clock.frozen(world.NOW):
        asked(client)
        client.post("/sign-in/resend")
        assert OneTimeCode.objects.count() == 1
    with clock.frozen(world.NOW + timedelta(seconds=60)):
        client.post("/sign-in/resend")
    assert OneTimeCode.objects.count() == 2


@pytest.mark.parametrize("path", ["/sign-in/code"])
def test_without_a_phone_there_is_no_code_page(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"] == "/sign-in"
    assert client.post("/sign-in/resend").headers["Location"] == "/sign-in"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    asked(client, next=elsewhere)
    assert client.post("/sign-in/code", {"code": shown_code(client)}).headers["Location"] == "/"


def test_staff_are_led_to_the_second_factor(client: Client) -> None:
    world.divisions()
    lin = world.staff(division=world.WUSHAN)
    asked(client, phone=lin.phone, next="/me")
    assert client.post("/sign-in/code", {"code": shown_code(client)}).headers["Location"] == "/second-factor"


def test_a_closed_account_cannot_sign_in_and_its_open_session_ends(
    client: Client, sign_in: Callable[..., Client]
) -> None:
    alice = world.user("爱丽丝", phone=PHONE)
    open_session = sign_in(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    asked(client)
    assert 'id="id_code_error"' in client.post("/sign-in/code", {"code": shown_code(client)}).content.decode()
    assert open_session.get("/me").headers["Location"] == "/sign-in?next=%2Fme"


def test_signing_out_is_a_post_and_ends_the_session(sign_in: Callable[..., Client]) -> None:
    session = sign_in(world.user())
    assert session.get("/sign-out").status_code == 405
    assert session.get("/me").status_code == 200
    session.post("/sign-out")
    assert session.get("/me").status_code == 302


def test_the_privacy_notice_is_open_to_everybody_in_both_languages(client: Client) -> None:
    for language in ("zh-hans", "en"):
        client.cookies["language"] = language
        assert client.get("/privacy").status_code == 200
