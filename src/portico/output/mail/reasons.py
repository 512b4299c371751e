"""What the reasons in the log of mail mean: the answer of a mail server, or what went wrong on the way to it."""

import re
from enum import StrEnum

# A reply's code and, by RFC 3463, what it is about: `550 5.1.1 No such user`.
_REPLY = re.compile(r"(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3}))?")
_SENDER = re.compile(r"sender|from address|mail from", re.IGNORECASE)


class Cause(StrEnum):
    """Why a mail did not get through."""

    UNKNOWN_HOST = "unknown_host"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    NO_ENCRYPTION = "no_encryption"
    LOGIN = "login"
    SENDER = "sender"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    MAILBOX_FULL = "mailbox_full"
    REJECTED = "rejected"
    TOO_LARGE = "too_large"
    BUSY = "busy"


# By what is said of the network: the texts of operating systems and of Python.
_TEXTS = (
    ("Name or service not known", Cause.UNKNOWN_HOST),
    ("name resolution", Cause.UNKNOWN_HOST),
    ("No address associated", Cause.UNKNOWN_HOST),
    ("getaddrinfo", Cause.UNKNOWN_HOST),
    ("no encryption", Cause.NO_ENCRYPTION),
    ("CERTIFICATE_VERIFY_FAILED", Cause.CERTIFICATE),
    ("SSL", Cause.CERTIFICATE),
    ("refused", Cause.UNREACHABLE),
    ("timed out", Cause.UNREACHABLE),
    ("unreachable", Cause.UNREACHABLE),
    ("No route", Cause.UNREACHABLE),
    ("closed", Cause.UNREACHABLE),
    ("reset by peer", Cause.UNREACHABLE),
)
_CODES = {
    "530": Cause.LOGIN,
    "534": Cause.LOGIN,
    "535": Cause.LOGIN,
    "538": Cause.LOGIN,
    "550": Cause.UNKNOWN_RECIPIENT,
    "551": Cause.UNKNOWN_RECIPIENT,
    "552": Cause.MAILBOX_FULL,
    "553": Cause.UNKNOWN_RECIPIENT,
    "554": Cause.REJECTED,
}
# The second and third part of an enhanced code; a second part alone stands for all that begin with it.
_ENHANCED = {
    "1.7": Cause.SENDER,
    "1.8": Cause.SENDER,
    "1": Cause.UNKNOWN_RECIPIENT,
    "2.2": Cause.MAILBOX_FULL,
    "2": Cause.UNKNOWN_RECIPIENT,
    "3.4": Cause.TOO_LARGE,
    "4.4": Cause.UNKNOWN_HOST,
    "7.8": Cause.LOGIN,
    "7": Cause.REJECTED,
}


def cause_of(reason: str) -> Cause | None:
    """Return what a reason in the log means; None where nothing is known of it."""
    reply = _REPLY.match(reason)
    if reply is None:
        return next((cause for text, cause in _TEXTS if text in reason), None)
    code, enhanced = reply[1], reply[2] or ""
    if code.startswith("4"):
        return Cause.BUSY
    if code in ("550", "553", "554") and _SENDER.search(reason):
        return Cause.SENDER
    detail = enhanced.partition(".")[2]
    return _ENHANCED.get(detail) or _ENHANCED.get(detail.partition(".")[0]) or _CODES.get(code)
