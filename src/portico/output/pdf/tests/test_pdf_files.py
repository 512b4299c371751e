import io
from datetime import date

import pytest
from pypdf import PdfReader

from portico.domain.activity.actor import OPERATOR, Actor
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.view import mark_viewed
from portico.domain.documents.models import Document, Kind
from portico.domain.ledger.queries import accounts_of
from portico.domain.ledger.statements import balance_forward, open_item
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.models import Method
from portico.output.pdf import pdf_files
from portico.output.pdf.activity_sheet import ActivityRow
from portico.output.pdf.queue import PdfOrProgress
from portico.output.pdf.tests.conftest import Write

DAY = date(2026, 11, 20)


pytestmark = pytest.mark.usefixtures("home")


def text_of(pdf: PdfOrProgress) -> str:
    assert isinstance(pdf, bytes)
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_paper_in_every_language(customer: Customer, write: Write, language: str) -> None:
    document = write()
    payment = record_payment(customer, PaymentInput(5_00, "EUR", DAY, Method.CASH), by=OPERATOR)
    (account,) = accounts_of(customer.pk)
    forward = balance_forward(account, date(2026, 10, 1), DAY, today=DAY, edges=(30, 60, 90))
    items = open_item(account, DAY, today=DAY, edges=(30, 60, 90))
    row = ActivityRow(document.number, document.issued_on, document.due_on, "Open", "EUR", document.total, 1)
    assert "INV-0001" in text_of(pdf_files.document_pdf(document, language))
    assert "PAY-0001" in text_of(pdf_files.receipt_pdf(payment, language))
    assert "INV-0001" in text_of(pdf_files.statement_pdf(customer, [forward], language))
    assert "INV-0001" in text_of(pdf_files.statement_pdf(customer, [items], language))
    listed = pdf_files.Listed("", 1, lambda: [row])
    assert "INV-0001" in text_of(pdf_files.activity_pdf(customer, "Invoices", [], listed, language))


def test_files_are_named_after_the_business_the_kind_and_the_number(customer: Customer, write: Write) -> None:
    payment = record_payment(customer, PaymentInput(5_00, "EUR", DAY, Method.CASH), by=OPERATOR)
    (account,) = accounts_of(customer.pk)
    forward = balance_forward(account, date(2026, 10, 1), DAY, today=DAY, edges=(30, 60, 90))
    assert pdf_files.document_filename(write()) == "nordlicht-invoice-INV-0001.pdf"
    credit_note = write(kind=Kind.CREDIT_NOTE, due_on=None)
    assert pdf_files.document_filename(credit_note) == "nordlicht-credit-note-CN-0001.pdf"
    assert pdf_files.receipt_filename(payment) == "nordlicht-receipt-PAY-0001.pdf"
    assert pdf_files.statement_filename(customer, forward) == "nordlicht-statement-2026-10-01-to-2026-11-20.pdf"


def test_an_invoice_reads_the_same_after_it_is_viewed(customer: Customer, write: Write) -> None:
    document = write()
    before = pdf_files.document_pdf(document, "en")
    mark_viewed(document, by=Actor("customer", label="Acme"))
    assert pdf_files.document_pdf(Document.objects.get(pk=document.pk), "en") == before
