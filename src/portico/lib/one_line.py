"""What may stand on one line of a page, a document or a mail's header."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email as _looks_like_an_address

# Control characters and every character that some reader takes for the end of a line.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# The same for a text of several lines.
CONTROL_BUT_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")

# Categories of characters that leave no mark: controls, marks of direction and joining, blanks.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
# Fillers of Hangul and the blank of Braille: letters and signs by category, and drawn as nothing.
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of a text: a name of that kind could be neither read nor clicked."""
    return all(character in _FILLERS or unicodedata.category(character) in _UNSEEN for character in text)


def validate_email(address: str) -> None:
    """Raise ValidationError for what is no e-mail address.

    Django's own check lets characters pass in a host, and in a quoted name, that nobody sees or that end a line.
    """
    _looks_like_an_address(address)
    if any(unicodedata.category(character)[0] in "CZ" for character in address):
        raise ValidationError(_looks_like_an_address.message, code="invalid")
