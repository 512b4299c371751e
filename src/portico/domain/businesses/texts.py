"""The texts of a business: what can't be kept of them, and which may differ by language."""

from django.db import models

from portico.domain.businesses.models import Business
from portico.lib.one_line import CONTROL, CONTROL_BUT_LINES

# Those that may say something else in a language; each has a column for all other languages.
BY_LANGUAGE = ("welcome_message", "default_terms", "legal_note")

_OF_LINES = frozenset({"default_terms", "welcome_message"})


def text_mistake(name: str, value: str) -> str:
    """Return what keeps a text out of its column, or nothing."""
    column = Business._meta.get_field(name)
    assert isinstance(column, models.Field)
    longest = column.max_length or 0
    if len(value) > longest:
        return f"The text is too long; its greatest length is {longest}."
    if (CONTROL_BUT_LINES if name in _OF_LINES else CONTROL).search(value):
        return "The text holds a character that can't be kept."
    return ""
