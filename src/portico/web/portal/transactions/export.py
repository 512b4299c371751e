"""Activity as files: exactly the rows that the filters leave, all pages of them."""

from collections.abc import Iterator
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.models import Document, Listed
from portico.domain.documents.queries import each_listed
from portico.domain.payments.models import Payment
from portico.lib.l10n import Formatter
from portico.output.exports.activity import ActivityRow, activity_table
from portico.output.exports.table import Format
from portico.output.pdf import pdf_files
from portico.output.pdf.activity_sheet import ActivityRow as PrintedRow
from portico.output.wording.kinds import kind_plural
from portico.output.wording.methods import method_label
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.kind_urls import list_url
from portico.web.portal.core.kinds import PAYMENT, kind_of_slug
from portico.web.portal.core.urls import item_url
from portico.web.portal.transactions.filters import Filter, filtered, filtered_documents, filtered_payments
from portico.web.shared.download import csv_format, exported
from portico.web.shared.long_pdf import LongPdf, long_pdf
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import days_late, document_tag, payment_tag, state_of

_CHUNK = 2000


@portal_page()
def activity_csv(request: HttpRequest, viewer: CustomerViewer, slug: str) -> StreamingHttpResponse:
    """Send the list as CSV, written while it is sent."""
    return _exported(viewer, export_filter(request, viewer, slug), csv_format(request))


@portal_page()
def activity_xlsx(request: HttpRequest, viewer: CustomerViewer, slug: str) -> StreamingHttpResponse:
    """Send the list as a workbook."""
    return _exported(viewer, export_filter(request, viewer, slug), Format.XLSX)


def _exported(viewer: CustomerViewer, form: Filter, wanted: Format) -> StreamingHttpResponse:
    table = activity_table(form.kind, _rows(viewer, form), reader_formatter().language)
    return exported(table, wanted, pdf_files.list_filename(viewer.business, form.kind))


@portal_page()
def activity_pdf(request: HttpRequest, viewer: CustomerViewer, slug: str) -> HttpResponse:
    """Send the list as one PDF; while a long one is made, say how far it is."""
    form, fmt = export_filter(request, viewer, slug), reader_formatter()
    query, customer = form.query(page=None), viewer.customer
    asked = LongPdf(
        viewer.business,
        pdf_files.list_filename(viewer.business, form.kind),
        csv_url=item_url("activity_csv", slug) + query,
        back_url=list_url(form.kind) + query,
    )
    listed = pdf_files.Listed(form.kind + query, filtered(viewer, form).count(), lambda: _printed_rows(viewer, form))
    heading, facts = kind_plural(form.kind), _facts(form, fmt)
    return long_pdf(request, asked, lambda: pdf_files.activity_pdf(customer, heading, facts, listed, fmt.language))


def export_filter(request: HttpRequest, viewer: CustomerViewer, slug: str) -> Filter:
    """Return the filters of a download. Raises Http404 for wrong ones: a file never holds more than was asked for."""
    kind = kind_of_slug(slug, viewer.business)
    if kind is None:
        raise Http404
    form = Filter(kind, request.GET)
    if not form.is_valid():
        raise Http404
    return form


def _rows(viewer: CustomerViewer, form: Filter) -> Iterator[ActivityRow]:
    if form.kind == PAYMENT:
        yield from map(_payment_line, filtered_payments(viewer, form).iterator(chunk_size=_CHUNK))
        return
    today = viewer.business.today()
    for row in each_listed(filtered_documents(viewer, form)):
        yield document_line(row, today)


def document_line(row: Document | Listed, today: date) -> ActivityRow:
    """Return a document as a line of an export."""
    return ActivityRow(
        kind=row.kind,
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.deadline,
        status=state_of(row, today),
        currency=row.currency,
        total=row.payable,
        open=row.open_amount if row.sign else None,
        order=row.purchase_order,
        days=days_late(row, today),
    )


def _payment_line(row: Payment) -> ActivityRow:
    return ActivityRow(
        kind=PAYMENT,
        number=row.number,
        issued_on=row.paid_on,
        due_on=None,
        status=payment_tag(row).text,
        currency=row.currency,
        total=row.amount,
        open=row.unapplied,
        method=method_label(row.method),
        reference=row.reference,
    )


def _printed_rows(viewer: CustomerViewer, form: Filter) -> Iterator[PrintedRow]:
    """On paper the state says for how long it is past due, as on the page."""
    if form.kind == PAYMENT:
        for payment in map(_payment_line, filtered_payments(viewer, form).iterator(chunk_size=_CHUNK)):
            yield _printed(payment, payment.status)
        return
    today = viewer.business.today()
    for row in each_listed(filtered_documents(viewer, form)):
        yield _printed(document_line(row, today), document_tag(row, today).text)


def _printed(line: ActivityRow, state: str) -> PrintedRow:
    return PrintedRow(line.number, line.issued_on, line.due_on, state, line.currency, line.total, line.open)


def _facts(form: Filter, fmt: Formatter) -> list[tuple[str, str]]:
    """Return the filters in words, as the printed list names them."""
    state = form.fields["status"]
    facts = []
    if form.value("q"):
        facts.append((_("Search"), form.value("q")))
    if form.value("status"):
        facts.append((str(state.label), dict(getattr(state, "choices", []))[form.value("status")]))
    for name in ("start", "end"):
        if form.value(name):
            facts.append((str(form.fields[name].label), fmt.date(form.value(name))))
    return facts
