"""A payment says what came in and everything it was put against; its receipt is a PDF."""

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.ledger.tests.history import new_document, pay
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.void_payment import void_payment
from portico.web.portal.conftest import Visitor, at_most, days_ago

pytestmark = pytest.mark.django_db


def test_a_payment_over_several_invoices(visitor: Visitor, acme: Customer) -> None:
    first, second = new_document(acme, 1000, days_ago(9), number="A-1"), new_document(acme, 2000, days_ago(8))
    payment = pay(acme, 5000, days_ago(5), Share(first, 1000), Share(second, 2000))
    html = visitor.page("payment", payment.public_id)
    assert "€50.00" in html
    assert "Bank transfer" in html
    assert "15 Nov 2026" in html
    assert visitor.url("invoice", first.public_id) in html
    assert visitor.url("invoice", second.public_id) in html
    assert "Kept as credit" in html
    assert "€20.00" in html
    assert visitor.url("receipt", payment.public_id) in html


def test_a_payment_that_paid_nothing_yet(visitor: Visitor, acme: Customer) -> None:
    html = visitor.page("payment", pay(acme, 5000, days_ago(5)).public_id)
    assert "Not applied to an invoice yet." in html


def test_refunds_and_voids_are_said(visitor: Visitor, acme: Customer) -> None:
    payment = pay(acme, 5000, days_ago(5))
    refund(payment, 2000, by=OPERATOR)
    assert "Partly refunded" in visitor.page("payment", payment.public_id)
    voided = pay(acme, 700, days_ago(5))
    void_payment(voided, by=OPERATOR)
    html = visitor.page("payment", voided.public_id)
    assert "Voided" in html


def test_the_receipt_is_a_download(visitor: Visitor, acme: Customer) -> None:
    payment = pay(acme, 5000, days_ago(5))
    response = visitor.get(visitor.url("receipt", payment.public_id))
    assert response.content.startswith(b"%PDF-")
    assert f"nordlicht-receipt-{payment.number}.pdf" in response.headers["Content-Disposition"]


def test_a_stranger_finds_nothing(stranger: Visitor, acme: Customer) -> None:
    payment = pay(acme, 5000, days_ago(5))
    assert stranger.get(stranger.url("payment", payment.public_id)).status_code == 404
    assert stranger.get(stranger.url("receipt", payment.public_id)).status_code == 404


def test_its_queries_do_not_grow_with_what_it_paid(visitor: Visitor, acme: Customer) -> None:
    shares = [Share(new_document(acme, 100, days_ago(9)), 100) for _ in range(12)]
    payment = pay(acme, 5000, days_ago(5), *shares)
    with at_most(4):
        visitor.page("payment", payment.public_id)
