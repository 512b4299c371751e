"""The list of payments as files: exactly the rows that the filters leave, all pages of them."""

from django.http import HttpRequest, StreamingHttpResponse

from portico.domain.access.viewer import StaffViewer
from portico.output.exports.staff_lists import PaymentLine, payments_table
from portico.output.exports.table import Format
from portico.output.pdf.pdf_files import list_filename
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.payments.list import chosen_payments
from portico.web.shared.download import csv_format, exported
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import payment_tag

_CHUNK = 2000


@staff_page
def payments_csv(request: HttpRequest, viewer: StaffViewer) -> StreamingHttpResponse:
    """Send the list as CSV, written while it is sent."""
    return _exported(request, viewer, csv_format(request))


@staff_page
def payments_xlsx(request: HttpRequest, viewer: StaffViewer) -> StreamingHttpResponse:
    """Send the list as a workbook."""
    return _exported(request, viewer, Format.XLSX)


def _exported(request: HttpRequest, viewer: StaffViewer, wanted: Format) -> StreamingHttpResponse:
    rows = chosen_payments(request, viewer).iterator(chunk_size=_CHUNK)
    lines = (PaymentLine(row, payment_tag(row).text) for row in rows)
    table = payments_table(lines, reader_formatter().language)
    return exported(table, wanted, list_filename(viewer.business, "payment"))
