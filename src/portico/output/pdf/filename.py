"""What a downloaded PDF is called: `<business>-<kind>-<number>.pdf`, safe on every system and in a header."""

import re
import unicodedata

# Letters that do not come apart into a Latin letter and a mark, spelt as their languages do without them.
_SPELT = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L",
     "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "ı": "i", "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe",
     "Ü": "Ue"}
)  # fmt: skip
_LONGEST_PART = 60


def pdf_filename(business: str, kind: str, number: str = "") -> str:
    """Return `nordlicht-studio-invoice-INV-2041.pdf`.

    `business` is a name or slug, `kind` an English word such as `credit-note`. Only ASCII letters, digits, `.`, `_` and
    `-` remain; a part with nothing left is dropped.
    """
    parts = (_part(business).lower(), _part(kind).lower(), _part(number))
    return "-".join(part for part in parts if part) + ".pdf"


def _part(text: str) -> str:
    spelt = unicodedata.normalize("NFKC", text).translate(_SPELT)
    plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_.]+", "-", plain)[:_LONGEST_PART].strip("-._")
