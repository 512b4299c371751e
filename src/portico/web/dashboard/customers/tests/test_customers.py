"""The list of customers and a customer's page tell how each one stands."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portico.domain.access.links.actions.make_portal_link import generate_portal_link
from portico.domain.activity.actor import OPERATOR, Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.view import mark_viewed
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document, Kind
from portico.domain.payments.models import Payment
from portico.output.pdf import queue
from portico.web.dashboard.tests.cast import Paper, a_customer, a_document, a_payment


def _page(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def _row(html: str, name: str) -> str:
    return next(row for row in html.split("<tr ") if name in row)


LATE = Paper(amount="70.00", issued_on=date(2026, 9, 1), due_on=date(2026, 10, 1))


def test_the_list_shows_balances_what_is_late_and_the_link(owner: Client, acme: Customer, invoice: Document) -> None:
    a_document(acme, LATE)
    a_document(acme, Paper(currency="JPY", amount="1200"))
    settled = a_customer(acme.business, "Paid-up AG")
    generate_portal_link(settled, by=OPERATOR)
    html = _page(owner, "/customers")
    row = _row(html, "Acme GmbH")
    assert "€170.00" in row
    assert "JP¥1,200" in row
    assert "€70.00" in row
    assert "No link" in row
    assert "Settled" in _row(html, "Paid-up AG")
    assert "Active" in _row(html, "Paid-up AG")


@pytest.mark.parametrize("words", ["acme", "AP@ACME", "C-1", "ahrens", "ada@acme"])
def test_customers_are_found_by_what_one_knows_of_them(owner: Client, acme: Customer, words: str) -> None:
    a_customer(acme.business, "Zebra KG", email="z@zebra.example", external_id="zebra")
    upsert_customer(acme.business, CustomerInput("zebra", contacts=[]), by=OPERATOR)
    html = _page(owner, f"/customers?q={words}")
    assert "Acme GmbH" in html
    assert "Zebra KG" not in html


def test_the_list_is_narrowed_and_sorted(owner: Client, acme: Customer) -> None:
    late, settled = a_customer(acme.business, "Late Ltd"), a_customer(acme.business, "Aardvark")
    a_document(acme)
    a_document(late, LATE)
    assert "Late Ltd" in _page(owner, "/customers?owes=past_due")
    assert "Acme GmbH" not in _page(owner, "/customers?owes=past_due")
    assert settled.name not in _page(owner, "/customers?owes=balance")
    orders = {
        "name": ["Aardvark", "Acme GmbH", "Late Ltd"],
        "-name": ["Late Ltd", "Acme GmbH", "Aardvark"],
        "-balance": ["Acme GmbH", "Late Ltd", "Aardvark"],
        "-past_due": ["Late Ltd", "Acme GmbH", "Aardvark"],
    }
    for sort, expected in orders.items():
        html = _page(owner, f"/customers?sort={sort}")
        found = sorted(expected, key=lambda name: html.index(f"<bdi>{name}</bdi>"))
        assert found == expected, sort


def test_names_are_sorted_by_letters_not_by_case_or_accents(owner: Client, acme: Customer) -> None:
    for name in ("Zeta", "alpha", "Ähre", "Éclair", "Ørsted"):
        a_customer(acme.business, name)
    order = ["Acme GmbH", "Ähre", "alpha", "Éclair", "Ørsted", "Zeta"]
    pages = ("/customers", "/settings/portal/tokens", "/documents/new?kind=invoice")
    for page in pages:
        html = owner.get(page).content.decode()
        assert sorted(order, key=lambda name: html.index(f"<bdi>{name}</bdi>")) == order, page
    upsert_customer(acme.business, CustomerInput(external_id="C-1", name="öl & Gas"), by=OPERATOR)
    html = owner.get("/customers").content.decode()
    assert html.index("<bdi>Éclair</bdi>") < html.index("öl &amp; Gas") < html.index("<bdi>Ørsted</bdi>"), "renamed"


@pytest.mark.parametrize("query", ["?page=99999", "?page=-1", "?page=x", "?sort=password", "?owes=me", "?q=%00"])
def test_odd_addresses_show_the_list_all_the_same(owner: Client, acme: Customer, query: str) -> None:
    assert owner.get(f"/customers{query}").status_code == 200


def test_pages_of_fifty(owner: Client, shop: Business) -> None:
    for number in range(60):
        a_customer(shop, f"Customer {number:02d}")
    first, second = _page(owner, "/customers"), _page(owner, "/customers?page=2")
    assert "Customer 49" in first
    assert "Customer 50" not in first
    assert "Customer 50" in second


@pytest.mark.parametrize("path", ["/customers", "/documents", "/payments", "/settings/portal/tokens"])
def test_a_part_is_answered_to_htmx(owner: Client, acme: Customer, payment: Payment, path: str) -> None:
    html = _page(owner, path, **{"hx-request": "true", "hx-target": "results"})
    assert "<html" not in html
    assert 'id="results"' in html
    assert "Acme GmbH" in html


@pytest.mark.parametrize("tab", ["documents", "payments", "timeline"])
def test_a_part_of_a_customer_s_tab_is_answered_too(owner: Client, acme: Customer, payment: Payment, tab: str) -> None:
    html = _page(owner, f"/customers/{acme.public_id}/{tab}", **{"hx-request": "true", "hx-target": "results"})
    assert "<html" not in html
    assert 'id="results"' in html


def test_the_number_of_queries_does_not_grow(owner: Client, shop: Business) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert owner.get(path).status_code == 200
        return len(captured)

    paths = ["/customers", "/documents", "/payments", "/settings/portal/tokens"]
    _some(shop, 2)
    before = {path: queries(path) for path in paths}
    _some(shop, 12)
    assert {path: queries(path) for path in paths} == before
    assert max(before.values()) <= 9, before


def test_pages_of_one_thing_ask_no_more_when_there_is_more_of_it(
    owner: Client, acme: Customer, invoice: Document, payment: Payment
) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner.get(path).status_code == 200
        return len(captured)

    base = f"/customers/{acme.public_id}"
    paths = [
        base, f"{base}/documents", f"{base}/payments", f"{base}/timeline", f"{base}/payments/new", f"{base}/statement",
        f"/documents/{invoice.public_id}", f"/payments/{payment.public_id}",
    ]  # fmt: skip
    before = {path: queries(path) for path in paths}
    others = [a_document(acme, LATE) for _ in range(5)]
    for _ in range(3):
        a_payment(acme, 1000, [(invoice, 100), (others[0], 100)])
    assert {path: queries(path) for path in paths} == before
    assert max(before.values()) <= 20, before


def _some(shop: Business, count: int) -> None:
    for _ in range(count):
        customer = a_customer(shop)
        a_document(customer, LATE)
        a_payment(customer, 500)
        generate_portal_link(customer, by=OPERATOR)


def test_a_customer_s_page_tells_everything_at_a_glance(
    owner: Client, acme: Customer, invoice: Document, payment: Payment
) -> None:
    a_document(acme, LATE)
    html = _page(owner, f"/customers/{acme.public_id}")
    for text in [
        "€95.00", "€70.00 past due", "€110.00 open − €15.00 credit", invoice.number, "Ada Ahrens", "Hafenstraße 1",
        "Accounts payable", "C-1", "No link", "Payment PAY-0001 of €75.00 recorded", "Customer added",
    ]:  # fmt: skip
        assert text in html, text


def test_a_customer_is_found_by_the_external_id_too(owner: Client, acme: Customer) -> None:
    assert "Acme GmbH" in _page(owner, "/customers/C-1")


def test_tabs_show_only_this_customer_s_things(owner: Client, acme: Customer, payment: Payment) -> None:
    other = a_customer(acme.business, "Other AG")
    foreign = a_document(other)
    a_document(acme, Paper(kind=Kind.CREDIT_NOTE, amount="12.00", due_on=None))
    base = f"/customers/{acme.public_id}"
    html = _page(owner, f"{base}/documents")
    assert "INV-0001" in html
    assert foreign.number not in html
    assert "CN-0001" in _page(owner, f"{base}/documents?kind=credit_note")
    assert payment.number in _page(owner, f"{base}/payments")
    assert payment.number not in _page(owner, f"/customers/{other.public_id}/payments")


def test_the_timeline_is_said_in_words(owner: Client, acme: Customer, invoice: Document) -> None:
    mark_viewed(invoice, by=Actor("customer", acme.public_id, "Ada Ahrens"))
    void(invoice, by=Actor("staff", label="Olga"), reason="Typed twice")
    html = _page(owner, f"/customers/{acme.public_id}/timeline")
    for text in ["Invoice INV-0001 viewed", "Ada Ahrens", "Invoice INV-0001 voided", "Typed twice", "Olga"]:
        assert text in html


def test_without_a_due_date_nothing_reads_as_past_due(owner: Client, acme: Customer) -> None:
    invoice = a_document(acme, Paper(issued_on=date(2026, 10, 1), due_on=None))
    assert invoice.number in _page(owner, "/documents?status=issued")
    assert invoice.number not in _page(owner, "/documents?status=past_due")
    assert acme.name not in _page(owner, "/customers?owes=past_due")
    base = f"/customers/{acme.public_id}"
    assert "past due" not in _page(owner, base)
    assert "past due" not in _page(owner, f"/documents/{invoice.public_id}")
    assert ">50<" not in _page(owner, f"{base}/statement?type=open_item&end=2026-11-20"), "no days past due"


def test_a_statement_adds_up_on_the_page_and_leaves_as_a_file(owner: Client, acme: Customer, payment: Payment) -> None:
    base, period = f"/customers/{acme.public_id}/statement", "start=2026-11-01&end=2026-11-20"
    html = _page(owner, f"{base}?{period}")
    assert "€25.00" in html
    assert owner.get(f"{base}.pdf?{period}").content.startswith(b"%PDF")
    rows = b"".join(owner.get(f"{base}.csv?{period}")).decode()
    assert "25.00" in rows
    assert "€25.00" in _page(owner, f"{base}?type=open_item&{period}")
    wrong = owner.get(f"{base}?start=2026-11-20&end=2026-11-01")
    assert wrong.status_code == 422
    assert owner.get(f"{base}.pdf?start=2026-11-20&end=2026-11-01").status_code == 404


def test_a_long_statement_says_how_far_it_is(
    owner: Client, acme: Customer, payment: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "ROWS_AT_ONCE", 1)
    base, period = f"/customers/{acme.public_id}/statement", "start=2026-11-01&end=2026-11-20"
    response = owner.get(f"{base}.pdf?{period}")
    assert response.status_code == 202
    html = response.content.decode()
    for address in (f"{base}?{period}", f"{base}.csv?{period}"):
        assert f'href="{address.replace("&", "&amp;")}"' in html
