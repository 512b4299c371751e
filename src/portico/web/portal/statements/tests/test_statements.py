"""Statements add up on the page, and refuse days that have no statement."""

import gzip
from datetime import date

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.models import Kind
from portico.domain.ledger.tests.history import new_document, pay
from portico.web.portal.conftest import Visitor, at_most, days_ago
from portico.web.portal.statements.period import earliest, usual_periods

pytestmark = pytest.mark.django_db

OCTOBER = "?type=balance_forward&start=2026-10-01&end=2026-10-31"


@pytest.fixture
def account(acme: Customer) -> Customer:
    """€50.00 brought forward, then an invoice and a payment in October, and an invoice in November."""
    new_document(acme, 5000, date(2026, 9, 15), due_on=date(2026, 9, 30), number="SEP")
    invoice = new_document(acme, 12000, date(2026, 10, 5), due_on=date(2026, 11, 4), number="OCT")
    pay(acme, 2000, date(2026, 10, 20), Share(invoice, 2000))
    new_document(acme, 700, date(2026, 11, 3), due_on=date(2026, 12, 3), number="NOV")
    return acme


def test_no_account_yet(visitor: Visitor) -> None:
    assert "As soon as Nordlicht Studio has sent an invoice, it appears here." in visitor.page("statements")


@pytest.mark.usefixtures("account")
def test_balance_forward_brings_forward_and_closes(visitor: Visitor) -> None:
    html = visitor.page("statements", query=OCTOBER)
    texts = ["Balance brought forward", "€50.00", "Invoice OCT", "€120.00", "€170.00", "Payment", "€20.00", "€150.00",
             "Closing balance"]  # fmt: skip
    positions = [html.index(text) for text in texts]
    assert positions == sorted(positions)
    assert "NOV" not in html
    assert "1 to 30 days" in html


@pytest.mark.usefixtures("account")
def test_it_begins_with_last_month_and_ends_today(visitor: Visitor) -> None:
    html = visitor.page("statements")
    assert "1 Oct 2026 – 20 Nov 2026" in html
    assert "NOV" in html
    assert "?type=balance_forward&amp;start=2026-10-01&amp;end=2026-10-31" in html, "last month is one click away"


@pytest.mark.usefixtures("account")
def test_open_items_as_of_a_day(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 300, date(2026, 10, 25), kind=Kind.CREDIT_NOTE, number="CN")
    html = visitor.page("statements", query="?type=open_item&as_of=2026-10-31")
    assert "31 days past due" in html
    assert "€100.00" in html
    assert "NOV" not in html
    assert "-€3.00" in html
    assert "€147.00" in html


def test_one_section_per_currency(visitor: Visitor, account: Customer) -> None:
    new_document(account, 99900, date(2026, 10, 7), currency="USD", number="DOLLARS")
    html = visitor.page("statements", query=OCTOBER)
    assert 'id="statement-EUR"' in html
    assert 'id="statement-USD"' in html
    only = visitor.page("statements", query=OCTOBER + "&currency=USD")
    assert "DOLLARS" in only
    assert 'id="statement-EUR"' not in only


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?start=2026-10-01&end=2026-11-21", "This day is in the future."),
        ("?start=2023-10-31&end=2026-10-31", "Statements go back three years."),
        ("?start=2026-10-31&end=2026-10-01", "The period ends before it begins."),
        ("?start=yesterday", "Enter a date such as 2026-01-31."),
        ("?type=open_item&as_of=2026-11-21", "This day is in the future."),
        ("?currency=XXX", "Choose one of the entries offered."),
        ("?page=-1", "Enter 1 or more."),
    ],
)
def test_what_has_no_statement_is_refused_with_a_reason(visitor: Visitor, query: str, message: str) -> None:
    response = visitor.get(visitor.url("statements") + query)
    assert response.status_code == 400
    assert message in response.content.decode()
    assert "Closing balance" not in response.content.decode()
    for name in ("statements_pdf", "statements_csv"):
        assert visitor.get(visitor.url(name) + query).status_code == 404


@pytest.mark.usefixtures("account")
def test_files_say_what_the_page_says(visitor: Visitor) -> None:
    pdf = visitor.get(visitor.url("statements_pdf") + OCTOBER)
    assert pdf.content.startswith(b"%PDF-")
    assert "nordlicht-statement-2026-10-01-to-2026-10-31.pdf" in pdf.headers["Content-Disposition"]
    lines = visitor.csv(visitor.url("statements_csv") + OCTOBER)
    assert [line[-1] for line in lines[1:]] == ["50.00", "170.00", "150.00", "150.00"]
    items = visitor.csv(visitor.url("statements_csv") + "?type=open_item&as_of=2026-10-31")
    assert items[-1][-1] == "150.00"


@pytest.mark.usefixtures("account")
def test_switched_off_statements_are_gone_everywhere(visitor: Visitor, business: Business) -> None:
    change_portal_settings(business, {"show_statements": False}, by=OPERATOR)
    for name in ("statements", "statements_pdf", "statements_csv"):
        assert visitor.get(visitor.url(name)).status_code == 404
    assert "Statement" not in visitor.page("home")


def test_long_statements_come_in_pages(visitor: Visitor, acme: Customer) -> None:
    for number in range(130):
        new_document(acme, 100, days_ago(30), number=f"N-{number:03}")
    first = visitor.page("statements")
    assert "1–100 of 130" in first
    assert "Closing balance" not in first
    last = visitor.page("statements", query="?page=2")
    assert "Balance brought forward" not in last
    assert "€130.00" in last
    assert "Closing balance" in last


@pytest.mark.usefixtures("account")
def test_a_stranger_has_a_statement_of_their_own(stranger: Visitor) -> None:
    assert "OCT" not in stranger.page("statements", query=OCTOBER)


def test_its_queries_and_its_size_do_not_grow_with_the_account(visitor: Visitor, acme: Customer) -> None:
    for number in range(60):
        new_document(acme, 100, days_ago(number), due_on=days_ago(number - 9))
    with at_most(6):
        html = visitor.page("statements")
    with at_most(6):
        visitor.page("statements", query="?type=open_item")
    assert len(gzip.compress(html.encode())) < 15_000


def test_usual_periods_and_the_earliest_day() -> None:
    assert earliest(date(2024, 2, 29)) == date(2021, 2, 1)
    days = [(period.start, period.end) for period in usual_periods(date(2026, 1, 10))]
    assert days == [
        (date(2026, 1, 1), date(2026, 1, 10)),
        (date(2025, 12, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 10)),
        (date(2026, 1, 1), date(2026, 1, 10)),
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2024, 1, 1), date(2024, 12, 31)),
    ]
