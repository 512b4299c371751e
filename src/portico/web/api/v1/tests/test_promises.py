"""Promises to pay through the API."""

from typing import Any

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.payments.models import PaymentPromise
from portico.web.api.v1.tests.conftest import Program

_SAID = {"amount": 5000, "promised_on": "2026-12-31", "reference": "RF18", "note": "By phone"}


@pytest.fixture
def taking(program: Program) -> Program:
    change_portal_settings(program.business, {"allow_promises": True}, by=OPERATOR)
    program.customer()
    return program


def test_promise_is_noted_read_replaced_and_withdrawn(taking: Program) -> None:
    owed = taking.invoice()
    path = f"/invoices/{owed['number']}/promise"
    assert taking.get(path).status == 404
    answer = taking.post(path, _SAID, once="key-1")
    assert taking.post(path, _SAID, once="key-1").json == answer.json
    made = answer.json
    assert answer.status == 201
    assert taking.get(path).json == made
    assert made.pop("id").startswith("prom_")
    assert made.pop("created_at")
    assert made == {
        **_SAID,
        "object": "payment_promise",
        "invoice": owed["id"],
        "number": owed["number"],
        "currency": "EUR",
        "method": "bank_transfer",
    }
    assert taking.post(path, _SAID | {"amount": 11900, "method": "check"}).status == 201
    assert taking.get(path).json["method"] == "check"
    for _ in range(2):
        assert taking.send("DELETE", path).status == 204
    assert taking.get(path).status == 404
    assert PaymentPromise.objects.count() == 2
    assert taking.get(f"/invoices/{owed['number']}").json["status"] != "paid"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"amount": 0}, "/amount"),
        ({"amount": 11901}, "/amount"),
        ({"amount": "50"}, "/amount"),
        ({"promised_on": "2020-01-01"}, "/promised_on"),
        ({"promised_on": "2199-01-01"}, "/promised_on"),
        ({"method": "card"}, "/method"),
        ({"reference": "x" * 141}, "/reference"),
        ({"paid": True}, "/paid"),
    ],
)
def test_wrong_promise_is_refused_at_its_field(taking: Program, change: dict[str, Any], pointer: str) -> None:
    answer = taking.post(f"/invoices/{taking.invoice()['number']}/promise", _SAID | change)
    assert answer.status == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert not PaymentPromise.objects.exists()


def test_what_can_not_be_promised(taking: Program, stranger: Program) -> None:
    owed = taking.invoice()
    path = f"/invoices/{owed['id']}/promise"
    for method, body in (("GET", None), ("POST", _SAID), ("DELETE", None)):
        assert stranger.send(method, path, body).status == 404
    taking.post(f"/invoices/{owed['id']}/void")
    assert (taking.post(path, _SAID).status, taking.post(path, _SAID).json["code"]) == (409, "not_payable")
    change_portal_settings(taking.business, {"allow_promises": False}, by=OPERATOR)
    path = f"/invoices/{taking.invoice()['id']}/promise"
    assert (taking.post(path, _SAID).status, taking.post(path, _SAID).json["code"]) == (409, "promises_off")
    assert not PaymentPromise.objects.exists()
