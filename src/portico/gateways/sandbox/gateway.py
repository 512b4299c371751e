"""The sandbox: a payment gateway that moves no money. Its test numbers make every kind of answer happen."""

import calendar
import hmac
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings

from portico.domain.payments.gateway import (
    AccountField,
    Capabilities,
    ChargeInput,
    Credentials,
    DisputeNews,
    DisputeOutcome,
    EventKind,
    MethodDetails,
    NotFromProvider,
    Outcome,
    OutcomeState,
    ProviderEvent,
    RefundOutcome,
    SavedMethodInput,
    SetupOutcome,
)
from portico.gateways.sandbox.connection import bank, connect
from portico.gateways.sandbox.delivery import deliver
from portico.gateways.sandbox.signature import signature
from portico.lib.clock import now

_MESSAGES = {
    "card_declined": "The card was declined.",
    "insufficient_funds": "There is not enough money on the account.",
    "authentication_required": "The bank asks for a confirmation.",
    "challenge_refused": "The payment was not confirmed.",
    "debit_returned": "The bank returned the debit.",
    "unknown_number": "The number is not right.",
}
# How old a webhook may be, in seconds.
_TOLERANCE = 300


class SandboxGateway:
    """Charges nothing, and behaves as its test numbers say."""

    name = "sandbox"
    label = "Sandbox"

    def capabilities(self) -> Capabilities:
        """Cards and bank debits in every currency, saved, refunded in part or whole."""
        return Capabilities(methods=("card", "direct_debit"), saves_methods=True, refunds=True, partial_refunds=True)

    def account_fields(self) -> tuple[AccountField, ...]:
        """The sandbox needs no keys."""
        return ()

    def form_values(self, method: str, currency: str) -> Mapping[str, str]:
        """The pay page asks for test numbers itself."""
        return {}

    def test_details(self, credentials: Credentials) -> Mapping[str, str]:
        """The card that succeeds: nothing here moves money."""
        return {"cardholder": "Test", "card_number": "4242424242424242", "card_expiry": "12/40", "card_cvc": "123"}

    def identify(self, credentials: Credentials) -> str:
        """The sandbox knows a business by the account it has here."""
        return credentials.account_id

    def charge(self, credentials: Credentials, charge: ChargeInput) -> Outcome:
        """Make a charge, or return what became of it when this key was used before."""
        return _outcome(connect().charge(_asked(credentials, charge, setup=False)))

    def read_charge(self, credentials: Credentials, *, key: str, provider_id: str) -> Outcome:
        """Return what became of a charge; `unknown` when the sandbox never got it."""
        found = connect().read(key=key, identity=provider_id)
        return _outcome(found) if found else Outcome(OutcomeState.UNKNOWN)

    def cancel_charge(self, credentials: Credentials, *, key: str, provider_id: str) -> Outcome:
        """Make sure that an unfinished charge collects nothing any more."""
        return _outcome(connect().cancel(key, credentials.provider_account))

    def save_method(self, credentials: Credentials, charge: ChargeInput) -> SetupOutcome:
        """Save a method without charging it."""
        return _setup(connect().charge(_asked(credentials, charge, setup=True)))

    def read_setup(self, credentials: Credentials, *, key: str, provider_id: str) -> SetupOutcome:
        """Return what became of saving a method."""
        found = connect().read(key=key, identity=provider_id)
        return _setup(found) if found else SetupOutcome(OutcomeState.UNKNOWN)

    def remove_method(self, credentials: Credentials, saved: SavedMethodInput) -> None:
        """Forget a saved method."""
        connect().remove_method(saved.token)

    def refund(
        self, credentials: Credentials, *, key: str, provider_id: str, amount: int, currency: str
    ) -> RefundOutcome:
        """Give part or all of a charge back."""
        return _refund(connect().refund(key, provider_id, amount))

    def read_refund(self, credentials: Credentials, *, key: str, provider_id: str) -> RefundOutcome:
        """Return what became of a refund."""
        found = connect().read_refund(key)
        return _refund(found) if found else RefundOutcome(OutcomeState.UNKNOWN)

    def read_dispute(self, credentials: Credentials, dispute_id: str) -> DisputeOutcome | None:
        """Return how far a dispute has come; None for one that the sandbox does not know."""
        found = connect().read_dispute(dispute_id)
        if found is None:
            return None
        return DisputeOutcome(found["id"], found["charge"], DisputeNews(found["state"]), found["amount"])

    def parse_webhook(self, credentials: Credentials, headers: Mapping[str, str], body: bytes) -> ProviderEvent:
        """Prove that a webhook comes from the sandbox: `Sandbox-Signature: t=<seconds>,v1=<HMAC-SHA256>`."""
        parts = dict(part.partition("=")[::2] for part in headers.get("Sandbox-Signature", "").split(","))
        moment = parts.get("t", "")
        if not re.fullmatch(r"\d{1,12}", moment) or abs(now().timestamp() - int(moment)) > _TOLERANCE:
            raise NotFromProvider("The webhook has no signature, or one that is too old.")
        expected = signature(credentials.secrets.get("webhook_secret", ""), moment, body)
        if not hmac.compare_digest(expected, parts.get("v1", "")):
            raise NotFromProvider("The webhook's signature is wrong.")
        notice = json.loads(body)
        if notice["account"] != credentials.provider_account:
            raise NotFromProvider("The webhook is for another account.")
        return ProviderEvent(
            notice["id"],
            EventKind(notice["type"]),
            provider_id=notice["charge"],
            key=notice["key"],
            dispute_id=notice.get("dispute", ""),
        )

    def keep_up(self) -> None:
        """Settle the bank debits whose time has come, and post the webhooks that are due."""
        if not settings.PORTICO_SANDBOX_URL:
            bank().settle_due()
            deliver(bank(), settings.PORTICO_BASE_URL)


