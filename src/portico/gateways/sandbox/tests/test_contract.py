"""The sandbox holds to the contract of gateways."""

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from portico.domain.payments.gateway import Credentials, Outcome
from portico.gateways.contract import Case, GatewayContract
from portico.gateways.sandbox.connection import bank
from portico.gateways.sandbox.gateway import SandboxGateway
from portico.gateways.sandbox.signature import signature
from portico.lib.clock import now

CARDS = {
    Case.CARD: "4242 4242 4242 4242",
    Case.DECLINED: "4000 0000 0000 0002",
    Case.NO_FUNDS: "4000 0000 0000 9995",
    Case.CHALLENGE: "4000 0000 0000 3220",
    Case.SAVED_THEN_FAILS: "4000 0000 0000 0341",
}
IBANS = {Case.DEBIT: "DE89 3704 0044 0532 0130 00", Case.RETURNED_DEBIT: "DE62 3704 0044 0532 0130 01"}


class SandboxProvider:
    """The sandbox's bank, in a file of its own."""

    wrong_credentials = None

    def __init__(self, settings: Settings) -> None:
        self.gateway, self.settings = SandboxGateway(), settings
        self.credentials = Credentials("gw_1", "gw_1", {}, {"webhook_secret": "secret"}, "")

    def details(self, case: Case) -> Mapping[str, str]:
        if case in IBANS:
            return {"account_holder": "Ada", "iban": IBANS[case]}
        return {"cardholder": "Ada", "card_number": CARDS[case], "card_expiry": "12/30", "card_cvc": "123"}

    def collected(self) -> int:
        return sum(charge["amount"] for charge in bank().charges() if charge["state"] == "succeeded")

    def answer_challenge(self, action_url: str, *, confirm: bool) -> None:
        charge = action_url.rpartition("/")[2]
        bank().move(charge, "succeeded" if confirm else "failed", "" if confirm else "challenge_refused")

    def settle(self, outcome: Outcome) -> None:
        charge = bank().read(identity=outcome.provider_id)
        assert charge is not None
        returned = charge["behaviour"] == "settle_then_fail"
        bank().move(outcome.provider_id, "failed" if returned else "succeeded", "debit_returned" if returned else "")

    def notice(self, outcome: Outcome, key: str, *, age: int = 0, account: str = "") -> tuple[dict[str, str], bytes]:
        about = {
            "id": "sbn_1",
            "type": "charge",
            "charge": outcome.provider_id,
            "key": key,
            "account": account or "gw_1",
        }
        body, moment = json.dumps(about).encode(), str(int(now().timestamp()) - age)
        return {"Sandbox-Signature": f"t={moment},v1={signature('secret', moment, body)}"}, body

    def away(self) -> AbstractContextManager[None]:
        return self._away()

    @contextmanager
    def _away(self) -> Iterator[None]:
        # Nothing listens on the discard port.
        self.settings.PORTICO_SANDBOX_URL = "http://127.0.0.1:9"
        yield
        self.settings.PORTICO_SANDBOX_URL = ""


class TestSandbox(GatewayContract):
    @pytest.fixture
    def provider(self, settings: Settings, tmp_path: Path) -> Iterator[SandboxProvider]:
        settings.PORTICO_HOME = tmp_path
        bank.cache_clear()
        yield SandboxProvider(settings)
        bank.cache_clear()
