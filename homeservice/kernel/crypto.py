"""Personal data at rest: AES-256-GCM columns with key rotation, and a keyed blind index for look-up.

`FIELD_KEYS` (newest first) maps a short key id to 32 bytes; the id is stored with each value, so an
old key still reads what it wrote. The blind index has a key of its own and is never rotated in place.
"""

import hmac
import os
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django import forms
from django.conf import settings
from django.db import models

NONCE_BYTES = 12


def encrypt(text: str) -> bytes:
    """The text as `key id byte-length, key id, nonce, ciphertext`. The same text never twice the same."""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    label = key_id.encode()
    return bytes([len(label)]) + label + nonce + AESGCM(key).encrypt(nonce, text.encode(), label)


def decrypt(token: bytes) -> str:
    """The text of `encrypt`. Raises `KeyError` for an unknown key, `InvalidTag` for a changed value."""
    end = 1 + token[0]
    label, nonce = token[1:end], token[end : end + NONCE_BYTES]
    key = settings.FIELD_KEYS[label.decode()]
    return AESGCM(key).decrypt(nonce, token[end + NONCE_BYTES :], label).decode()


def blind_index(text: str, *, purpose: str) -> str:
    """A keyed digest (64 hex digits) by which an encrypted value can be found and kept unique."""
    message = f"{purpose}:{text}".encode()
    return hmac.new(settings.BLIND_INDEX_KEY, message, sha256).hexdigest()


class EncryptedTextField(models.Field):  # type: ignore[type-arg]
    """A text that is encrypted in the database and plain in Python. Empty text is stored as such.

    It can't be searched or ordered: keep a `blind_index` beside it where it must be found.
    """

    description = "Encrypted text"
    empty_values = [None, ""]

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        if value is None:
            return None
        raw = bytes(value)
        return decrypt(raw) if raw else ""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        return connection.Database.Binary(encrypt(str(value)) if value != "" else b"")

    def get_lookup(self, lookup_name: str) -> Any:
        """Ciphertexts differ for equal texts, so only `isnull` makes sense."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.CharField, **kwargs})


def masked_name(name: str) -> str:
    """`张建国` as `张**`: the family name only."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def masked_phone(phone: str) -> str:
    """`13800001234` as `138****1234`."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"


def masked_id_number(number: str) -> str:
    """`440106195001011234` as `440106********1234`."""
    return f"{number[:6]}********{number[-4:]}" if len(number) == 18 else "****"