def _asked(credentials: Credentials, charge: ChargeInput, *, setup: bool) -> dict[str, Any]:
    return {
        "key": charge.key,
        "account": credentials.provider_account,
        "amount": charge.amount,
        "currency": charge.currency,
        "method": charge.method,
        "token": charge.saved.token if charge.saved else "",
        "details": dict(charge.details),
        "save": charge.save or setup,
        "setup": int(setup),
        "off_session": charge.off_session,
        "return_url": charge.return_url,
        "webhook_url": credentials.webhook_url,
        "webhook_secret": credentials.secrets.get("webhook_secret", ""),
    }


def _outcome(charge: dict[str, Any]) -> Outcome:
    failure = charge["failure_code"]
    return Outcome(
        state=OutcomeState(charge["state"]),
        provider_id=charge["id"],
        amount=charge["amount"],
        currency=charge["currency"],
        action_url=_challenge_url(charge) if charge["state"] == "requires_action" else "",
        failure_code=failure,
        failure_message=_MESSAGES.get(failure, failure),
        method=_details(charge["method_details"]),
    )


def _setup(charge: dict[str, Any]) -> SetupOutcome:
    outcome = _outcome(charge)
    return SetupOutcome(
        outcome.state,
        outcome.provider_id,
        outcome.action_url,
        outcome.failure_code,
        outcome.failure_message,
        outcome.method,
    )


def _refund(refund: dict[str, Any]) -> RefundOutcome:
    failed = refund["state"] == "failed"
    return RefundOutcome(
        OutcomeState(refund["state"]), refund["id"], "The sandbox could not give that much back." if failed else ""
    )


def _challenge_url(charge: dict[str, Any]) -> str:
    return f"{settings.PORTICO_BASE_URL}/sandbox/challenge/{charge['id']}"


def _details(method: dict[str, Any] | None) -> MethodDetails | None:
    if method is None:
        return None
    return MethodDetails(
        token=method["token"],
        kind=method["kind"],
        brand=method["brand"],
        last4=method["last4"],
        holder=method["holder"],
        expires_on=_last_day(method["expiry"]),
    )


def _last_day(expiry: str) -> date | None:
    """Return the last day a card of this `MM/YY` is good for."""
    match = re.fullmatch(r"(\d{1,2})\s*/\s*(?:20)?(\d{2})", expiry.strip())
    if match is None or not 1 <= int(match[1]) <= 12:
        return None
    month, year = int(match[1]), 2000 + int(match[2])
    return date(year, month, calendar.monthrange(year, month)[1])
