"""A document reads as on its PDF, and beside it stands what became of it."""

import gzip

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share, apply_credit_note
from portico.domain.documents.actions.void import void
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.models import Document, Kind
from portico.domain.ledger.tests.history import new_document, pay
from portico.domain.payments.actions.void_payment import void_payment
from portico.web.portal.conftest import Visitor, at_most, days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 198016, days_ago(39), due_on=days_ago(8), number="INV-2041")


def test_an_invoice_opens_with_what_is_due(visitor: Visitor, invoice: Document) -> None:
    html = visitor.page("invoice", invoice.public_id)
    assert "Invoice INV-2041" in html
    assert "Amount due" in html
    assert "€1,980.16" in html
    assert "Past due · 8 days" in html
    assert "due 12 Nov 2026" in html
    assert "IBAN DE89 3704 0044 0532 0130 00" in html
    assert 'data-copy-text="INV-2041"' in html
    assert visitor.url("invoice_pdf", invoice.public_id) in html
    assert "Acme GmbH" in html
    # On a phone it is the item that stays beside the amount, not the line's number.
    first_row = html.partition("po-lines-table")[2].partition("<tbody>")[2].split("<td ")
    assert first_row[1].startswith('class="po-c-extra">1</td>')
    assert first_row[2].startswith('class="po-break">')


