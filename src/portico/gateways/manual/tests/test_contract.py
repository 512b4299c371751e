"""Transfers, checks and cash hold to the contract of gateways, as far as it is about what is not collected."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

import pytest

from portico.domain.payments.gateway import Credentials, Outcome
from portico.gateways.contract import Case, GatewayContract
from portico.gateways.manual.gateway import ManualGateway


class NoProvider:
    """Nobody: there is no case that anything is collected in."""

    wrong_credentials = None

    def __init__(self) -> None:
        self.gateway, self.credentials = ManualGateway(), Credentials("gw_1", "gw_1", {}, {}, "")

    def details(self, case: Case) -> Mapping[str, str] | None:
        return None

    def collected(self) -> int:
        return 0

    def answer_challenge(self, action_url: str, *, confirm: bool) -> None:
        raise NotImplementedError

    def settle(self, outcome: Outcome) -> None:
        raise NotImplementedError

    def notice(self, outcome: Outcome, key: str, *, age: int = 0, account: str = "") -> tuple[dict[str, str], bytes]:
        raise NotImplementedError

    def away(self) -> AbstractContextManager[None]:
        raise NotImplementedError


class TestManual(GatewayContract):
    @pytest.fixture
    def provider(self) -> NoProvider:
        return NoProvider()
