"""From rows to files: the PDF of a document, a payment, a statement or a list, and what the file is called.

The rows have been fetched as the viewer may see them, together with their business and customer.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.documents.queries import own_pdfs
from portico.domain.ledger.statements import BalanceForward
from portico.domain.payments.models import Payment
from portico.output.pdf import cache
from portico.output.pdf.activity_sheet import ActivityRow, activity_sheet
from portico.output.pdf.document_sheet import document_sheet
from portico.output.pdf.filename import pdf_filename
from portico.output.pdf.queue import PdfOrProgress, long_pdf_of
from portico.output.pdf.receipt_sheet import receipt_sheet
from portico.output.pdf.render import renderer
from portico.output.pdf.sheets import DocumentSheet
from portico.output.pdf.statement_sheet import Statement, statement_rows, statement_sheet


@dataclass(frozen=True, slots=True)
class Listed:
    """A filtered list: the `query` it is known by, how many rows there are, and the rows, read when they are needed."""

    query: str
    count: int
    rows: Callable[[], Iterable[ActivityRow]]


def document_pdf(document: Document, language: str) -> bytes:
    """Return an invoice, estimate, credit note or sales order as PDF: the business's own, or drawn in a language."""
    return next(document_pdfs([document], language))


def document_pdfs(documents: Sequence[Document], language: str) -> Iterator[bytes]:
    """Yield the PDF of each document, made when it is asked for."""
    own = own_pdfs(documents)
    for document in documents:
        file = own.get(document.pk)
        yield file.read() if file else cache.pdf(document_sheet(document, language))


def preview_pdf(sheet: DocumentSheet) -> bytes:
    """Return a document that is not kept yet as PDF."""
    return cache.pdf(sheet)


def preview_png(sheet: DocumentSheet) -> bytes:
    """Return the first page of a document as a picture, for readers whose browser shows no PDF inside a page."""
    return renderer(cache.fonts_folder()).picture(sheet)


def document_filename(document: Document) -> str:
    """Return `nordlicht-invoice-INV-2041.pdf`."""
    return pdf_filename(document.business.slug, document.kind.replace("_", "-"), document.number)


def receipt_pdf(payment: Payment, language: str) -> bytes:
    """Return a payment's receipt as PDF in a language."""
    return cache.pdf(receipt_sheet(payment, language))


def receipt_filename(payment: Payment) -> str:
    """Return `nordlicht-receipt-PAY-0007.pdf`."""
    return pdf_filename(payment.business.slug, "receipt", payment.number)


def statement_pdf(customer: Customer, statements: Sequence[Statement], language: str) -> PdfOrProgress:
    """Return a customer's statement, one section per currency and at least one, as PDF in a language; or how far it is.

    Raises TooLong.
    """
    facts = _facts(customer, language), [_choice(statement) for statement in statements]
    rows = sum(statement_rows(statement) for statement in statements)
    return long_pdf_of(facts, rows, lambda: statement_sheet(customer, statements, language))


def statement_filename(customer: Customer, statement: Statement) -> str:
    """Return `nordlicht-statement-2026-10-01-to-2026-10-31.pdf`, or with the one day of open items."""
    if isinstance(statement, BalanceForward):
        return pdf_filename(customer.business.slug, "statement", f"{statement.start}-to-{statement.end}")
    return pdf_filename(customer.business.slug, "statement", str(statement.as_of))


def activity_pdf(
    customer: Customer,
    heading: str,
    filters: Sequence[tuple[str, str]],
    listed: Listed,
    language: str,
) -> PdfOrProgress:
    """Return a list as one PDF in a language, or how far it is; `filters` are labels and values it was narrowed by.

    Raises TooLong.
    """
    facts = _facts(customer, language), heading, filters, listed.query, customer.business.today()
    return long_pdf_of(facts, listed.count, lambda: activity_sheet(customer, heading, filters, listed.rows(), language))


def _facts(customer: Customer, language: str) -> object:
    """Return what a customer's PDFs follow from: all that is recorded moves a revision, a restored backup the epoch."""
    return customer.pk, customer.revision, customer.business.revision, customer.business.epoch, language


def _choice(statement: Statement) -> object:
    if isinstance(statement, BalanceForward):
        return statement.account.pk, statement.start, statement.end
    return statement.account.pk, statement.as_of


def list_filename(business: Business, kind: str) -> str:
    """Return `nordlicht-credit-notes-2026-11-20.pdf` for the list of a kind."""
    plural = kind.replace("_", "-") + "s"
    return pdf_filename(business.slug, plural, str(business.today()))
