"""Stripe holds to the contract of gateways, by a localstripe process. ACH debits are not to be had there."""

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import count

import pytest
import stripe
from pytest_django import Settings

from portico.domain.payments.gateway import Credentials, Outcome
from portico.gateways.contract import Case, GatewayContract
from portico.gateways.stripe.gateway import StripeGateway
from portico.lib.clock import now
from tests.stripe import CARDS, IBANS, StripeServer

_accounts = count()


class StripeProvider:
    """An account at a localstripe."""

    def __init__(self, server: StripeServer, settings: Settings) -> None:
        self.gateway, self.server, self.settings = StripeGateway(), server, settings
        settings.PORTICO_STRIPE_API_URL = server.url
        keys = {"secret_key": f"sk_test_{next(_accounts)}", "webhook_secret": "whsec_1"}
        self.credentials = Credentials("gw_1", "acct_1", {"publishable_key": "pk_test_1"}, keys, "")
        # localstripe knows every key but one that is too short.
        self.wrong_credentials = replace(self.credentials, secrets={"secret_key": "sk"})
        self._before = {intent["id"] for intent in server.payments()}

    def details(self, case: Case) -> Mapping[str, str]:
        token = self.server.debit_token(IBANS[case]) if case in IBANS else self.server.card_token(CARDS[case])
        return {"stripe_token": token}

    def collected(self) -> int:
        made = [intent for intent in self.server.payments() if intent["id"] not in self._before]
        return sum(intent["amount_received"] for intent in made)

    def answer_challenge(self, action_url: str, *, confirm: bool) -> None:
        self.server.answer_challenge(action_url, confirm=confirm)

    def settle(self, outcome: Outcome) -> None:
        # It settles by itself, half a second later.
        for _ in range(2000):
            (intent,) = (intent for intent in self.server.payments() if intent["id"] == outcome.provider_id)
            if intent["status"] != "processing":
                return
        raise AssertionError("The debit did not settle.")

    def notice(self, outcome: Outcome, key: str, *, age: int = 0, account: str = "") -> tuple[dict[str, str], bytes]:
        intent = {"id": outcome.provider_id, "object": "payment_intent", "metadata": {"portico_key": key}}
        event = {"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "data": {"object": intent}}
        body = json.dumps(event | ({"account": account} if account else {}))
        moment = int(now().timestamp()) - age
        header = stripe.WebhookSignature.generate_signature_header(body, "whsec_1", moment)
        return {"Stripe-Signature": header}, body.encode()

    def away(self) -> AbstractContextManager[None]:
        return self._away()

    @contextmanager
    def _away(self) -> Iterator[None]:
        # Nothing listens on the discard port.
        self.settings.PORTICO_STRIPE_API_URL = "http://127.0.0.1:9"
        yield
        self.settings.PORTICO_STRIPE_API_URL = self.server.url


class TestStripe(GatewayContract):
    @pytest.fixture
    def provider(self, settings: Settings, stripe_server: StripeServer) -> StripeProvider:
        return StripeProvider(stripe_server, settings)
