"""Documents as PDFs, all in one ZIP: of a list as it is narrowed, or of selected invoices."""

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.models import Document
from portico.domain.payments.models import Payment
from portico.output.pdf import pdf_files
from portico.output.pdf.zip_stream import ZipEntry, zip_stream
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.kind_urls import list_url
from portico.web.portal.core.kinds import PAYMENT
from portico.web.portal.core.own_code import customized
from portico.web.portal.transactions.export import export_filter
from portico.web.portal.transactions.filters import filtered, filtered_documents, filtered_payments
from portico.web.shared.download import streamed
from portico.web.shared.page import page, reader_formatter

# Each may have to be set first: some ten seconds for all of them, in one of the few threads that answer everybody.
MOST_IN_ZIP = 500


@portal_page()
def activity_zip(request: HttpRequest, viewer: CustomerViewer, slug: str) -> HttpResponseBase:
    """Send the PDFs of the list in one ZIP, written while it is sent; for one too long, say how to narrow it."""
    form = export_filter(request, viewer, slug)
    if form.kind == PAYMENT:
        payments = list(filtered_payments(viewer, form)[: MOST_IN_ZIP + 1])
        if len(payments) <= MOST_IN_ZIP:
            return _sent(viewer, PAYMENT, _receipts(viewer, payments, reader_formatter().language))
    else:
        documents = list(filtered_documents(viewer, form)[: MOST_IN_ZIP + 1])
        if len(documents) <= MOST_IN_ZIP:
            return zip_of(viewer, form.kind, documents)
    context = {
        "count": filtered(viewer, form).count(),
        "most": MOST_IN_ZIP,
        "back_url": list_url(form.kind) + form.query(page=None),
    }
    return page(request, "downloads/too_many.html", context, brand=customized(request, viewer.business), status=422)


def zip_of(viewer: CustomerViewer, kind: str, rows: list[Document]) -> StreamingHttpResponse:
    """Answer with the PDFs of documents of a kind that the viewer may see."""
    return _sent(viewer, kind, _documents(viewer, rows, reader_formatter().language))


def _sent(viewer: CustomerViewer, kind: str, files: Iterable[ZipEntry]) -> StreamingHttpResponse:
    name = pdf_files.list_filename(viewer.business, kind).removesuffix(".pdf") + ".zip"
    return streamed(zip_stream(files), name, "application/zip")


def _documents(viewer: CustomerViewer, rows: list[Document], language: str) -> Iterator[ZipEntry]:
    for row in rows:
        row.business, row.customer = viewer.business, viewer.customer
    for row, pdf in zip(rows, pdf_files.document_pdfs(rows, language), strict=True):
        yield ZipEntry(pdf_files.document_filename(row), row.issued_on, pdf)


def _receipts(viewer: CustomerViewer, rows: list[Payment], language: str) -> Iterator[ZipEntry]:
    for row in rows:
        row.business, row.customer = viewer.business, viewer.customer
        yield ZipEntry(pdf_files.receipt_filename(row), row.paid_on, pdf_files.receipt_pdf(row, language))
