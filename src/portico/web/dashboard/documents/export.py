"""The list of documents as files: exactly the rows that the filters leave, all pages of them."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.models import Document
from portico.output.exports.staff_lists import DocumentLine, documents_table
from portico.output.exports.table import Format
from portico.output.pdf.pdf_files import list_filename
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.documents.list import chosen_documents
from portico.web.shared.download import csv_format, exported
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import days_late, staff_state_of

_CHUNK = 2000


@staff_page
def documents_csv(request: HttpRequest, viewer: StaffViewer) -> StreamingHttpResponse:
    """Send the list as CSV, written while it is sent."""
    return _exported(request, viewer, csv_format(request))


@staff_page
def documents_xlsx(request: HttpRequest, viewer: StaffViewer) -> StreamingHttpResponse:
    """Send the list as a workbook."""
    return _exported(request, viewer, Format.XLSX)


def _exported(request: HttpRequest, viewer: StaffViewer, wanted: Format) -> StreamingHttpResponse:
    chosen = chosen_documents(request, viewer)
    lines = _lines(viewer, chosen.rows)
    table = documents_table(chosen.kind, lines, reader_formatter().language)
    return exported(table, wanted, list_filename(viewer.business, chosen.kind))


def _lines(viewer: StaffViewer, rows: QuerySet[Document]) -> Iterator[DocumentLine]:
    today = viewer.business.today()
    for row in rows.iterator(chunk_size=_CHUNK):
        yield DocumentLine(row, staff_state_of(row, today), days_late(row, today))
