"""`portico gateway`: which gateways a business's customers can pay through."""

from pathlib import Path

import pytest
from pytest_django import Settings

from portico.config.tests.conftest import Command
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.payments.models import GatewayAccount
from tests.shop import Shop
from tests.stripe import StripeServer

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


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch, settings: Settings, stripe_server: StripeServer) -> None:
    """The keys of an account at Stripe, in the environment."""
    settings.PORTICO_STRIPE_API_URL = stripe_server.url
    monkeypatch.setenv("STRIPE_PUBLISHABLE_KEY", "pk_test_1")
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_very_secret")


def test_stripe_is_added_with_keys_of_the_environment_that_are_kept_encrypted(portico: Command, keys: None) -> None:
    added = portico("gateway", "add", "stripe", *HERE)
    assert (added.status, added.out) == (0, "http://testserver/webhooks/gateways/stripe/acme\n")
    account = GatewayAccount.objects.get()
    assert account.provider_account.startswith("acct_")
    assert account.settings == {"publishable_key": "pk_test_1"}
    assert "very_secret" not in f"{account.secrets} {list(Activity.objects.values_list('data', flat=True))}"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("STRIPE_SECRET_KEY", "", "Secret key is missing."),
        ("STRIPE_SECRET_KEY", "pk_test_1", "Secret key begins with sk_ or rk_."),
        ("STRIPE_SECRET_KEY", "sk_1", "One of the two keys is a test key, the other is not."),
        ("STRIPE_WEBHOOK_SECRET", "secret", "Webhook secret begins with whsec_."),
    ],
)
def test_stripe_with_wrong_keys_is_refused_in_one_line(
    portico: Command, keys: None, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    assert portico("gateway", "add", "stripe", *HERE).refusal == said
    assert GatewayAccount.objects.count() == 0


def test_gateway_is_removed_unless_payments_need_its_keys(portico: Command, shop: Shop) -> None:
    portico("gateway", "add", "sandbox", *HERE)
    assert portico("gateway", "remove", "sandbox", *HERE).out == "sandbox is removed.\n"
    assert Activity.objects.filter(verb="gateway.removed").count() == 1
    shop.start(shop.invoice())
    assert "Disable it instead" in portico("gateway", "remove", "sandbox", "--business", "nordlicht").refusal
    assert GatewayAccount.objects.get().business == shop.business
    assert Activity.objects.filter(verb="gateway.removed").count() == 1


def test_unknown_doubled_and_unused_gateways_are_refused_in_one_line(portico: Command) -> None:
    assert "no payment gateway nothing" in portico("gateway", "add", "nothing", *HERE).refusal
    assert "does not use sandbox" in portico("gateway", "disable", "sandbox", *HERE).refusal
    portico("gateway", "add", "sandbox", *HERE)
    assert "uses Sandbox already" in portico("gateway", "add", "sandbox", *HERE).refusal
    assert GatewayAccount.objects.count() == 1
