"""File names that are safe to show and to save under."""

import re
import unicodedata

from portico.domain.files.content import ENDINGS

_LONGEST_NAME = 150
_OTHER_ENDINGS = {"image/jpeg": (".jpeg", ".jpe")}

# Path separators, what Windows forbids in a name, and the marks that make `exe.pdf` read like `fdp.exe`.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')


def clean_name(name: str, media_type: str) -> str:
    """Return a name that is safe to show and to save under, ending as its kind does: `../a.exe` is `a.exe.pdf`."""
    stem = _plain(name)
    ending = ENDINGS[media_type]
    for known in (ending, *_OTHER_ENDINGS.get(media_type, ())):
        if stem.lower().endswith(known):
            stem, ending = stem[: -len(known)].rstrip(" ."), stem[-len(known) :]
            break
    return (stem[: _LONGEST_NAME - len(ending)] or "file") + ending


def shown_name(name: str) -> str:
    """Return a name that is safe to show and to save under, whatever kind of file it names: `../a.exe` is `a.exe`."""
    plain = _plain(name)
    return plain[-_LONGEST_NAME:] or "file"


def _plain(name: str) -> str:
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    return re.sub(r"\s+", " ", _FORBIDDEN.sub("", last)).strip(" .")
