"""An invoice without a due date is open on every surface and past due on none, however old it is."""

import re
from datetime import date

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import new_customer, new_document
from portico.intake.actions.import_file import Run
from portico.intake.ubl.tests.samples import Row, Sample
from portico.web.portal.conftest import SignIn, Visitor, days_ago

pytestmark = pytest.mark.django_db

OPEN_ITEM = "?type=open_item&as_of=2026-11-20"
LATE = re.compile("past due", re.IGNORECASE)


_TERMS = Sample(
    rows=[Row("1", "50.00", "Z", "0")],
    number="NO-DUE",
    middle="<cac:PaymentTerms><cbc:Note>30 days net.</cbc:Note></cac:PaymentTerms>",
)


@pytest.fixture(params=["written", "imported"])
def invoice(request: pytest.FixtureRequest, business: Business) -> Document:
    """Issued forty days ago over 50.00: written here, or imported from a file with nothing but a note on the terms."""
    if request.param == "written":
        return new_document(new_customer(business), 5000, days_ago(40), number="NO-DUE")
    content = _TERMS.bytes().replace(b"2026-03-14", b"2026-10-11")
    document = Run(business, by=OPERATOR).take(content, name="terms.xml").document
    assert document is not None
    return document


@pytest.fixture
def visitor(sign_in: SignIn, invoice: Document) -> Visitor:
    return sign_in(invoice.customer)


def test_my_account_has_no_red_tag_and_no_next_due_date(visitor: Visitor) -> None:
    html = visitor.page("home")
    assert "1 open invoice" in html
    assert not LATE.search(html)
    assert "next due" not in html
    assert "31 to 60 days" in html, "its age is shown"


def test_a_due_date_elsewhere_is_the_next_one(visitor: Visitor, invoice: Document) -> None:
    new_document(invoice.customer, 100, days_ago(0), number="TODAY")
    new_document(invoice.customer, 100, days_ago(1), due_on=date(2026, 11, 28), number="LATER")
    assert "next due 28 Nov 2026" in visitor.page("home")


def test_statement_page_csv_and_pdf_give_no_days(visitor: Visitor) -> None:
    html = visitor.page("statements", query=OPEN_ITEM)
    assert "NO-DUE" in html
    assert not LATE.search(html)
    header, row, *_rest = visitor.csv(visitor.url("statements_csv") + OPEN_ITEM)
    assert (row[header.index("Number")], row[header.index("Days past due")]) == ("NO-DUE", "")
    assert "Invoice NO-DUE €50.00" in visitor.pdf(visitor.url("statements_pdf") + OPEN_ITEM)


def test_lists_counts_and_page_say_open(visitor: Visitor, invoice: Document) -> None:
    assert "NO-DUE" in visitor.page("activity_of_kind", "invoices", query="?status=unpaid")
    assert "NO-DUE" not in visitor.page("activity_of_kind", "invoices", query="?status=past_due")
    assert not LATE.search(visitor.page("invoice", invoice.public_id))
    header, row, *_rest = visitor.csv(visitor.url("activity_csv", "invoices"))
    assert row[header.index("State")] == "Open"
    assert not LATE.search(visitor.page("selection", query=f"?invoice={invoice.public_id}"))
