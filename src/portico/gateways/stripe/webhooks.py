"""Stripe's webhooks: proved by their signature, then read only for what they are about."""

import json
from collections.abc import Mapping
from typing import Any

import stripe

from portico.domain.payments.gateway import Credentials, EventKind, NotFromProvider, ProviderEvent
from portico.gateways.stripe.client import KEY

# How old a webhook may be, in seconds. Stripe signs anew each time it tries again.
_TOLERANCE = 300


def parse(credentials: Credentials, headers: Mapping[str, str], body: bytes) -> ProviderEvent:
    """Prove that a webhook comes from Stripe and is for this account, and say what it is about."""
    secret = credentials.secrets.get("webhook_secret", "")
    if not secret:
        raise NotFromProvider("No webhook secret was entered for Stripe.")
    try:
        stripe.WebhookSignature.verify_header(body, headers.get("Stripe-Signature", ""), secret, _TOLERANCE)
        event: dict[str, Any] = json.loads(body)
        kind, about, identity = event["type"], event["data"]["object"], event["id"]
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError) as error:
        raise NotFromProvider("The webhook's signature is missing, wrong or too old.") from error
    if event.get("account") not in (None, credentials.provider_account):
        raise NotFromProvider("The webhook is for another account.")
    return _read(identity, kind, about)


def _read(identity: str, kind: str, about: dict[str, Any]) -> ProviderEvent:
    key = (about.get("metadata") or {}).get(KEY, "")
    if kind.startswith("payment_intent."):
        return ProviderEvent(identity, EventKind.CHARGE, provider_id=about["id"], key=key)
    charge = about.get("payment_intent") or ""
    if kind.startswith("refund."):
        return ProviderEvent(identity, EventKind.REFUND, provider_id=charge, key=key)
    if kind.startswith("charge.dispute."):
        return ProviderEvent(identity, EventKind.DISPUTE, provider_id=charge, dispute_id=about["id"])
    return ProviderEvent(identity, EventKind.IGNORED)
