"""How mail leaves: `PORTICO_EMAIL_URL` and `PORTICO_EMAIL_FROM`, as Django wants to hear it."""

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ValidationError

from portico.lib.one_line import validate_email

_NO_WAY = "PORTICO_EMAIL_URL must be smtp://user:password@host:port, smtps://…, or console:"
_PORTS = {"smtp": 587, "smtps": 465}
# For each step of a conversation, in seconds: all of them together take less than a worker keeps a mail to itself.
_TIMEOUT = 15


def mailers(url: str) -> dict[str, dict[str, Any]]:
    """Return Django's `MAILERS` for an address of a mail server; none at all for an empty one.

    Anything else stops the start with one line, which does not repeat the password.
    """
    if not url:
        return {}
    if url == "console:":
        return {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise SystemExit(_NO_WAY) from None
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment or not _is_login(parts):
        raise SystemExit(_NO_WAY)
    options = {
        "host": parts.hostname,
        "port": port,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "timeout": _TIMEOUT,
    }
    return {"default": {"BACKEND": "portico.output.mail.smtp.SmtpBackend", "OPTIONS": options}}


def demo_mailers() -> dict[str, dict[str, Any]]:
    """Return Django's `MAILERS` for a demonstration: mail is kept, and goes nowhere."""
    return {"default": {"BACKEND": "portico.output.mail.demo_mail.DemoMailBackend"}}


def sender(address: str, host: str) -> str:
    """Return the address mail comes from: the one that is set, or `no-reply` at the base host."""
    if not address:
        # A bare IPv6 address is no domain of a mail address.
        return f"no-reply@{host if ':' not in host else 'localhost'}"
    try:
        validate_email(address)
    except ValidationError:
        raise SystemExit(f"PORTICO_EMAIL_FROM must be an e-mail address, not {address!r}.") from None
    return address


def reply_address(address: str) -> str:
    """Return the address that answers to messages are sent to, or nothing; each conversation adds its own `+` to it."""
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        raise SystemExit(f"PORTICO_REPLY_ADDRESS must be an e-mail address, not {address!r}.") from None
    # With the part that a conversation adds, 64 characters are the most that RFC 5321 allows before the @.
    if "+" in address or len(address.rpartition("@")[0]) > 10:
        raise SystemExit("PORTICO_REPLY_ADDRESS has at most ten characters before its @, and no plus sign.")
    return address


def webhook_secret(secret: str) -> str:
    """Return `user:password` that mail providers prove their notices with, or nothing."""
    user, _, password = secret.partition(":")
    if secret and not (user and len(password) >= 16 and secret.isascii()):
        raise SystemExit("PORTICO_MAIL_WEBHOOK_SECRET must be user:password, the password of 16 characters or more.")
    return secret


def _is_login(parts: SplitResult) -> bool:
    return bool(parts.username) == bool(parts.password)
