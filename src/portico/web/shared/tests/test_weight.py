"""Styles and scripts stay light and ask nobody else for anything."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles.finders import find

STYLE, SCRIPTS = "portico/portico.css", ["portico/portico.js", "django_htmx/htmx-2.min.js"]


def _content(name: str) -> bytes:
    path = find(name)
    assert path, name
    return Path(path).read_bytes()


def test_styles_and_scripts_weigh_less_than_40_kb_compressed() -> None:
    assert sum(len(gzip.compress(_content(name))) for name in [STYLE, *SCRIPTS]) < 40_000


def test_the_style_sheet_is_whole_in_itself() -> None:
    # A picture that stands in the sheet itself is asked of nobody.
    text = re.sub(r'url\("data:image/svg\+xml,[^"]*"\)', "", _content(STYLE).decode())
    assert not re.search(r"@import|url\(|https?:", text)
    assert text.count("{") == text.count("}")


def test_every_side_follows_the_direction_of_the_language() -> None:
    """Physical sides would not be mirrored from right to left."""
    text = re.sub(r"/\*.*?\*/", "", _content(STYLE).decode(), flags=re.DOTALL)
    sides = re.findall(r"(?:margin|padding|border)-(?:left|right)\b|(?<![\w-])(?:left|right)\s*:", text)
    assert not sides
