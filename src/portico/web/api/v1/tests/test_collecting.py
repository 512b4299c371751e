"""Money collected with saved methods and given back through the provider, by programs, exactly once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.payments.actions.gateway_accounts import add_gateway, change_gateway
from portico.domain.payments.actions.sweep_attempts import sweep_attempts
from portico.domain.payments.actions.sweep_refunds import sweep_refunds
from portico.domain.payments.gateway import ProviderUnreachable
from portico.domain.payments.models import GatewayAccount, Payment, PaymentAttempt, PaymentMethod, Refund
from portico.gateways.sandbox.bank import Bank
from portico.gateways.sandbox.connection import bank
from portico.lib.ids import uuid7
from portico.web.api.v1.tests.conftest import Body, Program

GOOD, DECLINES = "4242 4242 4242 4242", "4000 0000 0000 0341"


@pytest.fixture
def shop(program: Program, settings: Settings, tmp_path: Path) -> Iterator[Program]:
    """A program of a business that takes payments through the sandbox, with a customer and an invoice."""
    settings.PORTICO_HOME = tmp_path
    bank.cache_clear()
    add_gateway(program.business, "sandbox", by=OPERATOR)
    program.customer()
    program.invoice(number="A-1")
    yield program
    bank.cache_clear()


def token(number: str = GOOD) -> str:
    """A card that was saved at the sandbox by a page of the program's own."""
    asked: dict[str, Any] = {
        "key": f"setup-{uuid7()}", "account": "", "amount": 0, "currency": "EUR", "method": "card",
        "details": {"card_number": number, "card_expiry": "12/30", "cardholder": "Ada"}, "save": True, "setup": 1,
        "off_session": False, "return_url": "", "webhook_url": "", "webhook_secret": "",
    }  # fmt: skip
    found: str = bank().charge(asked)["method_details"]["token"]
    return found


def card(program: Program, number: str = GOOD, **fields: Any) -> Body:
    return program.made("/customers/acme/payment_methods", {"gateway": "sandbox", "token": token(number)} | fields)


def facts() -> tuple[int, ...]:
    models = (Payment, PaymentAttempt, PaymentMethod, Refund)
    return tuple(model._default_manager.count() for model in models)


def test_fee_of_the_method_is_charged_on_top(shop: Program) -> None:
    card(shop)
    account = GatewayAccount.objects.get()
    change_gateway(account, {"methods": {"card": {"fee_percent": "2", "fee_fixed": 30}}}, by=OPERATOR)
    made = shop.post("/payment_attempts", {"customer": "acme", "invoices": [{"invoice": "A-1"}]})
    assert (made.json["status"], made.json["amount"], made.json["fee"]) == ("succeeded", 11900, 268)
    assert bank().charges()[0]["amount"] == 12168


def test_a_card_is_added_by_its_token_and_charged(shop: Program) -> None:
    saved = card(shop)
    assert (saved["brand"], saved["last4"], saved["expires_on"], saved["is_default"]) == (
        "Visa", "4242", "2030-12-31", True,
    )  # fmt: skip
    made = shop.post("/payment_attempts", {"customer": "acme", "invoices": [{"invoice": "A-1"}]})
    assert (made.status, made.json["status"], made.json["amount"]) == (201, "succeeded", 11900)
    assert made.json["payment_method"] == saved["id"]
    payment = shop.get(f"/payments/{made.json['payment']}").json
    assert (payment["amount"], payment["payment_attempt"]) == (11900, made.json["id"])
    assert shop.get("/invoices/A-1").json["status"] == "paid"
    assert shop.get(f"/payment_attempts/{made.json['id']}").json == made.json
    assert shop.get("/payment_attempts?customer=acme&status=succeeded").json["data"] == [made.json]
    assert shop.get("/payment_attempts?status=failed").json["data"] == []


def test_part_and_advance_are_collected_in_one_charge(shop: Program) -> None:
    card(shop)
    body = {"customer": "acme", "invoices": [{"invoice": "A-1", "amount": 1900}], "advance": 600}
    made = shop.made("/payment_attempts", body)
    assert (made["amount"], [row["amount"] for row in made["invoices"]]) == (2500, [1900])
    assert [charge["amount"] for charge in bank().charges()] == [2500]
    assert shop.get("/customers/acme/credit_balance").json["balances"] == [{"currency": "EUR", "amount": 600}]


