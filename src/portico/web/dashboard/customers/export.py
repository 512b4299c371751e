"""The list of customers as files: exactly those that the search and the filter leave, all pages of them."""

from collections.abc import Iterator
from itertools import batched

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse

from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.customer_balances import balances_of, past_due_of
from portico.output.exports.staff_lists import CustomerLine, customers_table
from portico.output.exports.table import Format
from portico.output.pdf.pdf_files import list_filename
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.customers.list import chosen_customers
from portico.web.shared.download import csv_format, exported
from portico.web.shared.page import reader_formatter

_CHUNK = 500


@staff_page
def customers_csv(request: HttpRequest, viewer: StaffViewer) -> StreamingHttpResponse:
    """Send the list as CSV, written while it is sent."""
    return _exported(request, viewer, csv_format(request))


@staff_page
def customers_xlsx(request: HttpRequest, viewer: StaffViewer) -> StreamingHttpResponse:
    """Send the list as a workbook."""
    return _exported(request, viewer, Format.XLSX)


def _exported(request: HttpRequest, viewer: StaffViewer, wanted: Format) -> StreamingHttpResponse:
    lines = _lines(viewer, chosen_customers(request, viewer))
    table = customers_table(lines, reader_formatter().language)
    return exported(table, wanted, list_filename(viewer.business, "customer"))


def _lines(viewer: StaffViewer, rows: QuerySet[Customer]) -> Iterator[CustomerLine]:
    today = viewer.business.today()
    for chunk in batched(rows.iterator(chunk_size=_CHUNK), _CHUNK, strict=False):
        keys = [customer.pk for customer in chunk]
        balances, late = balances_of(viewer, keys), past_due_of(viewer, keys, today)
        for customer in chunk:
            past_due = dict(late.get(customer.pk, []))
            accounts = balances.get(customer.pk, [])
            for currency, balance in accounts:
                yield CustomerLine(customer, currency, balance, past_due.get(currency, 0))
            if not accounts:
                yield CustomerLine(customer)
