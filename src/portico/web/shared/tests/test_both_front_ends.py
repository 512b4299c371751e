"""A customer's portal and the dashboard say the same of the same document, payment, file and customer."""

import re
from dataclasses import dataclass
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse, set_urlconf

from conftest import Clock
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document
from portico.domain.files.actions.store import FileInput, store_file
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.models import Payment
from portico.web.dashboard.tests.cast import Paper, a_business, a_document, a_payment, signed_in, staff_of
from portico.web.shared.sites import PORTAL_URLCONF

pytestmark = pytest.mark.django_db


@dataclass
class Readers:
    """A customer in the portal and a member of staff in the dashboard, both signed in."""

    account: Customer
    customer: Client
    staff: Client

    def portal(self, name: str, *args: str) -> str:
        set_urlconf(PORTAL_URLCONF)
        try:
            path = f"/portal/{self.account.business.slug}{reverse(name, args=args)}"
        finally:
            set_urlconf(None)
        return _text(self.customer, path)

    def dashboard(self, path: str) -> str:
        return _text(self.staff, path)

    def both(self, name: str, row: Document | Payment) -> tuple[str, str]:
        """The two pages of a document or payment."""
        plural = "payments" if isinstance(row, Payment) else "documents"
        return self.portal(name, row.public_id), self.dashboard(f"/{plural}/{row.public_id}")


def _text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:1000]
    return answer.content.decode()


@pytest.fixture
def readers(db: None, clock: Clock) -> Readers:
    business = a_business("nordlicht")
    details = CustomerInput(
        name="Acme Inc.",
        email="ap@acme.example",
        phone="+1 415 555 0100",
        tax_id="94-1234567",
        registration_number="C7654321",
        currency="USD",
        language="en",
        addresses={
            "billing": {
                "line1": "1 Main St",
                "postal_code": "94105",
                "city": "San Francisco",
                "region": "CA",
                "country": "US",
            },
            "shipping": {"line1": "2 High St", "postal_code": "E1 6AN", "city": "London", "country": "GB"},
        },
    )
    account = upsert_customer(business, details, by=OPERATOR)[0]
    customer = Client(headers={"host": "testserver"})
    _grant, secret = regenerate_portal_link(account, by=OPERATOR)
    customer.get(f"/portal/nordlicht/s/{secret}")
    return Readers(account, customer, signed_in(staff_of(business, "olga@nordlicht.example")))


def _tag(html: str) -> str:
    """The label and the look of the first tag of a page."""
    found = re.search(r'<span class="(po-tag [^"]*)">([^<]*)</span>', html)
    assert found is not None
    return f"{found[1]}: {found[2]}"


def _pairs(html: str) -> set[tuple[str, str]]:
    """The labels and values of a page's definition lists, as text."""
    found = re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>", html, re.S)
    return {(_plain(label), _plain(value)) for label, value in found}


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def _rows(html: str, heading: str) -> list[str]:
    """The rows under a heading as text, without what only one of the two readers can do."""
    part = html[html.index(f">{heading}<") :]
    rows = re.findall(r"<li>(.*?)</li>", part[: part.index("</ul>")], re.S)
    return [_plain(row).replace(" Remove terms.txt", "") for row in rows]


def test_states_of_invoices(readers: Readers) -> None:
    late = a_document(readers.account, Paper(issued_on=date(2026, 9, 1), due_on=date(2026, 10, 1)))
    today = a_document(readers.account, Paper(due_on=date(2026, 11, 20)))
    partly, paid, gone = (a_document(readers.account) for _ in range(3))
    a_payment(readers.account, 12500, [(partly, 2500), (paid, 10000)])
    void(gone, by=OPERATOR)
    labels = []
    for row in (late, today, partly, paid, gone):
        mine, theirs = readers.both("invoice", row)
        assert _tag(mine) == _tag(theirs)
        labels.append(_tag(mine).partition(": ")[2])
    assert labels == ["Past due · 50 days", "Due today", "25% paid", "Paid", "Voided"]


def test_states_and_facts_of_payments(readers: Readers) -> None:
    whole, partly, refunded, gone = (a_payment(readers.account, 5000) for _ in range(4))
    refund(partly, 1000, by=OPERATOR)
    refund(refunded, 5000, by=OPERATOR)
    void_payment(gone, by=OPERATOR)
    labels = []
    for row in (whole, partly, refunded, gone):
        mine, theirs = readers.both("payment", row)
        assert _tag(mine) == _tag(theirs)
        labels.append(_tag(mine).partition(": ")[2])
        facts = {("Paid on", "10 Nov 2026"), ("Method", "Bank transfer"), ("Reference", "TR-77")}
        assert facts <= _pairs(mine)
        assert facts <= _pairs(theirs)
    assert labels == ["Received", "Partly refunded", "Refunded", "Voided"]


def test_allocations(readers: Readers) -> None:
    invoice = a_document(readers.account)
    first = a_payment(readers.account, 6000, [(invoice, 6000)])
    void_payment(first, by=OPERATOR)
    second = a_payment(readers.account, 3000, [(invoice, 3000)])
    mine, theirs = readers.both("invoice", invoice)
    rows = _rows(mine, "Payments and credits")
    assert rows == _rows(theirs, "Payments and credits")
    assert [row.rpartition(" ")[2] for row in rows] == ["-€60.00", "-€30.00", "€60.00"]
    mine, theirs = readers.both("payment", second)
    assert _rows(mine, "Applied to") == _rows(theirs, "Applied to")
    assert "€30.00" in _rows(mine, "Applied to")[0]


def test_files(readers: Readers) -> None:
    invoice = a_document(readers.account)
    content = b"Payment within 30 days.\n" * 100_000
    store_file(
        readers.account,
        invoice.ref,
        "terms.txt",
        content,
        FileInput(visible=True, description="Our terms"),
        by=OPERATOR,
    )
    mine, theirs = readers.both("invoice", invoice)
    row = "terms.txt 2.4 MB · 20 Nov 2026 · Our terms"
    assert _rows(mine, "Files") == [row]
    assert _rows(theirs, "Files") == [f"{row} Visible to the customer Hide terms.txt"]


def test_sheet_of_a_document(readers: Readers) -> None:
    mine, theirs = (
        re.search(r"<article.*?</article>", html, re.S) for html in readers.both("invoice", a_document(readers.account))
    )
    assert mine is not None
    assert theirs is not None
    assert _plain(mine[0]) == _plain(theirs[0])


def test_details_and_addresses(readers: Readers) -> None:
    facts = {
        ("Phone", "+1 415 555 0100"),
        ("Tax ID", "94-1234567"),
        ("Registration number", "C7654321"),
        ("Billing address", "1 Main St San Francisco, CA 94105 United States"),
        ("Shipping address", "2 High St London E1 6AN United Kingdom"),
        ("Language", "English"),
        ("Currency", "US Dollar"),
    }
    assert facts <= _pairs(readers.portal("billing_details"))
    assert facts <= _pairs(readers.dashboard(f"/customers/{readers.account.public_id}"))
