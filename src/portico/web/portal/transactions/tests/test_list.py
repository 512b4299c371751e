"""Activity lists everything of one kind: narrowed, ordered and paged as the address says."""

import gzip
import re

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.decide import approve
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Kind
from portico.domain.ledger.tests.history import new_document, pay
from portico.domain.payments.actions.void_payment import void_payment
from portico.web.portal.conftest import Visitor, at_most, days_ago

pytestmark = pytest.mark.django_db


def numbers(html: str) -> list[str]:
    """The numbers of the list's rows, in order."""
    return re.findall(r'class="po-c-main"><a href="[^"]*"><bdi>([^<]*)', html)


def invoices(visitor: Visitor, query: str = "", **headers: str) -> str:
    return visitor.page("activity_of_kind", "invoices", query=query, **headers)


@pytest.fixture
def some(acme: Customer) -> dict[str, object]:
    """One invoice of every state."""
    made = {
        "late": new_document(acme, 1000, days_ago(60), due_on=days_ago(30), number="A-1"),
        "open": new_document(acme, 4000, days_ago(50), due_on=days_ago(-10), number="A-2"),
        "partly": new_document(acme, 3000, days_ago(40), due_on=days_ago(-20), number="B-3"),
        "paid": new_document(acme, 2000, days_ago(30), due_on=days_ago(1), number="B-4"),
        "void": new_document(acme, 500, days_ago(20), due_on=days_ago(1), number="B-5"),
    }
    pay(acme, 1500, days_ago(2), Share(made["partly"], 1500))
    pay(acme, 2000, days_ago(2), Share(made["paid"], 2000))
    void(made["void"], by=OPERATOR)
    return dict(made)


def test_activity_begins_with_invoices(visitor: Visitor) -> None:
    response = visitor.get("/activity")
    assert response.status_code == 302
    assert response.headers["Location"] == visitor.url("activity_of_kind", "invoices")


def test_an_empty_list_says_what_will_stand_there(visitor: Visitor) -> None:
    assert "Invoices from Nordlicht Studio will appear here." in invoices(visitor)
    assert "Payments that Nordlicht Studio has received" in visitor.page("activity_of_kind", "payments")


def test_one_row(visitor: Visitor, acme: Customer) -> None:
    document = new_document(acme, 198016, days_ago(39), due_on=days_ago(8), number="INV-2041")
    html = invoices(visitor)
    assert numbers(html) == ["INV-2041"]
    assert "1 entry · €1,980.16 open" in html
    assert f'value="{document.public_id}" aria-label="Select {document.number}" data-owed="198016 EUR"' in html
    assert """data-digits='{"EUR": 2}'""" in html
    assert visitor.url("invoice_pdf", document.public_id) in html


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["B-5", "B-4", "B-3", "A-2", "A-1"]),
        ("?sort=date", ["A-1", "A-2", "B-3", "B-4", "B-5"]),
        ("?sort=-total", ["A-2", "B-3", "B-4", "A-1", "B-5"]),
        ("?sort=number", ["A-1", "A-2", "B-3", "B-4", "B-5"]),
        ("?status=unpaid", ["B-3", "A-2", "A-1"]),
        ("?status=past_due", ["A-1"]),
        ("?status=partially_paid", ["B-3"]),
        ("?status=paid", ["B-4"]),
        ("?status=voided", ["B-5"]),
        ("?q=a-", ["A-2", "A-1"]),
        (f"?start={days_ago(40)}&end={days_ago(30)}", ["B-4", "B-3"]),
        (f"?q=B&status=unpaid&start={days_ago(45)}", ["B-3"]),
    ],
)
def test_the_address_narrows_and_orders(visitor: Visitor, query: str, expected: list[str]) -> None:
    assert numbers(invoices(visitor, query)) == expected


@pytest.mark.usefixtures("some")
def test_what_is_owed_is_summed_up_and_only_that_can_be_ticked(visitor: Visitor) -> None:
    html = invoices(visitor)
    assert "5 entries · €65.00 open" in html
    assert html.count('name="invoice"') == 3
    assert "Select A-1" in html
    assert "Select B-4" not in html


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?status=nonsense", "Choose one of the entries offered."),
        ("?start=yesterday", "Enter a date such as 2026-01-31."),
        (f"?start={days_ago(1)}&end={days_ago(9)}", "The period ends before it begins."),
        ("?page=abc", "Enter a whole number."),
        ("?page=0", "Enter 1 or more."),
        ("?page=99999999999999999999", "Enter 1000000 or less."),
        ("?sort=password", "Choose one of the entries offered."),
        (f"?q={'x' * 101}", "Enter 100 characters at most"),
    ],
)
def test_a_wrong_filter_is_named_and_left_out(visitor: Visitor, query: str, message: str) -> None:
    html = invoices(visitor, query)
    assert message in html
    assert "data-focus" in html
    assert len(numbers(html)) == 5


