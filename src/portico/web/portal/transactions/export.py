"""Activity as files: exactly the rows that the filters leave, all pages of them."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.models import Document, Listed
from portico.domain.documents.queries import each_listed
from portico.lib.l10n import Formatter
from portico.output.exports import activity as csv
from portico.output.pdf import pdf_files
from portico.output.pdf.activity_sheet import ActivityRow
from portico.output.wording.kinds import kind_plural
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.kind_urls import list_url
from portico.web.portal.core.kinds import PAYMENT, kind_of_slug
from portico.web.portal.core.urls import item_url
from portico.web.portal.transactions.filters import Filter, filtered, filtered_documents, filtered_payments
from portico.web.shared.download import streamed
from portico.web.shared.long_pdf import LongPdf, long_pdf
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import document_tag, payment_tag

_CHUNK = 2000


@portal_page()
def activity_csv(request: HttpRequest, viewer: CustomerViewer, slug: str) -> StreamingHttpResponse:
    """Send the list as CSV, written while it is sent."""
    form = export_filter(request, viewer, slug)
    name = pdf_files.activity_filename(viewer.customer).removesuffix(".pdf") + ".csv"
    return streamed(csv.activity_csv(_csv_rows(viewer, form), reader_formatter().language), name, "text/csv")


@portal_page()
def activity_pdf(request: HttpRequest, viewer: CustomerViewer, slug: str) -> HttpResponse:
    """Send the list as one PDF; while a long one is made, say how far it is."""
    form, fmt = export_filter(request, viewer, slug), reader_formatter()
    query, customer = form.query(page=None), viewer.customer
    asked = LongPdf(
        viewer.business,
        pdf_files.activity_filename(customer),
        csv_url=item_url("activity_csv", slug) + query,
        back_url=list_url(form.kind) + query,
    )
    listed = pdf_files.Listed(
        form.kind + query, filtered(viewer, form).count(), lambda: map(_printed_row, _csv_rows(viewer, form))
    )
    heading, facts = kind_plural(form.kind), _facts(form, fmt)
    return long_pdf(request, asked, lambda: pdf_files.activity_pdf(customer, heading, facts, listed, fmt.language))


def _printed_row(row: csv.ActivityRow) -> ActivityRow:
    return ActivityRow(row.number, row.issued_on, row.due_on, row.status, row.currency, row.total, row.open)


def export_filter(request: HttpRequest, viewer: CustomerViewer, slug: str) -> Filter:
    """Return the filters of a download. Raises Http404 for wrong ones: a file never holds more than was asked for."""
    kind = kind_of_slug(slug, viewer.business)
    if kind is None:
        raise Http404
    form = Filter(kind, request.GET)
    if not form.is_valid():
        raise Http404
    return form


def _csv_rows(viewer: CustomerViewer, form: Filter) -> Iterator[csv.ActivityRow]:
    if form.kind == PAYMENT:
        yield from _payment_rows(viewer, form)
        return
    today = viewer.business.today()
    for row in each_listed(filtered_documents(viewer, form)):
        yield document_line(row, document_tag(row, today).text)


def document_line(row: Document | Listed, state: str) -> csv.ActivityRow:
    """Return a document as a line of an export; `state` is in words."""
    return csv.ActivityRow(
        kind=row.kind,
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.deadline,
        status=state,
        currency=row.currency,
        total=row.payable,
        open=row.open_amount if row.sign else None,
        reference=row.purchase_order,
    )


def _payment_rows(viewer: CustomerViewer, form: Filter) -> Iterator[csv.ActivityRow]:
    for row in filtered_payments(viewer, form).iterator(chunk_size=_CHUNK):
        yield csv.ActivityRow(
            kind=PAYMENT,
            number=row.number,
            issued_on=row.paid_on,
            due_on=None,
            status=payment_tag(row).text,
            currency=row.currency,
            total=row.amount,
            open=row.unapplied,
            reference=row.reference,
        )


def _facts(form: Filter, fmt: Formatter) -> list[tuple[str, str]]:
    """Return the filters in words, as the printed list names them."""
    state = form.fields["status"]
    facts = []
    if form.value("q"):
        facts.append((_("Number"), form.value("q")))
    if form.value("status"):
        facts.append((str(state.label), dict(getattr(state, "choices", []))[form.value("status")]))
    for name in ("start", "end"):
        if form.value(name):
            facts.append((str(form.fields[name].label), fmt.date(form.value(name))))
    return facts
