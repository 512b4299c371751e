"""What asks to pay shows the payment details that are valid now, on every surface."""

import pytest

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import new_document
from portico.intake.actions.import_file import Run
from portico.intake.ubl.tests.samples import Sample
from portico.web.portal.conftest import SignIn, Visitor, days_ago
from tests.bank import only_bank_account

pytestmark = pytest.mark.django_db

OLD = "DE89 3704 0044 0532 0130 00"
NEW = "DE02 1203 0000 0000 2020 51"
FILED = "NO93 8601 1117 947"
_MEANS = Sample(
    number="FILED-1",
    middle="<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>"
    f"<cac:PayeeFinancialAccount><cbc:ID>{FILED}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>",
)


def surfaces(visitor: Visitor, invoice: Document) -> dict[str, str]:
    """Everything that says how to pay this invoice."""
    return {
        "My Account": visitor.page("home"),
        "the invoice": visitor.page("invoice", invoice.public_id),
        "a selection": visitor.page("selection", query=f"?invoice={invoice.public_id}"),
        "the PDF": visitor.pdf(visitor.url("invoice_pdf", invoice.public_id)),
    }


@pytest.fixture
def filed(business: Business) -> Document:
    """An imported invoice whose file names an account of its own."""
    document = Run(business, by=OPERATOR).take(_MEANS.bytes(), name="means.xml").document
    assert document is not None
    return document


def test_new_details_reach_an_older_open_invoice_everywhere(
    visitor: Visitor, acme: Customer, business: Business
) -> None:
    invoice = new_document(acme, 5000, days_ago(30), number="OLDER")
    assert all(OLD in text for text in surfaces(visitor, invoice).values())
    only_bank_account(business, f"IBAN {NEW}")
    for name, text in surfaces(visitor, invoice).items():
        assert NEW in text, name
        assert OLD not in text, name


def test_without_details_one_is_told_whom_to_ask(visitor: Visitor, acme: Customer, business: Business) -> None:
    invoice = new_document(acme, 5000, days_ago(30))
    only_bank_account(business, "")
    for name, text in surfaces(visitor, invoice).items():
        assert OLD not in text, name
    assert "Please ask Nordlicht Studio how to pay this invoice." in visitor.page("invoice", invoice.public_id)
    selected = visitor.page("selection", query=f"?invoice={invoice.public_id}")
    assert "Please ask Nordlicht Studio how to pay these invoices." in selected


def test_an_imported_invoice_keeps_the_account_of_its_file(sign_in: SignIn, filed: Document) -> None:
    for name, text in surfaces(sign_in(filed.customer), filed).items():
        assert FILED in text, name
        assert OLD not in text, name


def test_details_set_after_the_import_are_newer_than_the_file(
    sign_in: SignIn, business: Business, filed: Document, clock: Clock
) -> None:
    visitor = sign_in(filed.customer)
    clock.advance(minutes=1)
    only_bank_account(business, f"IBAN {NEW}")
    for name, text in surfaces(visitor, filed).items():
        assert NEW in text, name
        assert FILED not in text, name
    only_bank_account(business, "")
    assert FILED in visitor.page("invoice", filed.public_id), "nothing newer is set"


def test_a_file_imported_after_the_details_were_set_is_newer(sign_in: SignIn, business: Business, clock: Clock) -> None:
    only_bank_account(business, f"IBAN {NEW}")
    clock.advance(minutes=1)
    later = Run(business, by=OPERATOR).take(_MEANS.bytes(), name="later.xml").document
    assert later is not None
    assert FILED in sign_in(later.customer).page("invoice", later.public_id)


def test_two_accounts_are_two_boxes_that_name_their_invoices(sign_in: SignIn, filed: Document) -> None:
    visitor = sign_in(filed.customer)
    own = new_document(filed.customer, 5000, days_ago(3), number="OWN-1")
    query = f"?invoice={own.public_id}&invoice={filed.public_id}"
    for html in (visitor.page("home"), visitor.page("selection", query=query)):
        for text in (OLD, FILED, "OWN-1", "Please quote: FILED-1"):
            assert text in html
