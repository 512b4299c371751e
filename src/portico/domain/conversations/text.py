"""What may be said: plain text of any script, not endless."""

import re

from portico.lib.errors import FieldError, Invalid

LONGEST = 5000
LONGEST_NAME = 200

# Controls other than line ends and tabs, the two marks that turn letters round by force, and halves of characters: no
# language needs them.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]")
_MANY_EMPTY_LINES = re.compile(r"\n{4,}")


def checked_text(typed: str) -> str:
    """Return a comment's text as it is kept. Raises Invalid when nothing is left of it, or too much."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    text = _MANY_EMPTY_LINES.sub("\n\n\n", _UNWANTED.sub("", text)).strip()
    if not text:
        raise _invalid("Write something first.")
    if len(text) > LONGEST:
        raise _invalid(f"A message has {LONGEST} characters at most; this has {len(text)}.")
    return text


def checked_name(typed: str) -> str:
    """Return a name as it is kept: on one line, without what turns letters round."""
    return " ".join(_UNWANTED.sub("", typed).split())[:LONGEST_NAME]


def _invalid(message: str) -> Invalid:
    return Invalid(message, fields=[FieldError("/body", message)])
