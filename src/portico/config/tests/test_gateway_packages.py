"""A gateway that another package brings is found by its entry point and used like Portico's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Clock
from portico.config.tests.conftest import Command
from portico.domain.payments.actions.sweep_attempts import sweep_attempts
from portico.domain.payments.credentials import credentials_of
from portico.domain.payments.models import AttemptState, GatewayAccount, PaymentAttempt
from portico.domain.payments.registry import gateways
from portico.gateways.sandbox.gateway import SandboxGateway
from tests.shop import Shop

HERE = ("--business", "nordlicht")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package as an installation leaves it: a module, and a folder that says what it brings."""
    monkeypatch.syspath_prepend(str(Path(__file__).with_name("packages")))
    gateways.cache_clear()
    yield
    gateways.cache_clear()


def test_gateway_of_another_package_is_added_with_its_own_keys(
    installed: None, portico: Command, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACMEPAY_MERCHANT", "7")
    monkeypatch.setenv("ACMEPAY_TOKEN", "guessed")
    assert portico("gateway", "add", "acmepay", *HERE).refusal == "Acme Pay does not know this token."
    assert GatewayAccount.objects.count() == 1
    monkeypatch.setenv("ACMEPAY_TOKEN", "token of 7")
    assert portico("gateway", "add", "acmepay", *HERE).status == 0
    shop.gateway = GatewayAccount.objects.get(gateway="acmepay")
    assert shop.gateway.provider_account == "acme:7"
    assert credentials_of(shop.gateway).secrets["token"] == "token of 7"
    assert shop.pay(shop.start(shop.invoice())).payment is not None


def test_another_package_does_not_replace_a_gateway_of_portico(installed: None) -> None:
    assert {"acmepay", "sandbox", "stripe"} <= set(gateways())
    assert type(gateways()["sandbox"]) is SandboxGateway


def test_account_of_a_package_that_is_gone_is_disabled_and_stops_no_others(
    portico: Command, shop: Shop, clock: Clock
) -> None:
    lost, left_open = shop.start(shop.invoice()), shop.start(shop.invoice(), submission="form-2")
    gone = GatewayAccount.objects.create(business=shop.business, gateway="acmepay")
    PaymentAttempt.objects.filter(pk=lost.pk).update(gateway_account=gone)
    clock.advance(minutes=3)
    assert sweep_attempts() == 1
    assert {attempt.pk: attempt.state for attempt in PaymentAttempt.objects.all()} == {
        lost.pk: AttemptState.CREATED,
        left_open.pk: AttemptState.CANCELED,
    }
    assert portico("gateway", "disable", "acmepay", *HERE).out == "acmepay is disabled.\n"
    assert "acmepay      disabled" in portico("gateway", "list", *HERE).out
