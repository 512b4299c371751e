"""Stripe's form on the pay page: what it is told, whom the page may talk to, and what its token is charged for."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from portico.domain.activity.actor import OPERATOR
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.models import Kind
from portico.domain.documents.totals import LineInput
from portico.domain.payments.actions.gateway_accounts import add_gateway, change_gateway, remove_gateway
from portico.domain.payments.models import GatewayAccount, Payment, PaymentAttempt, PaymentMethod
from portico.web.portal.pay.tests.conftest import Payer, fresh
from tests.shop import Shop
from tests.stripe import CARDS, StripeServer

KEYS = {"publishable_key": "pk_test_1", "secret_key": "sk_test_form"}


@pytest.fixture
def account(shop: Shop, settings: Settings, stripe_server: StripeServer) -> GatewayAccount:
    """The shop takes payments through Stripe alone."""
    settings.PORTICO_STRIPE_API_URL = stripe_server.url
    remove_gateway(shop.gateway, by=OPERATOR)
    shop.gateway = add_gateway(shop.business, "stripe", by=OPERATOR, entered=KEYS)
    return shop.gateway


def policy(response: HttpResponse) -> dict[str, list[str]]:
    """A page's content security policy by directive, without the nonce."""
    parts = response.headers["Content-Security-Policy"].split("; ")
    found = {name: sources.split() for name, _, sources in (part.partition(" ") for part in parts)}
    return {name: [source for source in sources if "nonce-" not in source] for name, sources in found.items()}


def pay_by_card(payer: Payer, page: HttpResponse, server: StripeServer, card: str = "card", **typed: Any) -> Any:
    return payer.send(page, method="stripe:card", stripe_card=server.card_token(CARDS[card]), **typed)


def test_pay_page_may_talk_to_stripe_and_no_other_page_may(shop: Shop, payer: Payer, account: GatewayAccount) -> None:
    change_gateway(account, {"enabled": False}, by=OPERATOR)
    without = policy(payer.open(shop.invoice()))
    others = [payer.visitor.get(payer.visitor.url(name)) for name in ("home", "billing_details", "sessions")]
    change_gateway(account, {"enabled": True}, by=OPERATOR)
    allowed = policy(payer.open(shop.invoice()))
    assert {name: [s for s in sources if s not in without.get(name, [])] for name, sources in allowed.items()} == {
        "default-src": [],
        "script-src": ["https://js.stripe.com", "https://*.js.stripe.com"],
        "style-src": [],
        "img-src": [],
        "font-src": [],
        "connect-src": ["https://api.stripe.com"],
        "form-action": [],
        "base-uri": [],
        "object-src": [],
        "frame-ancestors": [],
        "frame-src": ["https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"],
    }
    for page in [*others, payer.visitor.get(payer.visitor.url("home"))]:
        assert page.status_code == 200
        assert policy(page) == without
        assert "stripe" not in page.content.decode()


def test_form_tells_stripes_script_what_is_paid(shop: Shop, payer: Payer, account: GatewayAccount) -> None:
    html = payer.open(shop.invoice()).content.decode()
    assert '<script src="https://js.stripe.com/endive/stripe.js" nonce="' in html
    for attribute in ('data-key="pk_test_1"', 'data-type="card"', 'data-type="sepa_debit"', 'data-amount="10000"'):
        assert attribute in html
    assert 'data-currency="eur"' in html
    assert "sk_test" not in html


def test_token_is_charged_once_and_not_written_into_a_page_again(
    shop: Shop, payer: Payer, account: GatewayAccount, stripe_server: StripeServer
) -> None:
    invoice, before = shop.invoice(), len(stripe_server.payments())
    page = payer.open(invoice)
    declined = pay_by_card(payer, page, stripe_server, "no_funds")
    assert declined.status_code == 422
    assert "not enough money" in declined.content.decode()
    assert "ctoken_" not in declined.content.decode()
    done = payer.follow(pay_by_card(payer, payer.open(invoice), stripe_server))
    assert "Payment received" in done
    again = pay_by_card(payer, page, stripe_server)
    assert again.status_code == 409
    assert (fresh(invoice).open_amount, Payment.objects.count()) == (0, 1)
    charged = [intent["amount_received"] for intent in stripe_server.payments()[before:]]
    assert charged == [0, 10000]


@pytest.mark.parametrize("token", ["", "4242424242424242", "ctoken_unknown"])
def test_form_without_a_token_charges_nothing(
    shop: Shop, payer: Payer, account: GatewayAccount, stripe_server: StripeServer, token: str
) -> None:
    before = len(stripe_server.payments())
    answer = payer.send(payer.open(shop.invoice()), method="stripe:card", stripe_card=token)
    assert answer.status_code == 422
    assert Payment.objects.count() == 0
    assert len(stripe_server.payments()) == before


def test_saved_card_pays_without_the_form_and_stays_with_its_customer_at_stripe(
    shop: Shop, payer: Payer, account: GatewayAccount, stripe_server: StripeServer
) -> None:
    payer.follow(pay_by_card(payer, payer.open(shop.invoice()), stripe_server, save_method="on"))
    saved = PaymentMethod.objects.get()
    assert (saved.brand, saved.last4) == ("Visa", "4242")
    assert saved.provider_customer.startswith("cus_")
    page = payer.open(shop.invoice(50))
    assert "Visa •4242" in page.content.decode()
    payer.follow(payer.send(page, method=saved.public_id))
    assert [payment.amount for payment in Payment.objects.order_by("id")] == [10000, 5000]
    payer.follow(pay_by_card(payer, payer.open(shop.invoice()), stripe_server, save_method="on"))
    assert {method.provider_customer for method in PaymentMethod.objects.all()} == {saved.provider_customer}


def test_debit_is_offered_in_the_currencies_that_stripe_debits(
    shop: Shop, payer: Payer, account: GatewayAccount
) -> None:
    euros = payer.open(shop.invoice()).content.decode()
    data = DocumentInput(
        kind=Kind.INVOICE,
        currency="GBP",
        issued_on=shop.business.today(),
        lines=[LineInput("Work", Decimal(1), Decimal(100))],
    )
    pounds = payer.open(create_document(shop.business, shop.customer, data, by=OPERATOR)).content.decode()
    assert "stripe:direct_debit" in euros
    assert "stripe:direct_debit" not in pounds
    assert "stripe:card" in pounds


def test_fee_and_limits_count_in_the_business_currency(
    shop: Shop, payer: Payer, account: GatewayAccount, stripe_server: StripeServer
) -> None:
    card = {"fee_percent": "1.5", "fee_fixed": 30, "minimum": 5000, "maximum": 20000}
    change_gateway(account, {"methods": {"card": card}}, by=OPERATOR)
    page = payer.open(shop.invoice())
    (fee,) = re.findall("plus a fee of [^<]*", page.content.decode())
    assert fee == "plus a fee of 1.5% and €0.30"
    assert "Pay €101.80" in page.content.decode()
    payer.follow(pay_by_card(payer, page, stripe_server))
    assert (PaymentAttempt.objects.get().charged, Payment.objects.get().fee) == (10180, 180)
    for amount, words in ((49, "from €50.00"), (201, "up to €200.00")):
        refused = pay_by_card(payer, payer.open(shop.invoice(amount)), stripe_server)
        assert refused.status_code == 422
        assert words in refused.content.decode()
    assert Payment.objects.count() == 1


def test_stranger_learns_no_key(account: GatewayAccount, payer: Payer) -> None:
    assert b"pk_test_1" not in Client(headers={"host": "testserver"}).get(payer.visitor.url("pay")).content
