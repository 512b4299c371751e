"""Several invoices at once: what they come to and how to pay them together."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import urlencode
from django.utils.translation import ngettext

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import documents
from portico.lib.ids import parse_public_id
from portico.lib.l10n import Formatter
from portico.output.exports.activity import activity_table
from portico.output.exports.table import Format
from portico.output.pdf.pdf_files import list_filename
from portico.web.portal.core.bank_boxes import bank_boxes
from portico.web.portal.core.etag import revalidated
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.kind_urls import list_url
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.payable import can_pay
from portico.web.portal.core.planned import amounts_asked
from portico.web.portal.core.urls import page_url
from portico.web.portal.transactions.export import document_line
from portico.web.portal.transactions.rows import ListRow, RowLabels, document_row
from portico.web.portal.transactions.zip_export import zip_of
from portico.web.shared.download import csv_format, exported
from portico.web.shared.page import reader_formatter

# As many as a page of a list holds, ten times over; an address carries no more.
_AT_MOST = 250


@dataclass(frozen=True, slots=True)
class Group:
    """The selected invoices of one currency."""

    currency: str
    summary: str
    total: str
    rows: list[ListRow]
    url: str
    asked: str
    pay_url: str
    csv_url: str
    xlsx_url: str
    zip_url: str


@portal_page()
@revalidated
def selection(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show what the selected invoices come to. Different currencies are never added: one has to be chosen."""
    chosen = _chosen(request, viewer)
    fmt, today = reader_formatter(), viewer.business.today()
    still_open = [row for row in chosen if row.open_amount > 0]
    groups = _groups(viewer, still_open, today, fmt)
    context = {
        "groups": groups,
        "settled": [row.number for row in chosen if row.open_amount <= 0],
        "several": len(groups) > 1,
        "pays": can_pay(viewer),
        "banks": bank_boxes(viewer, still_open, numbered=True),
        "back_url": list_url(Kind.INVOICE),
        "contact_email": viewer.business.email,
    }
    return customer_page(request, viewer, "portal/transactions/selection.html", context, nav="activity")


@portal_page()
def selection_csv(request: HttpRequest, viewer: CustomerViewer) -> StreamingHttpResponse:
    """Send the selected invoices that are still open as CSV."""
    return _exported(request, viewer, csv_format(request))


@portal_page()
def selection_xlsx(request: HttpRequest, viewer: CustomerViewer) -> StreamingHttpResponse:
    """Send the selected invoices that are still open as a workbook."""
    return _exported(request, viewer, Format.XLSX)


def _exported(request: HttpRequest, viewer: CustomerViewer, wanted: Format) -> StreamingHttpResponse:
    chosen, today = _chosen(request, viewer), viewer.business.today()
    lines = [document_line(row, today) for row in chosen if row.open_amount > 0]
    table = activity_table(Kind.INVOICE, lines, reader_formatter().language)
    return exported(table, wanted, list_filename(viewer.business, Kind.INVOICE))


@portal_page()
def selection_zip(request: HttpRequest, viewer: CustomerViewer) -> StreamingHttpResponse:
    """Send the selected invoices that are still open as PDFs in one ZIP."""
    return zip_of(viewer, Kind.INVOICE, [row for row in _chosen(request, viewer) if row.open_amount > 0])


def _chosen(request: HttpRequest, viewer: CustomerViewer) -> list[Document]:
    """Return the selected invoices, the longest due first. Raises Http404 when one is not the viewer's to see."""
    names = list(dict.fromkeys(request.GET.getlist("invoice")))
    keys = [parse_public_id(name, Kind.INVOICE) for name in names[: _AT_MOST + 1]]
    known = [key for key in keys if key is not None]
    if len(names) > _AT_MOST or len(known) != len(names):
        raise Http404
    rows = list(documents(viewer).filter(kind=Kind.INVOICE, pk__in=known).order_by("due_on", "issued_on", "id"))
    if len(rows) != len(names):
        raise Http404
    return rows


def _groups(viewer: CustomerViewer, rows: list[Document], today: date, fmt: Formatter) -> list[Group]:
    by_currency: defaultdict[str, list[Document]] = defaultdict(list)
    for row in rows:
        by_currency[row.currency].append(row)
    return [_group(viewer, currency, by_currency[currency], today, fmt) for currency in sorted(by_currency)]


def _group(viewer: CustomerViewer, currency: str, rows: list[Document], today: date, fmt: Formatter) -> Group:
    query = "?" + urlencode([("invoice", row.public_id) for row in rows])
    total = fmt.money(sum(row.open_amount for row in rows), currency)
    words = ngettext("%(count)s invoice", "%(count)s invoices", len(rows)) % {"count": fmt.number(len(rows))}
    row_labels, asked = RowLabels(), amounts_asked(viewer, rows)
    # As the pay page asks for it: by a plan its next instalment.
    now = sum(asked.get(row.pk, row.open_amount) for row in rows)
    return Group(
        currency=currency,
        summary=f"{words} · {total}",
        total=total,
        rows=[document_row(row, today, fmt, row_labels) for row in rows],
        asked=fmt.money(now, currency),
        url=page_url("selection") + query,
        pay_url=page_url("pay") + query,
        csv_url=page_url("selection_csv") + query,
        xlsx_url=page_url("selection_xlsx") + query,
        zip_url=page_url("selection_zip") + query,
    )