def test_an_advance_alone_becomes_credit(shop: Program) -> None:
    card(shop)
    made = shop.made("/payment_attempts", {"customer": "acme", "advance": 700, "currency": "USD"})
    assert (made["purpose"], made["currency"], made["status"]) == ("advance", "USD", "succeeded")


def test_an_invoice_is_collected_once_however_often_it_is_sent(shop: Program) -> None:
    card(shop)
    first, again = (shop.post("/invoices/A-1/collect", once="k") for _ in range(2))
    assert (first.status, again.status, first.json) == (201, 201, again.json)
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    shop.post("/invoices/A-1/collect", {"amount": 1}, once="k").refused(422, "idempotency_key_reused")
    shop.post("/invoices/A-1/collect").refused(409, "not_payable")
    assert (len(bank().charges()), Payment.objects.count()) == (1, 1)


def test_of_an_invoice_with_a_plan_the_next_instalment_is_collected(shop: Program) -> None:
    card(shop)
    rows = [{"due_on": "2026-12-15", "amount": 5900}, {"due_on": "2027-01-15", "amount": 6000}]
    plan = {"instalments": rows, "needs_approval": False}
    assert shop.send("PUT", "/invoices/A-1/payment_plan", plan).status == 200
    first, again = (shop.post("/invoices/A-1/collect", once="k") for _ in range(2))
    assert (first.json["amount"], again.json) == (5900, first.json)
    assert shop.post("/invoices/A-1/collect").json["amount"] == 6000
    assert sorted(charge["amount"] for charge in bank().charges()) == [5900, 6000]
    assert shop.get("/invoices/A-1/payment_plan").json["status"] == "finished"


