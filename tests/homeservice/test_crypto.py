"""Personal data at rest: unreadable without the key, found by a keyed digest, masked for the eye."""

from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from communities.accounts.models import User
from homeservice.kernel.crypto import (
    blind_index,
    decrypt,
    encrypt,
    masked_id_number,
    masked_name,
    masked_phone,
)
from tests import world

OLD, NEW = b"o" * 32, b"n" * 32


@given(st.text(st.characters(codec="utf-8")))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert decrypt(encrypt(text)) == text


def test_the_same_text_is_never_stored_twice_the_same() -> None:
    assert len({encrypt("13800138000") for _ in range(50)}) == 50


def test_a_new_key_writes_and_the_old_one_still_reads(settings: Any) -> None:
    settings.FIELD_KEYS = {"2025": OLD}
    before = encrypt("王奶奶")
    settings.FIELD_KEYS = {"2026": NEW, "2025": OLD}
    after = encrypt("王奶奶")

    assert (decrypt(before), decrypt(after)) == ("王奶奶", "王奶奶")
    assert (before[1:5], after[1:5]) == (b"2025", b"2026")


def test_without_its_key_a_value_is_not_read(settings: Any) -> None:
    settings.FIELD_KEYS = {"2025": OLD}
    token = encrypt("王奶奶")
    settings.FIELD_KEYS = {"2026": NEW}
    with pytest.raises(KeyError):
        decrypt(token)
    settings.FIELD_KEYS = {"2025": NEW}
    with pytest.raises(InvalidTag):
        decrypt(token)


@pytest.mark.parametrize("place", [1, 10, -1])
def test_a_changed_value_is_noticed(place: int) -> None:
    token = bytearray(encrypt("王奶奶"))
    token[place] ^= 1
    with pytest.raises((InvalidTag, KeyError)):
        decrypt(bytes(token))


def test_the_blind_index_depends_on_text_purpose_and_key(settings: Any) -> None:
    first = blind_index("13800138000", purpose="phone")
    assert first == blind_index("13800138000", purpose="phone")
    others = {blind_index("13800138001", purpose="phone"), blind_index("13800138000", purpose="id_number")}
    settings.BLIND_INDEX_KEY = b"another key of thirty-two bytes!"
    others.add(blind_index("13800138000", purpose="phone"))
    assert len(others - {first}) == 3


@pytest.mark.django_db
def test_the_database_holds_no_plain_text() -> None:
    person = world.user("欧阳𠮷😀", phone="13800138000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(u)::text, phone, name FROM communities_user u WHERE id = %s", [person.pk])
        row, phone, name = cursor.fetchone()
    assert "13800138000" not in row
    assert "欧阳" not in row
    assert (decrypt(bytes(phone)), decrypt(bytes(name))) == ("13800138000", "欧阳𠮷😀")
    assert User.objects.get(pk=person.pk).name == "欧阳𠮷😀"


@pytest.mark.django_db
def test_an_empty_text_stays_empty_and_a_ciphertext_cannot_be_searched() -> None:
    assert User.objects.get(pk=world.user("").pk).name == ""
    with pytest.raises(FieldError):
        User.objects.filter(name="欧阳").exists()
    with pytest.raises(FieldError):
        User.objects.filter(name__contains="欧").exists()


@pytest.mark.parametrize(
    ("mask", "plain", "shown"),
    [
        (masked_name, "张建国", "张**"),
        (masked_name, "张", "张*"),
        (masked_name, "𠮷野", "𠮷*"),
        (masked_name, "", ""),
        (masked_phone, "13800001234", "138****1234"),
        (masked_phone, "110", "****"),
        (masked_id_number, "440106195001011234", "440106********1234"),
        (masked_id_number, "4401", "****"),
    ],
)
def test_masks_show_just_enough_to_tell_people_apart(mask: Any, plain: str, shown: str) -> None:
    assert mask(plain) == shown
