"""What is Stripe's alone: its amounts, its errors, its webhooks, and that nobody but Portico asks again."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_server
from typing import Any

import pytest
import stripe
from pytest_django import Settings

from portico.domain.payments.gateway import (
    ChargeInput,
    Credentials,
    DisputeNews,
    DisputeOutcome,
    EventKind,
    OutcomeState,
    ProviderEvent,
    ProviderRefused,
    ProviderUnreachable,
)
from portico.gateways.contract import new_key
from portico.gateways.stripe import client
from portico.gateways.stripe.amounts import from_stripe, to_stripe
from portico.gateways.stripe.gateway import StripeGateway
from tests.stripe import StripeServer

KEYS = {"secret_key": "sk_test_1", "webhook_secret": "whsec_1"}
CREDENTIALS = Credentials("gw_1", "acct_1", {"publishable_key": "pk_test_1"}, KEYS, "")
GATEWAY = StripeGateway()


def asked(**changes: Any) -> ChargeInput:
    charge = ChargeInput(
        new_key(), 10000, "EUR", "card", "INV-1", "https://portal.example/", details={"stripe_token": "pm_card_visa"}
    )
    return replace(charge, **changes)


@contextmanager
def answering(settings: Settings, status: int, body: object) -> Iterator[list[str]]:
    """Stripe that gives one answer to everything; yields the paths that were asked for."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            seen.append(self.path)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=[0.01]).start()
    settings.PORTICO_STRIPE_API_URL = f"http://127.0.0.1:{server.server_address[1]}"
    yield seen
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("amount", "currency", "counted"),
    [
        (1234, "EUR", 1234),
        (1234, "JPY", 1234),
        # Stripe counts these two with two decimals, though they have none.
        (1234, "ISK", 123400),
        (1234, "UGX", 123400),
        (1230, "KWD", 1230),
        (1200, "MGA", 12),
        (1230, "IQD", 123),
    ],
)
def test_amount_is_counted_as_stripe_does(amount: int, currency: str, counted: int) -> None:
    assert to_stripe(amount, currency) == counted
    assert from_stripe(counted, currency) == amount


@pytest.mark.parametrize(("amount", "currency"), [(1234, "KWD"), (1234, "MGA"), (1234, "IQD")])
def test_amount_that_stripe_would_round_is_refused(amount: int, currency: str) -> None:
    with pytest.raises(ProviderRefused) as refusal:
        to_stripe(amount, currency)
    assert refusal.value.code == "amount_not_chargeable"


@pytest.mark.parametrize(("status", "body"), [(500, {"error": {}}), (429, {"error": {}}), (409, {}), (200, b"<html>")])
def test_answer_that_says_nothing_is_asked_for_once_by_the_library(
    settings: Settings, status: int, body: object
) -> None:
    with answering(settings, status, body) as seen, pytest.raises(ProviderUnreachable):
        GATEWAY.charge(CREDENTIALS, asked())
    assert seen == ["/v1/payment_intents"]


def test_silence_ends_with_the_timeout(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_TIMEOUT", (0.2, 0.2))
    client._http.cache_clear()
    with create_server(("127.0.0.1", 0)) as silent:
        settings.PORTICO_STRIPE_API_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ProviderUnreachable):
            GATEWAY.charge(CREDENTIALS, asked())
    client._http.cache_clear()


