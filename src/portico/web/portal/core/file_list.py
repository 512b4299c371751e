"""Files that a customer may download, as rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from portico.domain.files.models import File
from portico.lib.clock import local_date
from portico.lib.l10n import Formatter


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file to download: `size` in words, `date` when it was added."""

    name: str
    url: str
    size: str
    date: str
    description: str


def file_rows(rows: Iterable[File], fmt: Formatter, time_zone: str = "UTC") -> list[FileRow]:
    """Return files as rows; one query."""
    return [
        FileRow(
            row.name,
            reverse("file", args=[row.public_id, row.name]),
            size_words(row.size, fmt),
            fmt.date(local_date(row.created_at, time_zone)),
            row.description,
        )
        for row in rows
    ]


def size_words(size: int, fmt: Formatter) -> str:
    """Return `84 kB`: a number of bytes in decimal units, as file managers show it."""
    for unit, bound in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= bound:
            return f"{fmt.number(round(size / bound))}\u00a0{unit}"
    return f"{fmt.number(size)}\u00a0B"
