"""Door tokens: made by the platform, for a minute, once. No database for the token itself."""

import base64
from datetime import timedelta

import pytest
from django.conf import settings

from homeservice.kernel.errors import DomainError
from providers.service_codes import door
from providers.service_codes.actions import Visitor, look, open_door
from providers.service_codes.models import CodeScan, DoorTokenUse
from tests import world
from tests.providers.service_codes.people import VISITOR, code_of, green, licensed, some_nonce

OLD, NEW = {"2025": b"o" * 32}, {"2026": b"n" * 32}
NONCE = b"0123456789ab"
ALICE, BOB = "a" * 64, "b" * 64


def token(code_id: int = 7, *, at=world.NOW, keys=NEW, nonce: bytes = NONCE) -> str:
    return door.issue(code_id=code_id, nonce=nonce, at=at, keys=keys)


def refusal_of(text: str, keys=NEW) -> str:
    with pytest.raises(DomainError) as refusal:
        door.read(text, keys=keys)
    return refusal.value.code


def test_a_token_says_whose_it_is_and_when_it_was_made() -> None:
    assert door.read(token(), keys=NEW) == door.DoorToken(7, world.NOW, NONCE.hex())
    assert len(token()) < 140  # a QR code that a cheap camera reads
    assert "=" not in token()


def test_a_token_of_the_older_key_is_read_while_that_key_stands_in_the_list() -> None:
    old = token(keys=OLD)

    assert door.read(old, keys=NEW | OLD).code_id == 7
    assert refusal_of(old, NEW) == "door_token_forged"
    assert token(keys=NEW | OLD) == token(keys=NEW)


@pytest.mark.parametrize("text", ["", "x", "AQ", "not base64!", "二维码", "A" * 127, "AQ" * 60, token() + "AAAA"])
def test_what_is_no_token_is_forged(text: str) -> None:
    assert refusal_of(text) == "door_token_forged"


def test_a_key_of_the_same_name_that_is_not_ours_signs_nothing() -> None:
    assert refusal_of(token(keys={"2026": b"x" * 32})) == "door_token_forged"


def test_no_single_bit_of_a_token_may_change() -> None:
    raw = bytearray(base64.urlsafe_b64decode(token() + "=" * (-len(token()) % 4)))
    for place in range(len(raw)):
        changed = raw.copy()
        changed[place] ^= 1
        assert refusal_of(base64.urlsafe_b64encode(changed).decode()) == "door_token_forged", place


@pytest.mark.parametrize(
    ("seconds", "stands"), [(-7, False), (-5, True), (0, True), (59, True), (65, True), (66, False), (3600, False)]
)
def test_a_token_stands_for_a_minute_and_five_seconds_of_wrong_clocks(seconds: int, stands: bool) -> None:
    refusal = door.why_not_now(world.NOW, at=world.NOW + timedelta(seconds=seconds))

    assert (refusal is None) == stands


# using it


@pytest.fixture
def code(db):
    return code_of(green())


def open_(text: str, bearer: str = ALICE, *, visitor: Visitor = VISITOR, at=world.NOW) -> CodeScan:
    return open_door(token=text, bearer_digest=bearer, visitor=visitor, at=at)


def scans() -> list[tuple[str, str]]:
    return list(CodeScan.objects.order_by("pk").values_list("view", "reason"))


def ours(code, **fields) -> str:
    return token(code.pk, keys=settings.DOOR_KEYS, **fields)


def test_the_first_who_shows_it_sees_the_consumers_view_for_a_quarter_of_an_hour(code) -> None:
    visitor = Visitor(digest="c" * 64, user_id=world.user().pk, area=world.CHASHAN)
    scan = open_(ours(code), visitor=visitor)

    assert (scan.code, scan.view, scan.user_id, scan.area, scan.visitor_digest) == (
        code, "consumer", visitor.user_id, world.CHASHAN, visitor.digest
    )  # fmt: skip
    used = DoorTokenUse.objects.get()
    assert (used.nonce, used.bearer_digest, used.open_until) == (
        NONCE.hex(), ALICE, world.NOW + timedelta(minutes=15)
    )  # fmt: skip


