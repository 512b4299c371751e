"""Hashing credentials under the server's keys, newest first, so that keys can be rotated."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from portico.lib.ids import derived_secret, hash_secret


def server_keys() -> list[str]:
    """The server's secret keys, the current one first."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def stored_form(secret: str, purpose: str) -> tuple[str, str]:
    """Return `(hash, key_id)` as a new credential is stored: under the current key."""
    current = server_keys()[0]
    return hash_secret(secret, purpose=purpose, key=current.encode()), key_id(current)


def candidates(secret: str, purpose: str) -> list[str]:
    """Return every hash a presented secret may be stored under, one per server key."""
    return [hash_secret(secret, purpose=purpose, key=key.encode()) for key in server_keys()]


def derived(prefix: str, purpose: str, name: str, under: str = "") -> str | None:
    """Return the credential that follows from a name under the current key, or under the key whose id is given.

    None when the server does not have that key any more. docs/decisions/0011 says which links are made so.
    """
    key = next((key for key in server_keys() if under in ("", key_id(key))), None)
    return derived_secret(prefix, purpose=purpose, key=key.encode(), name=name) if key else None


def key_id(key: str) -> str:
    """A server key's short public name."""
    return hashlib.sha256(b"key-id\x00" + key.encode()).hexdigest()[:16]


def encrypt_with(content: bytes, secret: str) -> str:
    """Encrypt content under `secret`, a credential that is not stored: only its holder can read it again."""
    return _fernet_of(secret).encrypt(content).decode()


def decrypt_with(encrypted: str, secret: str) -> bytes:
    """Decrypt what was encrypted under this secret."""
    return _fernet_of(secret).decrypt(encrypted)


def encrypt(credential: str) -> str:
    """Encrypt a credential that has to be read again, under the server's current key."""
    return _server_fernets().encrypt(credential.encode()).decode()


def decrypt(encrypted: str) -> str | None:
    """Return a credential that was encrypted under one of the server's keys, or None when that key is gone."""
    try:
        return _server_fernets().decrypt(encrypted).decode()
    except InvalidToken:
        return None


def reencrypted(encrypted: str) -> str:
    """Return an encrypted credential, encrypted under the server's current key."""
    return _server_fernets().rotate(encrypted).decode()


def _server_fernets() -> MultiFernet:
    return MultiFernet([_fernet(hash_secret("", purpose="lock", key=key.encode())) for key in server_keys()])


def _fernet_of(secret: str) -> Fernet:
    return _fernet(hash_secret(secret, purpose="sealed_answer", key=b""))


def _fernet(digest: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(digest)))
