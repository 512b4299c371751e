"""Identifiers: UUIDv7 keys, prefixed public ids, references to things, random secrets and their hashes.

Public ids are TypeIDs (https://github.com/jetify-com/typeid, version 0.3): a prefix, `_`, and the UUID in 26 characters
of Crockford's base 32, so that they sort by time and say what they name.
"""

import base64
import hashlib
import hmac
import os
import secrets
import threading
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_ENCODED_LENGTH = 26
# Ten bits at a time: every row of a list has a public id.
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_CODE_LENGTH = 8
_LOOK_ALIKES = str.maketrans("oil", "011")

PREFIXES = {
    "business": "biz",
    "bank_account": "ba",
    "payment_instruction": "pin",
    "custom_domain": "dom",
    "customer": "cus",
    "contact": "con",
    "merge": "mrg",
    "invoice": "inv",
    "estimate": "est",
    "credit_note": "cn",
    "sales_order": "so",
    "payment": "pay",
    "payment_attempt": "att",
    "payment_method": "pm",
    "payment_promise": "prom",
    "payment_plan": "plan",
    "gateway_account": "gw",
    "refund": "ref",
    "dispute": "dis",
    "credit_adjustment": "cadj",
    "write_off": "wo",
    "settlement": "set",
    "file": "file",
    "original": "orig",
    "grant": "grant",
    "session": "sess",
    "conversation": "conv",
    "comment": "cmt",
    "challenge": "chal",
    "api_key": "key",
    "magic_key": "mkey",
    "activity": "act",
    "message": "msg",
    "mail_run": "mrun",
    "user": "user",
    "staff_link": "slnk",
}
_KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}

_lock = threading.Lock()
_last_tick = 0


def uuid7() -> UUID:
    """Return a new UUIDv7 (RFC 9562), strictly increasing within this process.

    The 12 bits after the millisecond carry its fraction (RFC 9562, method 3), so rows made in one transaction sort in
    the order they were made.
    """
    global _last_tick
    with _lock:
        # One tick is 1/4096 ms; never the same tick twice.
        tick = max(time.time_ns() * 4096 // 1_000_000, _last_tick + 1)
        _last_tick = tick
    milliseconds, fraction = tick >> 12, tick & 0xFFF
    tail = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    return UUID(int=(milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | tail)


def public_id(kind: str, key: UUID) -> str:
    """Return the public id of a row: `inv_01j…`. `kind` is a key of `PREFIXES`."""
    number = key.int
    pairs = [_PAIRS[number >> shift & 1023] for shift in range(120, -10, -10)]
    return f"{PREFIXES[kind]}_{''.join(pairs)}"


def parse_public_id(text: str, *kinds: str) -> UUID | None:
    """Return the key behind a public id of one of `kinds`, or None when `text` is no such id."""
    prefix, _, encoded = text.rpartition("_")
    if _KINDS.get(prefix) not in kinds or len(encoded) != _ENCODED_LENGTH:
        return None
    number = 0
    for character in encoded:
        value = _VALUES.get(character)
        if value is None:
            return None
        number = number << 5 | value
    return UUID(int=number) if number < 1 << 128 else None


def instant_of(key: UUID) -> datetime:
    """Return when a UUIDv7 was made, to the millisecond."""
    return datetime.fromtimestamp((key.int >> 80) / 1000, UTC)


@dataclass(frozen=True, slots=True)
class Ref:
    """A pointer to a thing by kind and key, for tables that may not know its class."""

    kind: str
    id: UUID

    @property
    def public_id(self) -> str:
        return public_id(self.kind, self.id)


def new_secret(prefix: str) -> str:
    """Return a fresh credential: prefix, 256 random bits and a checksum that tells a typing error from a forgery."""
    body = secrets.token_urlsafe(32)
    return f"{prefix}_{body}{_checksum(body)}"


def derived_secret(prefix: str, *, purpose: str, key: bytes, name: str) -> str:
    """Return the one credential that follows from a server key, a purpose and a name; shaped as `new_secret`'s."""
    digest = hmac.new(key, f"{purpose}\x00derived\x00{name}".encode(), hashlib.sha256).digest()
    body = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return f"{prefix}_{body}{_checksum(body)}"


def well_formed(secret: str, prefix: str) -> bool:
    """Tell whether `secret` has this prefix and a right checksum. Says nothing about whether it opens anything."""
    head, separator, rest = secret.partition("_")
    return bool(separator) and head == prefix and len(rest) == 50 and _checksum(rest[:-7]) == rest[-7:]


def new_code() -> str:
    """Return a code for people to type: 8 characters of Crockford's base 32 (40 random bits), as `ABCD-EFGH`."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH)).upper()
    return f"{code[:4]}-{code[4:]}"


def read_code(typed: str) -> str:
    """Return a typed code as `new_code` shows it: in any case, however parted, look-alikes taken for what was meant.

    Empty when it can't be one.
    """
    code = "".join(typed.split()).replace("-", "").lower().translate(_LOOK_ALIKES)
    if len(code) != _CODE_LENGTH or not _VALUES.keys() >= set(code):
        return ""
    return f"{code[:4]}-{code[4:]}".upper()


def hash_secret(secret: str, *, purpose: str, key: bytes) -> str:
    """Return what is stored of a credential: HMAC-SHA256 under a server key, salted by purpose, in hexadecimal."""
    return hmac.new(key, f"{purpose}\x00{secret}".encode(), hashlib.sha256).hexdigest()


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(30, -5, -5))
