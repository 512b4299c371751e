"""The deposit of an estimate on the pay page: approved and paid in one flow, once, and taken off the invoice."""

from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.documents.actions.decide import approve, decline
from portico.domain.documents.actions.edit_estimate import ask_deposit
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.deposit import Deposit
from portico.domain.documents.models import Document
from portico.domain.payments.actions.ask_provider import read_outcome
from portico.domain.payments.actions.convert_estimate import convert_estimate
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.actions.sweep_attempts import sweep_attempts
from portico.domain.payments.models import Method, Payment, PaymentAttempt
from portico.gateways.sandbox.connection import bank
from portico.web.portal.conftest import Visitor
from portico.web.portal.pay.tests.conftest import Payer
from tests.bank import new_bank_account
from tests.estimates import new_estimate
from tests.shop import Shop

CHALLENGED = "4000 0000 0000 3220"
JANE = {"name": "Jane Doe", "accepted": "on", "edition": "1"}
PAY = "Pay deposit €357.00"
DUE = "Approved; a deposit of €357.00 is still due."
PAID = "The deposit of €357.00 is paid. It is taken off the invoice."


@pytest.fixture
def estimate(shop: Shop) -> Document:
    """An open estimate over 1,190.00 that asks for 30 %: 357.00."""
    return new_estimate(shop.customer, deposit=Deposit(percent=Decimal(30)))


def text(response: HttpResponse) -> str:
    return response.content.decode()


def page_of(payer: Payer, estimate: Document) -> str:
    return payer.visitor.page("estimate", estimate.public_id)


def pays(payer: Payer, estimate: Document, **typed: str) -> HttpResponse:
    return payer.pay(query=f"estimate={estimate.public_id}", **typed)


def opened(payer: Payer, estimate: Document) -> str:
    return text(payer.open(query=f"estimate={estimate.public_id}"))


def test_approval_leads_to_the_deposit_and_the_invoice_has_it_applied(payer: Payer, estimate: Document) -> None:
    assert "Approve and pay the deposit" in page_of(payer, estimate)
    answer = payer.visitor.post(payer.visitor.url("approve_estimate", estimate.public_id), **JANE)
    html = payer.follow(answer)
    assert "Pay the deposit" in html
    assert "Pay €357.00" in html
    assert "It stays your credit and is taken off the invoice." in html
    assert 'name="amount"' not in html
    assert DUE in page_of(payer, estimate)
    assert PAY in page_of(payer, estimate)
    receipt = payer.follow(pays(payer, estimate))
    assert "Payment received" in receipt
    assert f"It is the deposit of \u2068{estimate.number}\u2069 and is taken off the invoice." in receipt
    page = page_of(payer, estimate)
    assert PAID in page
    assert PAY not in page
    invoice = convert_estimate(estimate, by=OPERATOR)
    assert invoice.open_amount == 119000 - 35700
    assert "€833.00" in payer.visitor.page("invoice", invoice.public_id)


def test_deposit_that_is_confirmed_at_the_bank(payer: Payer, estimate: Document) -> None:
    approve(estimate, by=OPERATOR)
    waiting = payer.follow(pays(payer, estimate, card_number=CHALLENGED))
    assert "Your bank asks you to confirm" in waiting
    page = page_of(payer, estimate)
    assert "is waiting for your confirmation" in page
    assert DUE in page
    assert PAY not in page, "a second one is not begun meanwhile"
    html = opened(payer, estimate)
    assert "pay_button" not in html
    attempt = PaymentAttempt.objects.get()
    bank().move(attempt.provider_id, "succeeded")
    payer.visitor.client.get(str(bank().charges()[0]["return_url"]))
    assert PAID in page_of(payer, estimate)


def test_declined_deposit_is_tried_again(payer: Payer, estimate: Document) -> None:
    approve(estimate, by=OPERATOR)
    answer = pays(payer, estimate, card_number="4000 0000 0000 0002")
    assert answer.status_code == 422
    assert "The bank has declined the card." in text(answer)
    assert not Payment.objects.exists()
    payer.follow(payer.send(answer))
    assert Payment.objects.get().deposit_of == estimate


def test_deposit_is_paid_with_a_saved_card(shop: Shop, payer: Payer, estimate: Document) -> None:
    card = shop.card()
    approve(estimate, by=OPERATOR)
    payer.follow(pays(payer, estimate, method=card.public_id))
    assert Payment.objects.get().unapplied == 35700


def test_debited_deposit_is_due_until_it_settles(payer: Payer, estimate: Document, clock: Clock) -> None:
    approve(estimate, by=OPERATOR)
    debit = {"method": "sandbox:direct_debit", "account_holder": "Ada", "iban": "DE89 3704 0044 0532 0130 00"}
    payer.follow(pays(payer, estimate, **debit))
    page = page_of(payer, estimate)
    assert "is being processed" in page
    assert DUE in page
    clock.advance(minutes=5)
    bank().settle_due()
    sweep_attempts()
    assert PAID in page_of(payer, estimate)


