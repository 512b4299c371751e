"""Paying by bank transfer: the account for the currency, its code read back from page and PDF, texts by reader."""

import re
from html import unescape

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.instructions import InstructionInput, add_instruction
from portico.domain.businesses.models import Business
from portico.domain.businesses.queries import Way
from portico.domain.customers.models import Address, Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import new_document, pay
from portico.web.portal.conftest import Visitor, days_ago
from tests.bank import new_bank_account, only_bank_account
from tests.codes import codes_of_pdf, read_path

pytestmark = pytest.mark.django_db

SWISS = "CH93 0076 2011 6238 5295 7"


@pytest.fixture(autouse=True)
def addressed(business: Business) -> None:
    business.line1, business.postal_code, business.city = "Hafenweg 22", "48155", "Münster"
    business.save()


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 198016, days_ago(39), due_on=days_ago(8), number="INV-2041")


def codes_of_page(html: str) -> list[str]:
    """What the codes of a page say. A Swiss one is read with its cross in the middle, as a camera sees it."""
    found = re.findall(r'<svg class="po-qr" viewBox="-4 -4 (\d+) \d+".*?<path d="([^"]+)"(.*?)</svg>', html, re.DOTALL)
    return [
        read_path(path, int(size) - 8, hidden=round((int(size) - 8) * 7 / 46) if "<g" in cross else 0)
        for size, path, cross in found
    ]


def copied(html: str) -> list[str]:
    """What the page's buttons copy."""
    return [unescape(text) for text in re.findall(r'data-copy-text="([^"]*)"', html)]


def test_page_and_pdf_have_the_same_european_code(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    pay(acme, 8016, days_ago(3), Share(invoice, 8016))
    said = "BCD\n002\n1\nSCT\n\nNordlicht Studio\nDE89370400440532013000\nEUR1900\n\n\nINV-2041"
    html = visitor.page("invoice", invoice.public_id)
    assert codes_of_page(html) == [said]
    assert "QR code for a transfer of €1,900.00 to Nordlicht Studio" in html
    assert copied(html) == ["DE89370400440532013000", "1900.00", "INV-2041"]
    assert codes_of_page(visitor.page("pay", query=f"?invoice={invoice.public_id}")) == [said]
    pdf = visitor.get(visitor.url("invoice_pdf", invoice.public_id)).content
    assert codes_of_pdf(pdf) == [said]


def test_selection_asks_for_its_sum_with_all_numbers(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    other = new_document(acme, 1000, days_ago(3), due_on=days_ago(1), number="INV-2050")
    query = f"?invoice={invoice.public_id}&invoice={other.public_id}"
    (said,) = codes_of_page(visitor.page("pay", query=query))
    assert said.split("\n")[-4:] == ["EUR1990.16", "", "", "INV-2041, INV-2050"]
    assert codes_of_page(visitor.page("selection", query=query)) == [said]


def test_nothing_is_asked_for_once_it_is_paid(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    pay(acme, 198016, days_ago(0), Share(invoice, 198016))
    html = visitor.page("invoice", invoice.public_id)
    assert "po-qr" not in html
    assert "DE89" not in html
    assert codes_of_pdf(visitor.get(visitor.url("invoice_pdf", invoice.public_id)).content) == []


def test_swiss_account_has_the_swiss_payment_part(visitor: Visitor, acme: Customer, business: Business) -> None:
    new_bank_account(business, iban=SWISS, currency="CHF", holder="Nordlicht Studio")
    invoice = new_document(acme, 5025, days_ago(3), number="INV-9", currency="CHF")
    html = visitor.page("invoice", invoice.public_id)
    (said,) = codes_of_page(html)
    lines = said.split("\r\n")
    assert lines[:4] == ["SPC", "0200", "1", "CH9300762011623852957"]
    assert lines[18:20] == ["50.25", "CHF"]
    reference = lines[-3]
    assert lines[-4:] == ["SCOR", reference, "INV-9", "EPD"]
    assert reference[4:].startswith("INV9")
    assert copied(html) == ["CH9300762011623852957", "50.25", reference]
    assert "DE89" not in html, "the account for any currency is not for one that has its own"
    response = visitor.get(visitor.url("invoice_pdf", invoice.public_id))
    assert codes_of_pdf(response.content) == [said]
    words = visitor.pdf(visitor.url("invoice_pdf", invoice.public_id))
    for heading in ("Receipt", "Payment part", "Account / Payable to", "Acceptance point", "50.25"):
        assert heading in words


def test_account_without_iban_is_described(visitor: Visitor, acme: Customer, business: Business) -> None:
    new_bank_account(business, details="Routing 021000021\nAccount 1234567", currency="USD")
    invoice = new_document(acme, 5000, days_ago(3), number="INV-USD", currency="USD")
    html = visitor.page("invoice", invoice.public_id)
    assert "Routing 021000021\nAccount 1234567" in html
    assert "po-qr" not in html
    assert copied(html) == ["50.00", "INV-USD"]


def test_every_account_for_the_currency_is_shown_in_order(
    visitor: Visitor, business: Business, invoice: Document
) -> None:
    only_bank_account(business, "")
    new_bank_account(business, currency="EUR", holder="First")
    new_bank_account(business, currency="EUR", holder="Second", iban="DE02 1203 0000 0000 2020 51")
    new_bank_account(business, details="For other currencies")
    html = visitor.page("invoice", invoice.public_id)
    assert [said.split("\n")[5] for said in codes_of_page(html)] == ["First", "Second"]
    assert "For other currencies" not in html
    words = visitor.pdf(visitor.url("invoice_pdf", invoice.public_id))
    assert words.index("DE89") < words.index("Or to this account") < words.index("DE02")


def test_text_is_chosen_by_country_and_language(
    visitor: Visitor, acme: Customer, business: Business, invoice: Document
) -> None:
    def say(text: str, **readers: str) -> None:
        add_instruction(business, InstructionInput(Way.BANK_TRANSFER, text, **readers), by=OPERATOR)

    def page(language: str, row: Document = invoice) -> str:
        return visitor.page("invoice", row.public_id, accept_language=language)

    say("For all")
    say("Für alle", language="de")
    assert "For all" in page("en")
    assert "For all" in page("ar"), "no text is in Arabic"
    assert "Für alle" in page("de")
    Address.objects.filter(customer=acme).delete()
    Address.objects.create(customer=acme, country="CH", city="Bern")
    Customer.objects.filter(pk=acme.pk).update(revision=6)
    say("Nach Bern", country="CH", language="en")
    html = page("de", new_document(Customer.objects.get(pk=acme.pk), 5000, days_ago(3)))
    assert "Nach Bern" in html, "what is said to a country goes before the reader's language"
    assert "Für alle" not in html
