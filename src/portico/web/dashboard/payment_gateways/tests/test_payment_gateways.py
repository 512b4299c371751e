"""Payment providers in the dashboard: added with keys that are never shown, checked, limited, ordered, removed."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.domain.payments.credentials import credentials_of
from portico.domain.payments.models import GatewayAccount, Payment
from portico.gateways.sandbox.connection import bank
from tests.stripe import StripeServer

LIST = "/settings/payments/gateways"
ADD = f"{LIST}/new/stripe"
KEYS = {"publishable_key": "pk_test_1", "secret_key": "sk_test_very_secret", "webhook_secret": "whsec_very_secret"}


@pytest.fixture(autouse=True)
def provider(settings: Settings, stripe_server: StripeServer, tmp_path: Any) -> None:
    settings.PORTICO_STRIPE_API_URL = stripe_server.url
    settings.PORTICO_HOME = tmp_path
    bank.cache_clear()


def account_of(business: Business, name: str = "stripe") -> GatewayAccount:
    return GatewayAccount.objects.get(business=business, gateway=name)


def url(account: GatewayAccount) -> str:
    return f"{LIST}/{account.public_id}"


def text(response: Any) -> str:
    return str(response.content.decode())


def followed(client: Client, response: Any) -> str:
    assert response.status_code == 302, text(response)[:3000]
    return text(client.get(response.headers["Location"]))


def test_ways_without_a_provider_are_on_and_can_be_changed(owner: Client, shop: Business) -> None:
    page = text(owner.get(LIST))
    assert "Bank transfer, check and cash" in page
    assert "No payment provider yet" in page
    asked = text(owner.get(f"{LIST}/new/manual"))
    assert "Customers are offered this already." in asked
    detail = followed(owner, owner.post(f"{LIST}/new/manual"))
    assert "Send a test payment" not in detail
    assert "Webhook" not in detail
    assert "fee" not in detail.lower()
    account = account_of(shop, "manual")
    good = {"action": "save", "check_on": "on", "check_minimum": "50.00", "check_maximum": "1,000.00"}
    assert text(owner.post(url(account), good | {"check_maximum": "10.00"})).count('id="method_check_maximum_error"')
    followed(owner, owner.post(url(account), good))
    assert account_of(shop, "manual").methods == {"check": {"minimum": 5000, "maximum": 100000}}
    followed(owner, owner.post(url(account), {"action": "disable"}))
    assert not account_of(shop, "manual").enabled
    followed(owner, owner.post(url(account), {"action": "remove", "confirmed": "yes"}))
    assert not GatewayAccount.objects.filter(business=shop).exists()


@pytest.fixture
def stripe(shop: Business) -> GatewayAccount:
    return add_gateway(shop, "stripe", by=OPERATOR, entered=KEYS)


def test_provider_is_added_with_keys_that_no_page_shows(shop: Business, owner: Client) -> None:
    assert "No payment provider yet" in text(owner.get(LIST))
    form = text(owner.get(ADD))
    assert "http://testserver/webhooks/gateways/stripe/nordlicht" in form
    page = followed(owner, owner.post(ADD, KEYS))
    account = account_of(shop)
    assert "Stripe can be used now." in page
    assert account.provider_account in page
    assert credentials_of(account).secrets["secret_key"] == "sk_test_very_secret"
    listed = text(owner.get(LIST))
    assert "Stripe" in listed
    assert "None yet" in listed
    for html in (page, listed):
        assert "very_secret" not in html
    assert "very_secret" not in account.secrets
    assert "very_secret" not in str(list(Activity.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"secret_key": ""}, "Please fill this in."),
        ({"secret_key": "pk_test_1"}, "This begins with sk_ or rk_."),
        ({"publishable_key": "sk_test_1"}, "This begins with pk_."),
        ({"publishable_key": "pk_live_1"}, "One of the two keys is a test key, the other is not."),
    ],
)
def test_wrong_keys_are_said_at_their_field_and_add_nothing(
    shop: Business, owner: Client, typed: dict[str, str], said: str
) -> None:
    answer = owner.post(ADD, KEYS | typed)
    assert answer.status_code in {422, 502}
    assert said in text(answer)
    assert f'value="{(KEYS | typed)["publishable_key"]}"' in text(answer), "what was typed is kept"
    assert "very_secret" not in text(answer)
    assert not GatewayAccount.objects.exists()


def test_provider_that_does_not_answer_is_said(shop: Business, owner: Client, settings: Settings) -> None:
    settings.PORTICO_STRIPE_API_URL = "http://127.0.0.1:9"
    answer = owner.post(ADD, KEYS)
    assert answer.status_code == 503
    assert "The provider gives no answer." in text(answer)
    assert not GatewayAccount.objects.exists()


def test_second_account_at_one_provider_is_refused(shop: Business, owner: Client, stripe: GatewayAccount) -> None:
    answer = owner.post(ADD, KEYS)
    assert answer.status_code == 409
    assert "in use already" in text(answer)
    assert GatewayAccount.objects.count() == 1
    assert owner.get(f"{LIST}/new/nothing").status_code == 404


def test_methods_limits_and_fees_are_kept(owner: Client, stripe: GatewayAccount) -> None:
    typed = {
        "action": "save",
        "card_on": "on",
        "card_minimum": "5",
        "card_maximum": "2000,50",
        "card_fee_percent": "1.500",
        "card_fee_fixed": "0.30",
    }
    page = followed(owner, owner.post(url(stripe), typed))
    stripe.refresh_from_db()
    assert stripe.methods == {"card": {"minimum": 500, "maximum": 200050, "fee_fixed": 30, "fee_percent": "1.5"}}
    for value in ("5.00", "2000.50", "0.30", "1.5"):
        assert f'value="{value}"' in page


@pytest.mark.parametrize(
    ("name", "value"),
    [("card_minimum", "-1"), ("card_maximum", "4"), ("card_fee_percent", "21"), ("card_fee_percent", "x")],
)
def test_wrong_limits_keep_what_was_typed_and_change_nothing(
    owner: Client, stripe: GatewayAccount, name: str, value: str
) -> None:
    answer = owner.post(url(stripe), {"action": "save", "card_on": "on", "card_minimum": "5", name: value})
    assert answer.status_code == 422
    assert f'value="{value}"' in text(answer)
    before = stripe.methods
    stripe.refresh_from_db()
    assert stripe.methods == before


def test_keys_are_replaced_one_by_one_by_those_of_the_same_account(owner: Client, stripe: GatewayAccount) -> None:
    followed(owner, owner.post(url(stripe), {"action": "keys", "webhook_secret": "whsec_new"}))
    stripe.refresh_from_db()
    assert credentials_of(stripe).secrets == {"secret_key": "sk_test_very_secret", "webhook_secret": "whsec_new"}
    answer = owner.post(url(stripe), {"action": "keys", "secret_key": "sk_test_of_another_account"})
    assert answer.status_code == 409
    assert "another account" in text(answer)
    stripe.refresh_from_db()
    assert credentials_of(stripe).secrets["secret_key"] == "sk_test_very_secret"


def test_keys_are_checked_and_a_test_payment_is_given_back(
    owner: Client, stripe: GatewayAccount, stripe_server: StripeServer, settings: Settings
) -> None:
    before = len(stripe_server.payments())
    assert "The keys are right" in followed(owner, owner.post(url(stripe), {"action": "check"}))
    assert "A test payment of €1.00" in followed(owner, owner.post(url(stripe), {"action": "test"}))
    (made,) = stripe_server.payments()[before:]
    assert (made["amount_received"], made["latest_charge"]["amount_refunded"]) == (100, 100)
    assert not Payment.objects.exists()
    settings.PORTICO_STRIPE_API_URL = "http://127.0.0.1:9"
    assert owner.post(url(stripe), {"action": "check"}).status_code == 503


def test_live_keys_send_no_test_payment(owner: Client, shop: Business, stripe_server: StripeServer) -> None:
    live = {"publishable_key": "pk_live_1", "secret_key": "sk_live_1"}
    account = add_gateway(shop, "stripe", by=OPERATOR, entered=live)
    before = len(stripe_server.payments())
    answer = owner.post(url(account), {"action": "test"})
    assert answer.status_code == 409
    assert "no test payment is sent" in text(answer)
    assert len(stripe_server.payments()) == before


def test_provider_is_switched_off_and_on_ordered_and_removed(
    owner: Client, shop: Business, stripe: GatewayAccount
) -> None:
    alone = text(owner.get(url(stripe)))
    assert "Offer earlier" not in alone
    assert "Offer later" not in alone
    followed(owner, owner.post(f"{LIST}/new/sandbox"))
    assert "Offer later" in text(owner.get(url(stripe)))
    for action, enabled in (("disable", False), ("enable", True)):
        followed(owner, owner.post(url(stripe), {"action": action}))
        stripe.refresh_from_db()
        assert stripe.enabled is enabled
    listed = followed(owner, owner.post(url(account_of(shop, "sandbox")), {"action": "up"}))
    assert re.findall(r'/settings/payments/gateways/gw_\w+">(\w+)<', listed) == ["Sandbox", "Stripe"]
    followed(owner, owner.post(url(account_of(shop, "sandbox")), {"action": "up"}))
    asked = owner.post(url(stripe), {"action": "remove"})
    assert "Remove this provider?" in text(asked)
    assert GatewayAccount.objects.count() == 2
    assert "is removed" in followed(owner, owner.post(url(stripe), {"action": "remove", "confirmed": "yes"}))
    assert [account.gateway for account in GatewayAccount.objects.all()] == ["sandbox"]


def test_refused_webhook_is_shown(owner: Client, stripe: GatewayAccount) -> None:
    answer = Client(headers={"host": "testserver"}).post(
        "/webhooks/gateways/stripe/nordlicht", b"{}", "application/json"
    )
    assert answer.status_code == 400
    assert "The last one was refused" in text(owner.get(LIST))
    assert "signature is missing" in text(owner.get(url(stripe)))


def test_stranger_sees_and_changes_nothing(stranger: Client, stripe: GatewayAccount) -> None:
    assert stranger.get(url(stripe)).status_code == 404
    for action in ("disable", "remove", "keys", "test", "check", "save", "up"):
        assert stranger.post(url(stripe), {"action": action, "confirmed": "yes"}).status_code == 404
    stripe.refresh_from_db()
    assert stripe.enabled
    assert "very_secret" in str(credentials_of(stripe).secrets.values())
