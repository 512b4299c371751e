"""Several invoices are paid together when they are of one currency."""

from urllib.parse import urlencode

import pytest

from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import new_document, pay
from portico.web.portal.conftest import Visitor, at_most, days_ago

pytestmark = pytest.mark.django_db


def query(*invoices: Document) -> str:
    return "?" + urlencode([("invoice", invoice.public_id) for invoice in invoices])


def test_nothing_selected(visitor: Visitor) -> None:
    assert "Tick the invoices you would like to pay together." in visitor.page("selection")


def test_the_sum_and_how_to_pay_it(visitor: Visitor, acme: Customer) -> None:
    invoices = [new_document(acme, 40133, days_ago(9), number=f"A-{number}") for number in range(3)]
    with at_most(5):
        html = visitor.page("selection", query=query(*invoices))
    assert "3 invoices · €1,203.99" in html
    assert "DE89 3704 0044 0532 0130 00" in html
    assert "Please quote: A-0, A-1, A-2" in html


def test_different_currencies_are_refused_and_one_can_be_chosen(visitor: Visitor, acme: Customer) -> None:
    euro = new_document(acme, 10000, days_ago(9), number="EURO")
    dollar = new_document(acme, 20000, days_ago(9), number="DOLLAR", currency="USD")
    html = visitor.page("selection", query=query(euro, dollar))
    assert "These invoices are in different currencies" in html
    assert "300.00" not in html
    assert "How to pay" not in html
    assert visitor.url("selection") + query(euro) in html
    only = visitor.page("selection", query=query(euro))
    assert "How to pay" in only
    assert "DOLLAR" not in only


def test_what_was_paid_meanwhile_is_left_out_and_named(visitor: Visitor, acme: Customer) -> None:
    paid, still_open = new_document(acme, 100, days_ago(9), number="DONE"), new_document(acme, 200, days_ago(9))
    pay(acme, 100, days_ago(1), Share(paid, 100))
    html = visitor.page("selection", query=query(paid, still_open))
    assert "No longer open and left out: DONE." in html
    assert "1 invoice · €2.00" in html


def test_what_is_not_one_s_own_is_not_found(visitor: Visitor, stranger: Visitor, acme: Customer) -> None:
    mine = new_document(acme, 100, days_ago(9))
    theirs = new_document(stranger.customer, 100, days_ago(9))
    for params in (query(mine, theirs), "?invoice=nonsense", f"?invoice={mine.public_id}x"):
        assert visitor.get(visitor.url("selection") + params).status_code == 404
        assert visitor.get(visitor.url("selection_csv") + params).status_code == 404


def test_the_list_can_be_downloaded(visitor: Visitor, acme: Customer) -> None:
    invoices = [new_document(acme, 100, days_ago(9), number=f"A-{number}") for number in range(2)]
    lines = visitor.csv(visitor.url("selection_csv") + query(*invoices))
    assert [line[1] for line in lines[1:]] == ["A-0", "A-1"]