def test_invoice_is_not_paid_while_its_deposit_is_under_way(shop: Shop, payer: Payer, estimate: Document) -> None:
    approve(estimate, by=OPERATOR)
    payer.follow(pays(payer, estimate, card_number=CHALLENGED))
    invoice = convert_estimate(estimate, by=OPERATOR)
    other = shop.invoice(50)
    form = payer.open(invoice, other)
    assert "A payment of €357.00 is waiting for your confirmation." in text(form)
    assert "Pay €50.00" in text(form)
    link = Client(headers={"host": "testserver"})
    link.get(f"/portal/nordlicht/s/{link_to(shop.customer, invoice.ref, by=OPERATOR)[1]}")
    for browser in (payer, Payer(Visitor(link, shop.business, shop.customer))):
        assert "is waiting for your conf" in browser.visitor.page("invoice", invoice.public_id) or browser is not payer
        html = text(browser.open(invoice))
        assert "pay_button" not in html
        assert ("A payment" in html, "Show progress" in html) == (True, browser is payer)
    attempt = PaymentAttempt.objects.get()
    bank().move(attempt.provider_id, "succeeded")
    read_outcome(attempt)
    assert "Pay €833.00" in text(payer.open(invoice))


def test_deposit_paid_twice_is_collected_once(payer: Payer, estimate: Document) -> None:
    approve(estimate, by=OPERATOR)
    form = payer.open(query=f"estimate={estimate.public_id}")
    payer.follow(payer.send(form))
    again = payer.send(form)
    assert again.status_code == 303
    assert "Payment received" in payer.follow(again)
    assert Payment.objects.count() == 1


def test_estimate_that_asks_for_none_is_said_so(shop: Shop, payer: Payer, estimate: Document) -> None:
    declined, changed, plain = (new_estimate(shop.customer, deposit=Deposit(percent=Decimal(30))) for _ in range(3))
    decline(declined, by=OPERATOR)
    approve(changed, by=OPERATOR)
    form = payer.open(query=f"estimate={changed.public_id}")
    ask_deposit(changed, Deposit(percent=Decimal(50)), by=OPERATOR)
    ask_deposit(plain, None, by=OPERATOR)
    approve(plain, by=OPERATOR)
    for row in (estimate, declined, changed, plain):
        html = opened(payer, row)
        assert "This estimate asks for no deposit now." in html
        assert "pay_button" not in html
    late = payer.send(form)
    assert late.status_code == 409
    assert "This estimate asks for no deposit now." in late.content.decode()
    assert not PaymentAttempt.objects.exists()


def test_stranger_finds_no_deposit(stranger_of_shop: Visitor, estimate: Document) -> None:
    approve(estimate, by=OPERATOR)
    url = stranger_of_shop.url("pay") + f"?estimate={estimate.public_id}"
    assert stranger_of_shop.get(url).status_code == 404
    assert stranger_of_shop.client.post(url, {"method": "sandbox:card"}).status_code == 404
    assert not PaymentAttempt.objects.exists()


def test_link_to_the_estimate_is_enough(shop: Shop, clock: Clock, estimate: Document) -> None:
    _grant, secret = link_to(shop.customer, estimate.ref, by=OPERATOR)
    client = Client(headers={"host": "testserver"})
    assert client.get(f"/portal/nordlicht/s/{secret}").status_code == 303
    payer = Payer(Visitor(client, shop.business, shop.customer))
    approve(estimate, by=OPERATOR)
    invoice = shop.invoice()
    assert payer.visitor.get(payer.visitor.url("pay") + f"?invoice={invoice.public_id}").status_code == 404
    receipt = payer.follow(pays(payer, estimate))
    assert "Payment received" in receipt
    assert payer.visitor.url("estimate", estimate.public_id) in receipt
    assert PAID in page_of(payer, estimate)


def test_deposit_by_bank_transfer_is_shown_recorded_and_applied(shop: Shop, payer: Payer, estimate: Document) -> None:
    shop.gateway.enabled = False
    shop.gateway.save()
    new_bank_account(shop.business)
    approve(estimate, by=OPERATOR)
    assert PAY in page_of(payer, estimate)
    html = opened(payer, estimate)
    assert "po-qr" in html
    assert 'data-copy-text="357.00"' in html
    assert f'data-copy-text="{estimate.number}"' in html
    today = shop.business.today()
    money = PaymentInput(35700, "EUR", today, Method.BANK_TRANSFER, deposit_of=estimate)
    record_payment(shop.customer, money, by=OPERATOR)
    assert PAID in page_of(payer, estimate)
    assert convert_estimate(estimate, by=OPERATOR).open_amount == 119000 - 35700


def test_nothing_is_promised_where_nothing_can_be_paid(shop: Shop, payer: Payer, estimate: Document) -> None:
    shop.gateway.enabled = False
    shop.gateway.save()
    assert "Approve and pay the deposit" not in page_of(payer, estimate)
    answer = payer.visitor.post(payer.visitor.url("approve_estimate", estimate.public_id), **JANE)
    assert answer.headers["Location"] == payer.visitor.url("estimate", estimate.public_id)
    page = payer.follow(answer)
    assert DUE in page
    assert PAY not in page
