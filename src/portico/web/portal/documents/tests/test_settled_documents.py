"""Documents and pages ask for money only where money is owed, whatever was asked before."""

import io
import re
from datetime import date
from zipfile import ZipFile

import pytest
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from pypdf import PdfReader

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share, apply_credit_note
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.actions.undo_write_off import undo_write_off
from portico.domain.documents.actions.void import void
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.models import Document, Kind
from portico.domain.ledger.tests.history import new_document, pay
from portico.domain.payments.actions.void_payment import void_payment
from portico.web.portal.conftest import Visitor, days_ago

pytestmark = pytest.mark.django_db

CLAIMS = ("Amount due", "How to pay", "IBAN", "Due 12 Nov 2026", "Pay by bank transfer")


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 327195, days_ago(39), due_on=days_ago(8), number="INV-0714")


def paper(visitor: Visitor, document: Document) -> str:
    return visitor.pdf(visitor.url(f"{document.kind}_pdf", document.public_id))


def page(visitor: Visitor, document: Document) -> str:
    return visitor.page(str(document.kind), document.public_id)


def asks_for_nothing(text: str) -> bool:
    return not any(claim in text for claim in CLAIMS)


def test_an_open_invoice_asks_for_all_of_it(visitor: Visitor, invoice: Document) -> None:
    text = paper(visitor, invoice)
    for claim in ("Amount due €3,271.95", "Due 12 Nov 2026", "How to pay", "IBAN DE89 3704 0044 0532 0130 00"):
        assert claim in text, claim


