"""Documents: the files the business has attached for its customer."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents import queries
from portico.domain.files.models import File
from portico.lib.clock import local_date
from portico.lib.l10n import Formatter
from portico.web.portal.frame import customer_page
from portico.web.portal.gate import portal_page
from portico.web.portal.unchanged import revalidated
from portico.web.shared.page import reader_formatter

# Newest first; older ones are found on the documents they belong to.
_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file to download: `size` in words, `date` when it was added."""

    name: str
    url: str
    size: str
    date: str
    description: str


@portal_page()
@revalidated
def documents(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show the files a customer may download."""
    rows = file_rows(queries.files(viewer)[:_AT_MOST], reader_formatter(), viewer.business.time_zone)
    return customer_page(request, viewer, "portal/documents.html", {"files": rows}, place="documents")


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