@pytest.mark.parametrize(
    ("status", "error", "code", "message"),
    [
        (401, {}, "unknown_keys", "Stripe does not know this secret key."),
        (403, {}, "keys_lack_permission", "Stripe does not let this secret key do that."),
        (
            400,
            {"code": "amount_too_small", "message": "Amount must convert to at least 50 cents."},
            "amount_too_small",
            "The amount is less than the least that can be paid this way.",
        ),
        (
            400,
            {"code": "resource_missing", "message": "No such confirmation_token: 'ctoken_1'", "param": "x"},
            "resource_missing",
            "This can't be paid this way. Nothing was charged.",
        ),
    ],
)
def test_refusal_is_said_in_plain_words(
    settings: Settings, status: int, error: dict[str, str], code: str, message: str
) -> None:
    with answering(settings, status, {"error": error}), pytest.raises(ProviderRefused) as refusal:
        GATEWAY.charge(CREDENTIALS, asked())
    assert (refusal.value.code, refusal.value.message) == (code, message)


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        ({"decline_code": "expired_card"}, "expired_card", "The card has expired."),
        # A thief is not told that the theft is known.
        ({"decline_code": "stolen_card"}, "card_declined", "The card was declined."),
        ({"code": "incorrect_cvc"}, "incorrect_cvc", "The security code is not right."),
        ({"decline_code": "a_new_one", "message": "Try a newer card."}, "a_new_one", "Try a newer card."),
    ],
)
def test_decline_is_said_in_plain_words(settings: Settings, error: dict[str, str], code: str, message: str) -> None:
    declined = {"code": "card_declined", "payment_intent": {"id": "pi_1", "object": "payment_intent"}} | error
    with answering(settings, 402, {"error": declined}):
        outcome = GATEWAY.charge(CREDENTIALS, asked())
    assert (outcome.state, outcome.provider_id) == (OutcomeState.FAILED, "pi_1")
    assert (outcome.failure_code, outcome.failure_message) == (code, message)


def test_nothing_typed_and_keys_of_two_kinds_are_refused_before_stripe_is_asked(settings: Settings) -> None:
    with answering(settings, 200, {}) as seen:
        for details in ({}, {"stripe_token": "4242424242424242"}):
            with pytest.raises(ProviderRefused):
                GATEWAY.charge(CREDENTIALS, asked(details=details))
        with pytest.raises(ProviderRefused) as refusal:
            GATEWAY.identify(replace(CREDENTIALS, settings={"publishable_key": "pk_live_1"}))
    assert refusal.value.code == "keys_do_not_match"
    assert seen == []


def test_saved_debit_is_charged_again_with_nobody_there(settings: Settings, stripe_server: StripeServer) -> None:
    settings.PORTICO_STRIPE_API_URL = stripe_server.url
    token = stripe_server.debit_token("DE89370400440532013000")
    data = asked(method="direct_debit", details={"stripe_token": token}, save=True, customer_name="Ada", amount=0)
    method = GATEWAY.save_method(CREDENTIALS, data).method
    assert method is not None
    assert (method.kind, method.brand, method.last4, method.holder) == ("direct_debit", "SEPA", "3000", "Ada")


def event(kind: str, about: dict[str, Any], secret: str = "whsec_1") -> ProviderEvent:
    body = json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": about}})
    headers = {"Stripe-Signature": stripe.WebhookSignature.generate_signature_header(body, secret)}
    return GATEWAY.parse_webhook(CREDENTIALS, headers, body.encode())


@pytest.mark.parametrize(
    ("status", "state"),
    [("needs_response", "open"), ("under_review", "open"), ("won", "won"), ("lost", "lost"), ("warning_closed", "won")],
)
def test_dispute_is_reported_with_its_charge_and_its_state_is_asked_for(
    settings: Settings, status: str, state: str
) -> None:
    about = {"id": "du_1", "object": "dispute", "payment_intent": "pi_1", "amount": 1234, "currency": "isk"}
    found = event("charge.dispute.updated", about | {"status": "lost"})
    assert (found.kind, found.provider_id, found.dispute_id) == (EventKind.DISPUTE, "pi_1", "du_1")
    with answering(settings, 200, about | {"status": status}) as seen:
        read = GATEWAY.read_dispute(CREDENTIALS, found.dispute_id)
    assert seen == ["/v1/disputes/du_1"]
    assert read == DisputeOutcome("du_1", "pi_1", DisputeNews(state), 12)


def test_dispute_that_stripe_does_not_know_is_none(settings: Settings) -> None:
    with answering(settings, 404, {"error": {"code": "resource_missing", "message": "No such dispute."}}):
        assert GATEWAY.read_dispute(CREDENTIALS, "du_2") is None


def test_refund_is_reported_with_its_charge_and_key() -> None:
    found = event("refund.updated", {"id": "re_1", "payment_intent": "pi_1", "metadata": {"portico_key": "ref_1"}})
    assert (found.kind, found.provider_id, found.key) == (EventKind.REFUND, "pi_1", "ref_1")


def test_other_events_are_taken_and_ignored() -> None:
    assert event("customer.created", {"id": "cus_1"}).kind == EventKind.IGNORED
