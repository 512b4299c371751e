"""Several programs at the same moment, each in its own thread with its own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from portico.domain.ledger.check import differences
from portico.web.api.v1.tests.conftest import Answer, Program, invoice, payment

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*requests: Callable[[Program], Answer], key: str) -> list[Answer]:
    """Send requests at the same moment and return their answers in order."""
    gate = Barrier(len(requests), timeout=30)

    def send(request: Callable[[Program], Answer]) -> Answer:
        try:
            gate.wait()
            return request(Program(key))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def statuses(answers: list[Answer]) -> list[int]:
    return sorted(answer.status for answer in answers)


def test_one_number_makes_one_invoice_and_refusals(program: Program) -> None:
    program.customer()
    answers = at_once(*[lambda one: one.post("/invoices", invoice(number="A-1"))] * 3, key=program.key)
    assert statuses(answers) == [201, 409, 409]
    for answer in answers:
        if answer.status == 409:
            answer.refused(409, "number_taken")
    assert len(program.get("/invoices").json["data"]) == 1


def test_one_external_id_makes_one_invoice(program: Program) -> None:
    program.customer()
    answers = at_once(*[lambda one: one.post("/invoices", invoice(external_id="o-1"))] * 3, key=program.key)
    assert statuses(answers) == [200, 200, 201]
    assert len({answer.json["id"] for answer in answers}) == len(program.get("/invoices").json["data"]) == 1


def test_numbers_are_given_once_and_without_a_gap(program: Program) -> None:
    program.customer()
    answers = at_once(*[lambda one: one.post("/invoices", invoice())] * 4, key=program.key)
    assert sorted(answer.json["number"] for answer in answers) == [f"INV-000{number}" for number in range(1, 5)]


def test_one_customer_is_made_once(program: Program) -> None:
    body = {"external_id": "acme", "name": "Acme"}
    answers = at_once(*[lambda one: one.post("/customers", body)] * 3, key=program.key)
    assert statuses(answers) == [200, 200, 201]
    assert len(program.get("/customers").json["data"]) == 1


def test_one_idempotency_key_acts_once(program: Program) -> None:
    program.customer()
    answers = at_once(*[lambda one: one.post("/invoices", invoice(), once="k")] * 3, key=program.key)
    assert statuses(answers) == [201, 201, 201]
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 2
    assert len(program.get("/invoices").json["data"]) == 1


def test_an_invoice_is_paid_once(program: Program) -> None:
    program.customer()
    program.invoice(number="A-1")
    body = payment(allocations=[{"invoice": "A-1", "amount": 11900}])
    answers = at_once(*[lambda one: one.post("/payments", body)] * 3, key=program.key)
    assert statuses(answers) == [201, 409, 409]
    assert program.get("/invoices/A-1").json["status"] == "paid"
    assert not list(differences())


def test_paying_and_voiding_at_once_ends_in_order(program: Program) -> None:
    program.customer()
    program.invoice(number="A-1")
    body = payment(allocations=[{"invoice": "A-1", "amount": 11900}])
    answers = at_once(
        lambda one: one.post("/payments", body), lambda one: one.post("/invoices/A-1/void"), key=program.key
    )
    assert answers[0].status in {201, 409}
    assert answers[1].status == 200
    assert program.get("/invoices/A-1").json["status"] == "voided"
    assert not list(differences())
