"""A deposit that came in outside Portico is recorded from its estimate's page."""

from decimal import Decimal

import pytest
from django.test import Client

from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.decide import approve
from portico.domain.documents.deposit import Deposit
from portico.domain.documents.models import Document
from portico.domain.payments.models import Payment
from tests.estimates import new_estimate

GOOD = {"amount": "357.00", "paid_on": "2026-11-20", "method": "bank_transfer", "submission": "0" * 32}


@pytest.fixture
def estimate(acme: Customer) -> Document:
    return approve(new_estimate(acme, deposit=Deposit(percent=Decimal(30))), by=OPERATOR)


def form_of(estimate: Document) -> str:
    return f"/customers/{estimate.customer.public_id}/payments/new"


def test_deposit_is_recorded_from_the_estimate(owner: Client, estimate: Document) -> None:
    url = f"{form_of(estimate)}?estimate={estimate.public_id}"
    assert url in owner.get(f"/documents/{estimate.public_id}").content.decode()
    html = owner.get(url).content.decode()
    assert 'value="357.00"' in html
    assert f"It is the deposit of {estimate.number}" in html
    answer = owner.post(form_of(estimate), GOOD | {"estimate": estimate.public_id, "currency": "EUR"})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    page = owner.get(answer["Location"]).content.decode()
    assert "€357.00 of €357.00 paid" in page
    assert "Record the deposit" not in page
    assert Payment.objects.get().deposit_of == estimate


def test_more_than_is_asked_for_is_refused_and_stays_typed(owner: Client, estimate: Document) -> None:
    answer = owner.post(form_of(estimate), GOOD | {"estimate": estimate.public_id, "amount": "400"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The estimate asks for no such deposit." in html
    assert 'value="400"' in html
    assert not Payment.objects.exists()


def test_stranger_records_no_deposit(owner: Client, stranger: Client, estimate: Document) -> None:
    answer = stranger.post(form_of(estimate), GOOD | {"estimate": estimate.public_id})
    assert answer.status_code == 404
    assert not Payment.objects.exists()