def test_an_answer_that_was_lost_is_asked_for_with_the_same_key(
    shop: Program, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the debit goes through, the program gets no answer, and somebody presses again."""
    card(shop)
    charge = Bank.charge

    def lost(self: Bank, asked: dict[str, Any]) -> dict[str, Any]:
        assert not connection.savepoint_ids, "no provider is asked inside a transaction"
        charge(self, asked)
        raise ProviderUnreachable("No answer.")

    with monkeypatch.context() as patch:
        patch.setattr(Bank, "charge", lost)
        first = shop.post("/invoices/A-1/collect", once="k").json
        assert (first["status"], first["payment"]) == ("created", None)
        shop.post("/invoices/A-1/collect").refused(409, "payment_in_progress")
    again = shop.post("/invoices/A-1/collect", once="k").json
    assert (again["id"], again["status"]) == (first["id"], "succeeded")
    clock.advance(minutes=3)
    assert sweep_attempts() == 0
    assert (len(bank().charges()), Payment.objects.count()) == (1, 1)


def test_a_declined_card_is_an_answer(shop: Program) -> None:
    card(shop, DECLINES)
    made = shop.post("/invoices/A-1/collect")
    assert (made.status, made.json["status"], made.json["failure_code"]) == (201, "failed", "card_declined")
    assert shop.get("/invoices/A-1").json["amount_due"] == 11900


@pytest.mark.parametrize(
    ("change", "status", "code", "pointers"),
    [
        ({"customer": "?", "invoices": [{"invoice": "X"}]}, 404, "not_found", ["/customer", "/invoices/0/invoice"]),
        (
            {"invoices": [{"invoice": "X"}, {"invoice": "Y"}]},
            404, "not_found", ["/invoices/0/invoice", "/invoices/1/invoice"],
        ),
        ({"payment_method": "pm_1"}, 404, "not_found", ["/payment_method"]),
        ({"invoices": []}, 422, "invalid", ["/amount"]),
        ({"advance": -1}, 422, "invalid", ["/advance"]),
        ({"invoices": [{"invoice": "A-1", "amount": 0}]}, 422, "invalid", ["/invoices/0/amount"]),
        ({"invoices": [{"invoice": "A-1", "amount": 11901}]}, 422, "amount_exceeds_open", ["/invoices/0/amount"]),
        ({"invoices": [{"invoice": "V"}]}, 409, "not_payable", ["/invoices/0/amount"]),
        ({"invoices": [{"invoice": "O"}]}, 404, "not_found", ["/invoices/0/invoice"]),
        ({"currency": "USD"}, 422, "currency_mismatch", ["/invoices/0/invoice"]),
    ],
)  # fmt: skip
def test_what_can_t_be_collected_is_said_and_nothing_is_charged(
    shop: Program, change: Body, status: int, code: str, pointers: list[str]
) -> None:
    card(shop)
    shop.invoice(number="V")
    shop.post("/invoices/V/void")
    shop.customer(external_id="other", name="Other")
    shop.invoice(number="O", customer="other")
    before = facts()
    answer = shop.post("/payment_attempts", {"customer": "acme", "invoices": [{"invoice": "A-1"}]} | change)
    problem = answer.refused(status, code)
    assert [error["pointer"] for error in problem["errors"]] == pointers
    assert (facts(), bank().charges()) == (before, [])


def test_without_a_method_nothing_is_collected(shop: Program) -> None:
    shop.post("/invoices/A-1/collect").refused(422, "payment_method_missing", "/payment_method")
    assert not PaymentAttempt.objects.exists()


def test_methods_are_listed_made_default_and_removed(shop: Program) -> None:
    first = card(shop)
    second = card(shop, DECLINES)
    path = "/customers/acme/payment_methods"
    assert [row["id"] for row in shop.get(path).json["data"]] == [first["id"], second["id"]]
    for _ in range(2):
        assert shop.post(f"{path}/{second['id']}/default", once="k").json["is_default"]
    assert [row["is_default"] for row in shop.get(path).json["data"]] == [True, False]
    removed = shop.send("DELETE", f"{path}/{second['id']}")
    assert (removed.status, removed.json["status"]) == (200, "removed")
    assert [(row["id"], row["is_default"]) for row in shop.get(path).json["data"]] == [(first["id"], True)]
    shop.send("DELETE", f"{path}/{second['id']}").refused(404, "unknown_payment_method")
    shop.post("/invoices/A-1/collect", {"payment_method": second["id"]}).refused(404, "not_found", "/payment_method")


def test_a_token_is_added_once_and_belongs_to_one_customer(shop: Program) -> None:
    shop.customer(external_id="other", name="Other")
    body = {"gateway": "sandbox", "token": token(), "default": True}
    first, again = (shop.made("/customers/acme/payment_methods", body) for _ in range(2))
    assert first == again
    shop.post("/customers/other/payment_methods", body).refused(409, "token_taken", "/token")
    shop.post("/customers/acme/payment_methods", body | {"token": "sbm_x"}).refused(422, "unknown_number", "/token")
    shop.post("/customers/acme/payment_methods", body | {"gateway": "x"}).refused(404, "not_found", "/gateway")
    assert PaymentMethod.objects.count() == 1


def test_a_payment_is_given_back_in_parts(shop: Program) -> None:
    card(shop)
    payment = shop.made("/invoices/A-1/collect", {})["payment"]
    path = f"/payments/{payment}/refunds"
    first, again = (shop.post(path, {"amount": 5000, "reason": "Returned"}, once="k") for _ in range(2))
    assert (first.status, first.json, again.headers["Idempotent-Replayed"]) == (201, again.json, "true")
    assert (first.json["status"], first.json["by_hand"], first.json["reason"]) == ("succeeded", False, "Returned")
    rest = shop.made(path, {})
    assert rest["amount"] == 6900
    assert shop.get(path).json["data"] == [first.json, rest]
    assert bank().charges()[0]["refunded"] == 11900
    shop.post(path, {"amount": 1}).refused(409, "refund_exceeds_payment", "/amount")
    assert shop.get("/invoices/A-1").json["amount_due"] == 11900
    assert shop.get(f"/payments/{payment}").json["refunded"] == 11900


def test_a_refund_without_an_answer_is_asked_for_again(
    shop: Program, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    card(shop)
    payment = shop.made("/invoices/A-1/collect", {})["payment"]
    answer = Bank.refund

    def lost(self: Bank, *asked: Any) -> dict[str, Any]:
        answer(self, *asked)
        raise ProviderUnreachable("No answer.")

    with monkeypatch.context() as patch:
        patch.setattr(Bank, "refund", lost)
        first = shop.post(f"/payments/{payment}/refunds", {"amount": 5000}, once="k").json
    assert first["status"] == "created"
    again = shop.post(f"/payments/{payment}/refunds", {"amount": 5000}, once="k").json
    assert (again["id"], again["status"]) == (first["id"], "succeeded")
    clock.advance(minutes=3)
    assert (sweep_refunds(), bank().charges()[0]["refunded"]) == (0, 5000)


def test_a_payment_received_by_hand_is_refunded_by_hand(shop: Program) -> None:
    payment = shop.payment(amount=5000)["id"]
    path = f"/payments/{payment}/refunds"
    shop.post(path).refused(409, "refund_by_hand")
    shop.post(path, {"refunded_on": "2026-11-19"}).refused(422, "invalid", "/refunded_on")
    shop.post(path, {"by_hand": True, "refunded_on": "2026-11-09"}).refused(422, "invalid", "/refunded_on")
    assert not Refund.objects.exists()
    made = shop.made(path, {"by_hand": True, "amount": 2000, "refunded_on": "2026-11-19"})
    assert (made["status"], made["by_hand"], made["refunded_on"]) == ("succeeded", True, "2026-11-19")


def test_strangers_collect_and_give_back_nothing(shop: Program, stranger: Program) -> None:
    saved = card(shop)
    attempt = shop.made("/invoices/A-1/collect", {"amount": 1000})
    customer = shop.get("/customers/acme").json["id"]
    stranger.customer()
    before = facts()
    methods = f"/customers/{customer}/payment_methods"
    stranger.get(f"/payment_attempts/{attempt['id']}").refused(404, "not_found")
    stranger.post(f"/payments/{attempt['payment']}/refunds", {}).refused(404, "not_found")
    stranger.get(f"/payments/{attempt['payment']}/refunds").refused(404, "not_found")
    stranger.post(f"/invoices/{attempt['invoices'][0]['invoice']}/collect").refused(404, "not_found")
    stranger.get(methods).refused(404, "not_found")
    stranger.post(methods, {"gateway": "sandbox", "token": "x"}).refused(404, "not_found")
    stranger.post(f"{methods}/{saved['id']}/default").refused(404, "not_found")
    stranger.send("DELETE", f"{methods}/{saved['id']}").refused(404, "not_found")
    own = f"/customers/acme/payment_methods/{saved['id']}"
    stranger.send("DELETE", own).refused(404, "unknown_payment_method")
    stranger.post("/payment_attempts", {"customer": customer, "advance": 5}).refused(404, "not_found", "/customer")
    assert stranger.get("/payment_attempts").json["data"] == []
    assert facts() == before


@pytest.mark.parametrize("for_invoice", [True, False])
def test_disabled_method_is_refused_and_charges_nothing(shop: Program, for_invoice: bool) -> None:
    card(shop)
    if for_invoice:
        made = shop.invoice(number="B-1", disabled_methods=["card"])
        assert made["disabled_methods"] == ["card"]
    else:
        shop.invoice(number="B-1")
        assert shop.customer(disabled_methods=["card", "cash"])["disabled_methods"] == ["card", "cash"]
    body = {"customer": "acme", "invoices": [{"invoice": "B-1"}]}
    shop.post("/payment_attempts", body).refused(409, "method_disabled", "/payment_method")
    shop.post("/invoices/B-1/collect").refused(409, "method_disabled", "/payment_method")
    assert shop.get("/payment_attempts").json["data"] == []
    assert shop.get("/invoices/B-1").json["amount_due"] == 11900
    shop.post("/customers", {"external_id": "acme", "disabled_methods": ["barter"]}).refused(422, "invalid")
    assert shop.customer(disabled_methods=None)["disabled_methods"] == []
