"""Strings as a PDF can show them: every character has a glyph, none of them steers the page.

What a customer or a business typed stays data: control characters go, characters that no font has become a
replacement character, long words may break, and text of the other direction keeps to itself.
"""

import re
import unicodedata
from functools import lru_cache

from portico.output.pdf.coverage import Coverage

_REPLACEMENT = "\ufffd"

# Marks that shape or order the text around them and have no glyph of their own.
_INVISIBLE = frozenset("\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f")
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_BREAK = "\u200b"

_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LEFT_TO_RIGHT = re.compile(r"[0-9A-Za-z\u00c0-\u058f\u0900-\u1fff\u3040-\ud7ff]")
_LONG_WORD = re.compile(r"[!-\u058f]{34,}")
_BREAK_AFTER = re.compile(r"([/@.?&=_\-,;:]+)(?=\w)")
_UNBROKEN = re.compile(r"[^\s\u200b]{40}(?=[^\s\u200b])")


class Cleaner:
    """Cleans the strings of one sheet: `coverage` of its fonts, `direction` of its page."""

    def __init__(self, coverage: Coverage, direction: str) -> None:
        self.coverage = coverage
        self.other_direction = _LEFT_TO_RIGHT if direction == "rtl" else _RIGHT_TO_LEFT

    def characters(self, text: str) -> str:
        """Return the text with only characters that can be shown."""
        if text.isascii() and text.isprintable():
            return text
        whole = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
        return "".join([_shown(self.coverage, character) for character in whole])

    def __call__(self, text: str) -> str:
        """Return the text ready for the page: shown, breaking where it must, and keeping its own direction."""
        text = self.characters(text)
        if len(text) >= 34:
            text = _LONG_WORD.sub(_with_breaks, text)
        if self.other_direction.search(text):
            text = "\n".join(f"{_ISOLATE}{line}{_END_ISOLATE}" for line in text.split("\n"))
        return text


@lru_cache(maxsize=4096)
def _shown(coverage: Coverage, character: str) -> str:
    if character in "\n\u2028\u2029\u0085\r\v\f":
        return "\n"
    if character == "\t":
        return " "
    if character in _INVISIBLE:
        return character
    if character in _BIDI_CONTROLS or unicodedata.category(character) == "Cc":
        return ""
    return character if character in coverage else _REPLACEMENT


def _with_breaks(word: re.Match[str]) -> str:
    text = _BREAK_AFTER.sub(rf"\1{_BREAK}", word[0])
    return _UNBROKEN.sub(rf"\g<0>{_BREAK}", text)