def test_a_second_browser_is_refused_and_the_first_one_may_ask_again(code) -> None:
    text = ours(code)
    first = open_(text)

    with pytest.raises(DomainError) as refusal:
        open_(text, BOB)
    assert refusal.value.code == "door_token_used"
    assert open_(text) == first
    assert scans() == [("consumer", ""), ("refused", "door_token_used")]


def test_refusals_are_kept_in_the_log(code) -> None:
    later = world.NOW + timedelta(minutes=5)
    for text, reason in ((token(code.pk), "door_token_forged"), (ours(code), "door_token_expired")):
        with pytest.raises(DomainError) as refusal:
            open_(text, at=later)
        assert refusal.value.code == reason
    assert scans() == [("refused", "door_token_forged"), ("refused", "door_token_expired")]
    assert list(CodeScan.objects.order_by("pk").values_list("code", flat=True)) == [None, code.pk]
    assert not DoorTokenUse.objects.exists()


def test_a_token_for_a_code_that_is_no_workers_is_forged(code) -> None:
    of_firm = code_of(licensed("别家家政"))
    for code_id in (of_firm.pk, 10**6):
        with pytest.raises(DomainError) as refusal:
            open_(token(code_id, keys=settings.DOOR_KEYS, nonce=some_nonce()))
        assert refusal.value.code == "door_token_forged"


# collecting codes


@pytest.fixture
def few(settings) -> None:
    settings.CODE_SCANS = {"codes_10_min": 2, "codes_day": 3, "scans_10_min": 5}


def looks(count: int, *, at=world.NOW) -> list[str]:
    """How each of so many different codes answers the same visitor."""
    answers = []
    for n in range(count):
        try:
            look(code=code_of(green(licensed(f"家政{at:%H%M}{n}"), f"工人{n}")), visitor=VISITOR, at=at)
            answers.append("shown")
        except DomainError as refusal:
            answers.append(f"{refusal.code} {refusal.facts['retry_after_s']}")
    return answers


@pytest.mark.django_db
@pytest.mark.usefixtures("few")
def test_who_looks_at_many_codes_is_stopped_for_ten_minutes_and_then_for_the_day() -> None:
    assert looks(3) == ["shown", "shown", "too_many_codes 600"]
    assert looks(2, at=world.NOW + timedelta(minutes=11)) == ["shown", "too_many_codes 3600"]
    assert looks(1, at=world.NOW + timedelta(hours=25)) == ["shown"]


@pytest.mark.django_db
@pytest.mark.usefixtures("few")
def test_looking_at_the_same_code_again_is_not_collecting_but_a_hundred_times_is() -> None:
    code = code_of(green())
    for _ in range(5):
        look(code=code, visitor=VISITOR, at=world.NOW)
    with pytest.raises(DomainError) as refusal:
        look(code=code, visitor=VISITOR, at=world.NOW)

    assert refusal.value.code == "too_many_codes"
    assert look(code=code, visitor=Visitor(digest="d" * 64), at=world.NOW).view == "public"
    assert CodeScan.objects.count() == 6


@pytest.mark.usefixtures("few")
def test_guessing_at_the_door_is_stopped_too(code) -> None:
    for _ in range(5):
        with pytest.raises(DomainError):
            open_(token(code.pk))
    with pytest.raises(DomainError) as refusal:
        open_(ours(code))
    assert refusal.value.code == "too_many_codes"
    assert len(scans()) == 5


def test_a_look_takes_two_queries(code, django_assert_num_queries) -> None:
    with django_assert_num_queries(2 + 2):  # and a savepoint
        look(code=code, visitor=VISITOR, at=world.NOW)
