"""Door tokens: what a worker's telephone shows for a minute, signed so that nobody can make one. Pure.

A token is `version, key id, code id, issued at, nonce` and its Ed25519 signature, in base64url. It says nothing
about its holder, and only the database knows whether it was used.
"""

import base64
import binascii
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.translation import gettext as _

from homeservice.kernel.errors import DomainError

VERSION = 1
NONCE_BYTES = 12
SIGNATURE_BYTES = 64
LIFE = timedelta(seconds=60)
SKEW = timedelta(seconds=5)  # clocks of our own servers
RENEWED_EVERY_S = 30
OPEN_FOR = timedelta(minutes=15)
_BODY = struct.Struct(f">QI{NONCE_BYTES}s")

Keys = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class DoorToken:
    """What a genuine token says."""

    code_id: int
    issued_at: datetime
    nonce: str


def issue(*, code_id: int, nonce: bytes, at: datetime, keys: Keys) -> str:
    """A token by the newest key."""
    key_id, seed = next(iter(keys.items()))
    label = key_id.encode()
    said = bytes([VERSION, len(label)]) + label + _BODY.pack(code_id, int(at.timestamp()), nonce)
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(said)
    return base64.urlsafe_b64encode(said + signature).decode().rstrip("=")


def read(token: str, *, keys: Keys) -> DoorToken:
    """What the token says, if one of our keys signed it. Raises `door_token_forged`."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        said, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
        label_end = 2 + said[1]
        seed = keys[said[2:label_end].decode()]
        Ed25519PrivateKey.from_private_bytes(seed).public_key().verify(signature, said)
        code_id, issued_s, nonce = _BODY.unpack(said[label_end:])
    except (binascii.Error, ValueError, IndexError, KeyError, struct.error, InvalidSignature) as error:
        raise forged() from error
    if said[0] != VERSION:
        raise forged()
    return DoorToken(code_id, datetime.fromtimestamp(issued_s, UTC), nonce.hex())


def forged() -> DomainError:
    message = _("This code was not made by the platform. Do not let in who showed it, and call 12345 if in doubt.")
    return DomainError("door_token_forged", message)


def why_not_now(issued_at: datetime, *, at: datetime) -> DomainError | None:
    """Whether a genuine token is too old, or from the future, at the instant."""
    if at > issued_at + LIFE + SKEW or at < issued_at - SKEW - timedelta(seconds=1):
        return DomainError(
            "door_token_expired",
            _("This code has expired. Ask the worker to show a fresh one: it renews every half minute."),
        )
    return None


def used_already() -> DomainError:
    message = _(
        "Somebody has scanned this very code before you. Ask the worker to show a fresh one on their telephone."
    )
    return DomainError("door_token_used", message)
