"""Stripe's notices, with two businesses on one account there: the one a payment is for books it, once."""

import json
from typing import Any

import pytest
import stripe
from django.test import Client
from pytest_django import Settings

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.payments.actions.ask_provider import ask_provider
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.domain.payments.models import AttemptState, GatewayAccount, Payment, PaymentAttempt
from portico.lib.clock import now
from tests.shop import BACK, Shop
from tests.stripe import CARDS, StripeServer

HOST = {"host": "testserver"}
KEYS = {"publishable_key": "pk_test_1", "secret_key": "sk_test_shared"}


@pytest.fixture
def attempt(shop: Shop, settings: Settings, stripe_server: StripeServer) -> PaymentAttempt:
    """A charge that was confirmed at the bank, though nobody here knows yet; another business shares the account."""
    settings.PORTICO_STRIPE_API_URL = stripe_server.url
    other = create_business(BusinessInput("Other", "other", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    shop.gateway = add_gateway(
        shop.business, "stripe", by=OPERATOR, entered=KEYS | {"webhook_secret": "whsec_nordlicht"}
    )
    add_gateway(other, "stripe", by=OPERATOR, entered=KEYS | {"webhook_secret": "whsec_other"})
    attempt = shop.start(shop.invoice())
    details = {"stripe_token": stripe_server.card_token(CARDS["challenge"])}
    attempt = ask_provider(attempt, by=OPERATOR, return_url=BACK, details=details)
    assert attempt.state == AttemptState.REQUIRES_ACTION
    assert stripe_server.answer_challenge(attempt.action_url, confirm=True).startswith(BACK)
    return attempt


def post(attempt: PaymentAttempt, business: str, *, secret: str = "", age: int = 0, **more: Any) -> int:
    intent = {"id": attempt.provider_id, "object": "payment_intent", "metadata": {"portico_key": attempt.public_id}}
    event = {"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "data": {"object": intent}} | more
    body = json.dumps(event)
    signed = stripe.WebhookSignature.generate_signature_header(
        body, secret or f"whsec_{business}", int(now().timestamp()) - age
    )
    answer = Client(headers=HOST).post(
        f"/webhooks/gateways/stripe/{business}",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signed},
    )
    return answer.status_code


def test_notice_that_reaches_both_businesses_is_booked_once_by_its_own(attempt: PaymentAttempt) -> None:
    assert [post(attempt, business) for business in ("other", "nordlicht", "other", "nordlicht")] == [200] * 4
    payment = Payment.objects.get()
    assert (payment.business, payment.amount, payment.reference) == (attempt.business, 10000, attempt.provider_id)


def test_notice_to_the_other_business_alone_changes_nothing(attempt: PaymentAttempt) -> None:
    assert post(attempt, "other") == 200
    assert Payment.objects.count() == 0


def test_notice_signed_for_another_address_old_or_of_another_account_is_refused(attempt: PaymentAttempt) -> None:
    assert post(attempt, "nordlicht", secret="whsec_other") == 400
    assert post(attempt, "nordlicht", age=301) == 400
    assert post(attempt, "nordlicht", account="acct_another") == 400
    assert Payment.objects.count() == 0
    assert GatewayAccount.objects.get(business=attempt.business, gateway="stripe").webhook_error


def test_notice_before_a_secret_was_entered_is_refused(attempt: PaymentAttempt) -> None:
    keyless = create_business(BusinessInput("Third", "third", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    add_gateway(keyless, "stripe", by=OPERATOR, entered=KEYS)
    assert post(attempt, "third") == 400
    assert Payment.objects.count() == 0
