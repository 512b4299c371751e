"""`portico gateway`: which gateways a business's customers can pay through."""

from pathlib import Path

import pytest
from pytest_django import Settings

from portico.config.tests.conftest import Command
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.payments.models import GatewayAccount

HERE = ("--business", "acme")


@pytest.fixture(autouse=True)
def business(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.PORTICO_HOME = tmp_path
    create_business(BusinessInput("Acme", "acme", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)


def test_gateway_is_added_listed_disabled_and_offered_again(portico: Command) -> None:
    added = portico("gateway", "add", "sandbox", *HERE)
    assert (added.status, added.out) == (0, "http://testserver/webhooks/gateways/sandbox/acme\n")
    assert "sandbox      enabled   card,direct_debit" in portico("gateway", "list", *HERE).out
    assert portico("gateway", "disable", "sandbox", *HERE).out == "sandbox is disabled.\n"
    assert not GatewayAccount.objects.get().enabled
    assert portico("gateway", "disable", "sandbox", *HERE, "--undo").out == "sandbox is enabled.\n"
    assert GatewayAccount.objects.get().enabled


def test_unknown_doubled_and_unused_gateways_are_refused_in_one_line(portico: Command) -> None:
    assert "no payment gateway nothing" in portico("gateway", "add", "nothing", *HERE).refusal
    assert "does not use sandbox" in portico("gateway", "disable", "sandbox", *HERE).refusal
    portico("gateway", "add", "sandbox", *HERE)
    assert "uses sandbox already" in portico("gateway", "add", "sandbox", *HERE).refusal
    assert GatewayAccount.objects.count() == 1
