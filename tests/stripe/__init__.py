"""A Stripe of one's own for tests: localstripe as a process on loopback. See `tests.stripe.server` for what it adds."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import httpx

ROOT = Path(__file__).parents[2]

CARDS = {
    "card": "4242424242424242",
    "declined": "4000000000000002",
    "no_funds": "4000000000009995",
    "challenge": "4000000000003220",
    "saved_then_fails": "4000000000000341",
}
IBANS = {"debit": "DE89370400440532013000", "returned_debit": "DE62370400440532013001"}


class StripeServer:
    """A localstripe process: its API, its script for the pay page, and what tests do at the bank."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.stripe.server"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url: str = json.loads(self._process.stdout.readline())
        self.script_url = f"{self.url}/js.stripe.com/endive/stripe.js"

    def token(self, **method: Any) -> str:
        """A confirmation token, as Stripe's form gives it for what was typed."""
        answer = httpx.post(f"{self.url}/_config/confirmation_tokens", json=method)
        return str(answer.raise_for_status().json()["id"])

    def card_token(self, number: str) -> str:
        """A confirmation token for a card number."""
        card = {"number": number, "exp_month": "12", "exp_year": "2030", "cvc": "123"}
        return self.token(type="card", card=card, billing_details={"name": "Ada"})

    def debit_token(self, iban: str) -> str:
        """A confirmation token for an IBAN."""
        return self.token(type="sepa_debit", sepa_debit={"iban": iban}, billing_details={"name": "Ada"})

    def payments(self) -> list[dict[str, Any]]:
        """Every payment intent there is."""
        rows: list[dict[str, Any]] = httpx.get(f"{self.url}/_config/payments").raise_for_status().json()
        return rows

    def answer_challenge(self, url: str, *, confirm: bool) -> str:
        """Confirm or refuse on the bank's page; returns where that leads."""
        answer = httpx.post(url, data={"answer": "confirm" if confirm else "refuse"})
        return str(answer.headers.get("Location", ""))

    def post_webhooks_to(self, url: str, secret: str) -> None:
        """Have every event posted to an address, signed with a secret."""
        httpx.post(f"{self.url}/_config/webhooks/portico", json={"url": url, "secret": secret}).raise_for_status()

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(20)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.stop()
