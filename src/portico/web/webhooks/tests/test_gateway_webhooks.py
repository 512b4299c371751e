"""A provider's notices: only what it signed, for the account it is for, is taken, and asked about before it counts."""

import json

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from conftest import Clock
from portico.domain.documents.models import Document
from portico.domain.payments.models import GatewayAccount, Method, Payment, PaymentAttempt
from portico.gateways.sandbox.connection import bank
from portico.gateways.sandbox.signature import signature
from portico.lib.clock import now
from tests.shop import Shop

HOST = {"host": "testserver"}


@pytest.fixture
def debit(shop: Shop) -> PaymentAttempt:
    """A bank debit of a whole invoice that the bank has settled, though nobody here knows yet."""
    attempt = shop.debit(shop.start(shop.invoice(), method=Method.DIRECT_DEBIT))
    bank().move(attempt.provider_id, "succeeded")
    return attempt


def notices() -> list[tuple[bytes, str]]:
    """Every notice the bank has not delivered yet: its body and the secret it is signed with."""
    return [(notice["body"].encode(), notice["secret"]) for notice in bank().due_notices()]


def post(body: bytes, secret: str, *, url: str = "/webhooks/gateways/sandbox/nordlicht", age: int = 0) -> int:
    moment = str(int(now().timestamp()) - age)
    signed = f"t={moment},v1={signature(secret, moment, body)}"
    answer = Client(headers=HOST).post(
        url, body, content_type="application/json", headers={"Sandbox-Signature": signed}
    )
    return answer.status_code


def test_signed_notice_books_the_payment_once_however_often_it_comes(debit: PaymentAttempt) -> None:
    body, secret = notices()[-1]
    assert [post(body, secret) for _ in range(3)] == [200, 200, 200]
    assert Payment.objects.get().amount == 10000
    assert Document.objects.get().open_amount == 0


def test_a_confirmation_asks_the_database_nothing_twice(
    debit: PaymentAttempt, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    body, secret = notices()[-1]
    with django_assert_max_num_queries(37):
        assert post(body, secret) == 200
    assert Document.objects.get().open_amount == 0


def test_notices_in_the_wrong_order_end_in_the_same_state(debit: PaymentAttempt) -> None:
    for body, secret in reversed(notices()):
        assert post(body, secret) == 200
    assert Payment.objects.count() == 1


def test_forged_and_old_notices_change_nothing(debit: PaymentAttempt) -> None:
    body, secret = notices()[-1]
    assert post(body, "guessed") == 400
    assert post(body + b" ", secret, age=301) == 400
    assert (
        Client(headers=HOST)
        .post("/webhooks/gateways/sandbox/nordlicht", body, content_type="application/json")
        .status_code
        == 400
    )
    assert Payment.objects.count() == 0
    assert GatewayAccount.objects.get().webhook_error


def test_notice_for_another_account_is_refused(debit: PaymentAttempt) -> None:
    body, secret = notices()[-1]
    foreign = json.dumps(json.loads(body) | {"account": "gw_other"}).encode()
    assert post(foreign, secret) == 400
    assert Payment.objects.count() == 0


def test_notice_about_an_unknown_charge_is_answered_and_changes_nothing(debit: PaymentAttempt) -> None:
    body, secret = notices()[-1]
    unknown = json.dumps(json.loads(body) | {"charge": "sbx_unknown", "key": "nobody's"}).encode()
    assert post(unknown, secret) == 200
    assert Payment.objects.count() == 0


def test_address_of_nobody_is_not_there(debit: PaymentAttempt) -> None:
    body, secret = notices()[-1]
    assert post(body, secret, url="/webhooks/gateways/sandbox/nobody") == 404
    assert post(body, secret, url="/webhooks/gateways/stripe/nordlicht") == 404
    assert Payment.objects.count() == 0


def test_challenge_page_confirms_and_leads_back(shop: Shop) -> None:
    attempt = shop.pay(shop.start(shop.invoice()), "4000 0000 0000 3220")
    browser = Client(headers=HOST)
    path = f"/sandbox/challenge/{attempt.provider_id}"
    assert b"EUR 100.00" in browser.get(path).content
    answer = browser.post(path, {"answer": "confirm"})
    assert answer.headers["Location"] == "https://portal.example/pay/done"
    found = bank().read(identity=attempt.provider_id)
    assert found is not None
    assert found["state"] == "succeeded"


def test_controls_are_a_demonstrations_alone(shop: Shop, settings: object, clock: Clock) -> None:
    assert Client(headers=HOST).get("/sandbox/").status_code == 404