def test_a_partly_paid_invoice_asks_for_the_rest(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    pay(acme, 100000, date(2026, 11, 13), Share(invoice, 100000))
    text = paper(visitor, invoice)
    for words in ("Amount due €2,271.95", "Due 12 Nov 2026", "How to pay", "Total €3,271.95",
                  "Paid on 13 Nov 2026 -€1,000.00"):  # fmt: skip
        assert words in text, words
    assert "Amount due €3,271.95" not in text
    assert "€2,271.95" in page(visitor, invoice)


def test_a_paid_invoice_says_when_it_was_paid_and_has_its_receipt(
    visitor: Visitor, acme: Customer, invoice: Document
) -> None:
    payment = pay(acme, 327195, date(2026, 11, 13), Share(invoice, 327195))
    text = paper(visitor, invoice)
    for words in ("Total €3,271.95", "Paid on 13 Nov 2026 -€3,271.95", "Left to pay €0.00"):
        assert words in text, words
    assert asks_for_nothing(text)
    html = page(visitor, invoice)
    assert asks_for_nothing(html)
    assert "Paid on 13 Nov 2026" in html
    assert f'href="{visitor.url("receipt", payment.public_id)}"' in html


def test_a_link_to_the_one_invoice_offers_no_receipt_of_the_account(
    visitor: Visitor, acme: Customer, invoice: Document
) -> None:
    payment = pay(acme, 327195, days_ago(7), Share(invoice, 327195))
    _grant, secret = link_to(acme, invoice.ref, by=OPERATOR)
    assert asks_for_nothing(visitor.pdf(f"/s/{secret}.pdf"))
    visitor.client.cookies.clear()
    opened = visitor.get(visitor.url("open_link", secret))
    assert opened.status_code == 303
    html = visitor.get(opened.headers["Location"].removeprefix("http://testserver")).content.decode()
    assert "Paid on 13 Nov 2026" in html
    assert visitor.url("receipt", payment.public_id) not in html


def test_a_credited_invoice_names_the_credit_note(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    note = new_document(acme, 400000, days_ago(4), kind=Kind.CREDIT_NOTE, number="CN-1")
    assert "Credit €4,000.00" in paper(visitor, note)
    apply_credit_note(note, [Share(invoice, 327195)], by=OPERATOR)
    text = paper(visitor, invoice)
    assert "Credit note CN-1 -€3,271.95" in text
    assert "Settled on 16 Nov 2026" in text
    assert asks_for_nothing(text)
    rest = paper(visitor, note)
    assert "Credit left €728.05" in rest
    assert "Invoice INV-0714 -€3,271.95" in rest
    other = new_document(acme, 72805, days_ago(3))
    apply_credit_note(note, [Share(other, 72805)], by=OPERATOR)
    used = paper(visitor, note)
    assert "Credit left €0.00" in used
    assert "Credit €4,000.00" not in used, "a used credit note claims no credit"


def test_a_written_off_invoice_asks_for_nothing(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    pay(acme, 100000, date(2026, 11, 13), Share(invoice, 100000))
    write_off(invoice, by=OPERATOR, on=date(2026, 11, 18))
    text = paper(visitor, invoice)
    for words in ("Paid on 13 Nov 2026 -€1,000.00", "Written off on 18 Nov 2026 -€2,271.95", "Left to pay €0.00"):
        assert words in text, words
    assert asks_for_nothing(text)
    assert asks_for_nothing(page(visitor, invoice))
    assert "Everything so far is paid" not in visitor.page("home")


def test_a_write_off_that_is_hidden_reads_as_settled_everywhere(
    visitor: Visitor, acme: Customer, invoice: Document
) -> None:
    pay(acme, 100000, date(2026, 11, 13), Share(invoice, 100000))
    write_off(invoice, by=OPERATOR, on=date(2026, 11, 18), hidden=True)
    shown = page(visitor, invoice)
    text = paper(visitor, invoice)
    for words in ("Settled on 18 Nov 2026 -€2,271.95", "Left to pay €0.00"):
        assert words in text, words
    listed = visitor.page("activity_of_kind", "invoices")
    assert asks_for_nothing(shown)
    assert 'po-shape-check">Settled' in shown
    assert 'po-shape-check">Settled' in listed
    assert invoice.number in visitor.page("activity_of_kind", "invoices", query="?status=paid")
    assert invoice.number not in visitor.page("activity_of_kind", "invoices", query="?status=written_off")
    statement = visitor.page("statements", query="?start=2026-11-01&end=2026-11-20")
    assert f"Settlement of {invoice.number}" in statement
    rows = visitor.csv(visitor.url("statements_csv") + "?start=2026-11-01&end=2026-11-20")
    csv_text = " ".join(" ".join(row) for row in rows)
    for text_shown in (shown, text, listed.replace('value="written_off">Written off', ""), statement, csv_text):
        assert not re.search(r"(?i)writ(e|ten).off|no longer expected", text_shown)


def test_a_hidden_write_off_stays_hidden_when_some_of_it_is_paid(
    visitor: Visitor, acme: Customer, invoice: Document
) -> None:
    write_off(invoice, by=OPERATOR, on=date(2026, 11, 18), hidden=True)
    pay(acme, 100000, date(2026, 11, 19), Share(invoice, 100000))
    assert 'po-shape-check">Settled' in page(visitor, invoice)
    undo_write_off(Document.objects.get(pk=invoice.pk), by=OPERATOR)
    assert "Amount due" in paper(visitor, invoice)


def test_a_voided_invoice_keeps_its_figures_and_asks_for_nothing(visitor: Visitor, invoice: Document) -> None:
    Document.objects.filter(pk=invoice.pk).update(prepaid=19500, total=346695)
    void(invoice, by=OPERATOR)
    text = paper(visitor, invoice)
    assert "Voided" in text
    assert "Total €3,466.95" in text
    assert "Amount billed €3,271.95" in text
    assert asks_for_nothing(text)
    assert asks_for_nothing(page(visitor, invoice))


def test_a_negative_invoice_is_a_credit(visitor: Visitor, acme: Customer) -> None:
    invoice = new_document(acme, -5000, days_ago(5), due_on=days_ago(1))
    text = paper(visitor, invoice)
    assert "Credit €50.00" in text
    assert asks_for_nothing(text)


def test_a_kept_pdf_is_not_sent_again_once_money_has_moved(
    visitor: Visitor, acme: Customer, invoice: Document, clock: Clock
) -> None:
    before = paper(visitor, invoice)
    assert paper(visitor, invoice) == before
    payment = pay(acme, 327195, days_ago(7), Share(invoice, 327195))
    assert asks_for_nothing(paper(visitor, invoice))
    void_payment(payment, by=OPERATOR)
    assert paper(visitor, invoice) == before, "owed again, as it was"


def test_a_zip_of_the_list_holds_the_papers_of_today(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    open_one = new_document(acme, 5000, days_ago(5), number="OPEN-1")
    pay(acme, 327195, days_ago(7), Share(invoice, 327195))
    response: HttpResponseBase = visitor.get(visitor.url("activity_zip", "invoices"))
    assert isinstance(response, StreamingHttpResponse)
    archive = ZipFile(io.BytesIO(response.getvalue()))
    texts = {name: PdfReader(io.BytesIO(archive.read(name))).pages[0].extract_text() for name in archive.namelist()}
    assert asks_for_nothing(texts["nordlicht-invoice-INV-0714.pdf"])
    assert "How to pay" in texts[f"nordlicht-invoice-{open_one.number}.pdf"]


def test_a_voided_payment_is_not_headed_as_paid(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    payment = pay(acme, 5000, days_ago(5), Share(invoice, 5000))
    assert "Amount paid" in visitor.page("payment", payment.public_id)
    void_payment(payment, by=OPERATOR)
    assert "Amount paid" not in visitor.page("payment", payment.public_id)
    assert "Amount paid" not in visitor.pdf(visitor.url("receipt", payment.public_id))
    assert visitor.url("receipt", payment.public_id) not in page(visitor, invoice)
