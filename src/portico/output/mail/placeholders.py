"""The language of a business's own mail texts: words, with `{{ name }}` for what differs from mail to mail.

There is nothing else in it: no conditions, no attributes, nothing that runs. A line whose placeholders are all empty is
left out, so that `Please pay by {{ due_date }}.` is said only where there is such a day.
"""

import re
from collections.abc import Collection, Mapping

_PLACE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_MARK = re.compile(r"\{\{.*?\}\}|\{\{|\}\}|\{%|%\}|\{#|#\}")


class WordingRefused(Exception):
    """A text that can't be filled in: `line` is where, `what` what stands there, `known` the names there are."""

    def __init__(self, line: int, what: str, known: Collection[str]) -> None:
        super().__init__(f"Line {line}: there is no {what}. There are {', '.join(sorted(known))}.")
        self.line = line
        self.what = what


def check_wording(text: str, names: Collection[str]) -> None:
    """Raise WordingRefused for the first thing in a text that is no placeholder with one of these names."""
    for number, line in enumerate(text.splitlines(), start=1):
        for mark in _MARK.finditer(line):
            place = _PLACE.fullmatch(mark[0])
            if place is None or place[1] not in names:
                raise WordingRefused(number, mark[0], names)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled in. Raises WordingRefused, as `check_wording`."""
    check_wording(text, values)
    return "\n".join(_filled(line, values) for line in text.splitlines() if not _is_idle(line, values)).strip()


def _filled(line: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values[place[1]], line)


def _is_idle(line: str, values: Mapping[str, str]) -> bool:
    names = _PLACE.findall(line)
    return bool(names) and not any(values[name] for name in names)