def test_what_was_applied_is_dated_and_leads_on(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    payment = pay(acme, 5000, days_ago(5), Share(invoice, 5000))
    note = new_document(acme, 2000, days_ago(4), kind=Kind.CREDIT_NOTE, number="CN-1")
    apply_credit_note(note, [Share(invoice, 2000)], by=OPERATOR)
    html = visitor.page("invoice", invoice.public_id)
    assert "15 Nov 2026" in html
    assert "-€50.00" in html
    assert visitor.url("payment", payment.public_id) in html
    assert visitor.url("credit_note", note.public_id) in html
    assert "€1,910.16" in html
    assert "4% paid" in html or "Past due · 8 days" in html
    assert "INV-2041" in visitor.page("credit_note", note.public_id)


def test_a_voided_payment_shows_as_taken_back(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    void_payment(pay(acme, 5000, days_ago(5), Share(invoice, 5000)), by=OPERATOR)
    html = visitor.page("invoice", invoice.public_id)
    assert "taken back" in html
    assert "po-struck" in html
    assert "€1,980.16" in html


def test_a_paid_invoice_asks_for_nothing(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    pay(acme, 198016, days_ago(5), Share(invoice, 198016))
    html = visitor.page("invoice", invoice.public_id)
    assert "Paid" in html
    assert "Pay by bank transfer" not in html


def test_a_voided_and_a_written_off_one_say_so(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    other = new_document(acme, 700, days_ago(39), due_on=days_ago(8))
    void(invoice, by=OPERATOR)
    write_off(other, by=OPERATOR)
    html = visitor.page("invoice", invoice.public_id)
    assert "Voided on 20 Nov 2026. It no longer counts." in html
    assert "Pay by bank transfer" not in html
    assert "€7.00 of this invoice is no longer expected." in visitor.page("invoice", other.public_id)


def test_drafts_strangers_and_nonsense_are_not_found(
    visitor: Visitor, stranger: Visitor, acme: Customer, invoice: Document
) -> None:
    draft = new_document(acme, 100, days_ago(1), draft=True)
    for path in (
        visitor.url("invoice", draft.public_id),
        visitor.url("invoice_pdf", draft.public_id),
        visitor.url("invoice", "inv_nonsense"),
        visitor.url("credit_note", invoice.public_id),
    ):
        assert visitor.get(path).status_code == 404
    for name in ("invoice", "invoice_pdf"):
        assert stranger.get(stranger.url(name, invoice.public_id)).status_code == 404


def test_looking_changes_nothing_and_the_beacon_tells_once(visitor: Visitor, invoice: Document) -> None:
    before = Activity.objects.count()
    html = visitor.page("invoice", invoice.public_id)
    visitor.client.head(visitor.url("invoice", invoice.public_id))
    visitor.get(visitor.url("invoice_pdf", invoice.public_id))
    assert not Document.objects.filter(first_viewed_at__isnull=False).exists()
    assert Activity.objects.count() == before
    seen = visitor.url("invoice_viewed", invoice.public_id)
    assert f'data-seen="{seen}"' in html
    assert visitor.get(seen).status_code == 405
    assert visitor.post(seen).status_code == 204
    assert visitor.post(seen).status_code == 204
    invoice.refresh_from_db()
    assert invoice.first_viewed_at is not None
    assert Activity.objects.filter(verb="invoice.viewed").count() == 1
    assert "data-seen" not in visitor.page("invoice", invoice.public_id)


def test_staff_s_own_browser_is_no_customer_s(visitor: Visitor, invoice: Document) -> None:
    elsewhere = create_business(BusinessInput("Elsewhere", "elsewhere", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    seen = visitor.url("invoice_viewed", invoice.public_id)
    visitor.client.force_login(create_staff(invoice.business, "olga@shop.example", "a long password", by=OPERATOR))
    assert visitor.post(seen).status_code == 204
    invoice.refresh_from_db()
    assert invoice.first_viewed_at is None
    # Staff of another business are customers here.
    visitor.client.force_login(create_staff(elsewhere, "emil@elsewhere.example", "a long password", by=OPERATOR))
    assert visitor.post(seen).status_code == 204
    invoice.refresh_from_db()
    assert invoice.first_viewed_at is not None


def test_a_stranger_s_beacon_changes_nothing(stranger: Visitor, invoice: Document) -> None:
    assert stranger.post(stranger.url("invoice_viewed", invoice.public_id)).status_code == 404
    invoice.refresh_from_db()
    assert invoice.first_viewed_at is None


def test_kinds_behind_a_switch(visitor: Visitor, acme: Customer, business: Business) -> None:
    note = new_document(acme, 100, days_ago(1), kind=Kind.CREDIT_NOTE)
    order = new_document(acme, 100, days_ago(1), kind=Kind.SALES_ORDER)
    assert ">Credit<" in visitor.page("credit_note", note.public_id)
    assert visitor.get(visitor.url("sales_order", order.public_id)).status_code == 404
    change_portal_settings(business, {"show_credit_notes": False, "show_sales_orders": True}, by=OPERATOR)
    for name in ("credit_note", "credit_note_pdf"):
        assert visitor.get(visitor.url(name, note.public_id)).status_code == 404
    assert "Sales order" in visitor.page("sales_order", order.public_id)


def test_an_estimate_says_until_when_it_holds(visitor: Visitor, acme: Customer) -> None:
    estimate = new_document(acme, 100, days_ago(40), kind=Kind.ESTIMATE)
    estimate.expires_on = days_ago(-3)
    estimate.save()
    assert "valid until 23 Nov 2026" in visitor.page("estimate", estimate.public_id)
    estimate.expires_on = days_ago(1)
    estimate.save()
    acme.revision += 1
    acme.save()
    assert "This estimate has expired." in visitor.page("estimate", estimate.public_id)


def test_the_pdf_is_a_download(visitor: Visitor, invoice: Document) -> None:
    response = visitor.get(visitor.url("invoice_pdf", invoice.public_id))
    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="nordlicht-invoice-INV-2041.pdf"'
    assert response.headers["Cache-Control"] == "no-store"


def test_references_lead_to_documents_one_may_open(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    note = new_document(acme, 100, days_ago(1), kind=Kind.CREDIT_NOTE)
    note.references = [{"kind": "preceding_invoice", "value": "INV-2041"}, {"kind": "contract", "value": "C-9"}]
    note.save()
    html = visitor.page("credit_note", note.public_id)
    assert "Refers to" in html
    assert visitor.url("invoice", invoice.public_id) in html


def test_its_queries_and_its_size_do_not_grow_with_lines_and_payments(
    visitor: Visitor, acme: Customer, invoice: Document
) -> None:
    for _ in range(12):
        pay(acme, 100, days_ago(5), Share(invoice, 100))
    with at_most(8):
        html = visitor.page("invoice", invoice.public_id)
    assert len(gzip.compress(html.encode())) < 15_000


def test_a_credit_and_an_order_say_what_comes_next(visitor: Visitor, acme: Customer, business: Business) -> None:
    change_portal_settings(business, {"show_sales_orders": True}, by=OPERATOR)
    note = new_document(acme, 2000, days_ago(1), kind=Kind.CREDIT_NOTE)
    order = new_document(acme, 100, days_ago(1), kind=Kind.SALES_ORDER)
    assert "There is nothing to pay yet: the invoice follows." in visitor.page("sales_order", order.public_id)
    assert "What is left of it is yours" in visitor.page("credit_note", note.public_id)
    change_portal_settings(business, {"apply_credits_to_new_invoices": True}, by=OPERATOR)
    assert "taken off your next invoice" in visitor.page("credit_note", note.public_id)
    void(note, by=OPERATOR)
    void(order, by=OPERATOR)
    for name, document in (("credit_note", note), ("sales_order", order)):
        html = visitor.page(name, document.public_id)
        assert "What is left of it" not in html
        assert "invoice follows" not in html
