"""Stored files as rows of a page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from portico.domain.businesses.models import Business
from portico.domain.files.models import File
from portico.lib.clock import local_date
from portico.lib.l10n import Formatter


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file to download, with its size and the day it was added; a picture has a `preview_url`.

    `about` is the document it is attached to, at `about_url`, where the page is not that document's own.
    """

    name: str
    url: str
    size: str
    added: str
    description: str
    preview_url: str = ""
    about: str = ""
    about_url: str = ""


def file_rows(
    files: Iterable[File],
    business: Business,
    fmt: Formatter,
    url: Callable[[File], str],
) -> list[FileRow]:
    """Return a business's files as rows; one query. Where a file is had, its preview is, too: by `?preview`."""
    return [
        FileRow(
            name=file.name,
            url=url(file),
            size=size_label(file.size, fmt),
            added=fmt.date(local_date(file.created_at, business.time_zone)),
            description=file.description,
            preview_url=f"{url(file)}?preview" if file.preview_path else "",
        )
        for file in files
    ]


def size_label(size: int, fmt: Formatter) -> str:
    """Return `84 kB` or `2.5 MB`: a number of bytes in decimal units, with one decimal below ten of them."""
    value, unit = Decimal(size), "B"
    for larger in ("kB", "MB", "GB"):
        if _rounded(value) < 1000:
            break
        value, unit = value / 1000, larger
    return f"{fmt.number(_rounded(value))}\u00a0{unit}"


def _rounded(value: Decimal) -> Decimal:
    return round(value, 1) if value < Decimal("9.95") else round(value, 0)