def test_nothing_matches_is_not_nothing_there(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 100, days_ago(1))
    html = invoices(visitor, "?q=zzz")
    assert "No entry fits this search and these filters." in html
    assert "Clear filters" in html


def test_long_lists_come_in_pages(visitor: Visitor, acme: Customer) -> None:
    for number in range(60):
        new_document(acme, 100, days_ago(60 - number), number=f"N-{number:02}")
    first = invoices(visitor)
    assert numbers(first)[0] == "N-59"
    assert len(numbers(first)) == 25
    assert "1–25 of 60" in first
    last = invoices(visitor, "?page=3")
    assert "51–60 of 60" in last
    assert numbers(last)[-1] == "N-00"
    assert numbers(invoices(visitor, "?page=77")) == numbers(last), "a page that is gone shows the last"
    assert 'href="' + visitor.url("activity_of_kind", "invoices") + '?q=N&amp;page=2"' in invoices(visitor, "?q=N")


def test_htmx_gets_the_list_alone_and_history_the_whole_page(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 100, days_ago(1), number="N-1")
    part = {"HX-Request": "true", "HX-Target": "results"}
    fragment = invoices(visitor, **part)
    assert fragment.lstrip().startswith('<div class="po-results" id="results"')
    assert "<html" not in fragment
    assert numbers(fragment) == ["N-1"]
    response = visitor.get(visitor.url("activity_of_kind", "invoices") + "?q=&status=&sort=due", **part)
    assert response.headers["HX-Push-Url"] == visitor.url("activity_of_kind", "invoices") + "?sort=due"
    assert "<html" in invoices(visitor, **part, **{"HX-History-Restore-Request": "true"})
    response = visitor.get(visitor.url("activity_of_kind", "invoices"))
    assert {"HX-Request", "HX-Target", "Cookie"} <= {name.strip() for name in response.headers["Vary"].split(",")}


def test_kinds_behind_a_switch(visitor: Visitor, acme: Customer, business: Business) -> None:
    new_document(acme, 100, days_ago(1), kind=Kind.CREDIT_NOTE, number="CN-1")
    new_document(acme, 100, days_ago(1), kind=Kind.SALES_ORDER, number="SO-1")
    assert "Sales orders" not in invoices(visitor)
    assert visitor.get(visitor.url("activity_of_kind", "sales-orders")).status_code == 404
    assert numbers(visitor.page("activity_of_kind", "credit-notes")) == ["CN-1"]
    change_portal_settings(business, {"show_credit_notes": False, "show_sales_orders": True}, by=OPERATOR)
    assert "Credit notes" not in invoices(visitor)
    assert visitor.get(visitor.url("activity_of_kind", "credit-notes")).status_code == 404
    assert numbers(visitor.page("activity_of_kind", "sales-orders")) == ["SO-1"]
    assert visitor.get(visitor.url("activity_of_kind", "nonsense")).status_code == 404


def test_estimates_and_payments_have_their_own_states(visitor: Visitor, acme: Customer) -> None:
    approve(new_document(acme, 100, days_ago(1), kind=Kind.ESTIMATE, number="E-1"), by=OPERATOR)
    new_document(acme, 100, days_ago(1), kind=Kind.ESTIMATE, number="E-2")
    assert numbers(visitor.page("activity_of_kind", "estimates", query="?status=approved")) == ["E-1"]
    assert numbers(visitor.page("activity_of_kind", "estimates", query="?status=open")) == ["E-2"]
    kept, voided = pay(acme, 500, days_ago(3)), pay(acme, 700, days_ago(2))
    void_payment(voided, by=OPERATOR)
    assert numbers(visitor.page("activity_of_kind", "payments")) == [voided.number, kept.number]
    assert numbers(visitor.page("activity_of_kind", "payments", query="?status=voided")) == [voided.number]
    assert "Bank transfer" in visitor.page("activity_of_kind", "payments")


def test_drafts_and_other_people_s_documents_stay_away(stranger: Visitor, visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 100, days_ago(1), draft=True)
    new_document(acme, 100, days_ago(1), number="MINE")
    assert numbers(invoices(visitor)) == ["MINE"]
    assert numbers(invoices(stranger)) == []


def test_its_queries_and_its_size_do_not_grow_with_the_list(visitor: Visitor, acme: Customer) -> None:
    for number in range(40):
        new_document(acme, 100 + number, days_ago(number), due_on=days_ago(number - 20))
    with at_most(6):
        html = invoices(visitor)
    assert len(gzip.compress(html.encode())) < 15_000
    with at_most(6):
        invoices(visitor, f"?q=INV&status=unpaid&start={days_ago(30)}&page=2&sort=due")
    with at_most(6):
        visitor.page("activity_of_kind", "payments")
