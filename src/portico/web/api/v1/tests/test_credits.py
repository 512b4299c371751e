"""Credit notes and payments put against invoices and taken off again, and the credit balance."""

from typing import Any

import pytest

from portico.web.api.v1.tests.conftest import Body, Program, unlinked


def credit_note(program: Program, **fields: Any) -> Body:
    line = {"description": "Returned", "quantity": "1", "unit_price": "50"}
    body = {"customer": "acme", "issued_on": "2026-11-05", "currency": "EUR", "lines": [line]}
    return program.made("/credit_notes", body | fields)


def open_of(program: Program, invoice: Body) -> int:
    amount: int = program.get(f"/invoices/{invoice['id']}").json["amount_due"]
    return amount


@pytest.mark.parametrize("kind", ["credit_notes", "payments"])
def test_a_credit_is_put_against_invoices_and_taken_off(program: Program, kind: str) -> None:
    program.customer()
    first, second = program.invoice(), program.invoice(external_id="o/2")
    credit = credit_note(program) if kind == "credit_notes" else program.payment(amount=5000)
    shares = [{"invoice": first["number"], "amount": 3000}, {"invoice": "o/2", "amount": 1500}]
    answer = program.post(f"/{kind}/{credit['number']}/allocations", {"allocations": shares})
    assert answer.status == 201
    assert [(row["invoice"], row["amount"], row["date"]) for row in answer.json["allocations"]] == [
        (first["id"], 3000, "2026-11-20"), (second["id"], 1500, "2026-11-20"),
    ]  # fmt: skip
    assert answer.json["amount_due" if kind == "credit_notes" else "unapplied"] == 500
    assert (open_of(program, first), open_of(program, second)) == (8900, 10400)
    taken = program.send("DELETE", f"/{kind}/{credit['id']}/allocations/o/2")
    assert (taken.status, [row["invoice"] for row in taken.json["allocations"]]) == (200, [first["id"]])
    assert unlinked(program.get(f"/{kind}/{credit['id']}").json) == unlinked(taken.json)
    assert open_of(program, second) == 11900
    program.send("DELETE", f"/{kind}/{credit['id']}/allocations/o/2").refused(404, "not_found")


@pytest.mark.parametrize(
    ("shares", "status", "code", "pointer"),
    [
        ([], 422, "invalid", "/allocations"),
        ([{"invoice": "A-1", "amount": 0}], 422, "invalid", "/allocations/0/amount"),
        ([{"invoice": "A-1", "amount": 5001}], 409, "credit_exceeded", "/allocations/0/amount"),
        (
            [{"invoice": "A-1", "amount": 3000}, {"invoice": "A-1", "amount": 3000}],
            409, "credit_exceeded", "/allocations/1/amount",
        ),
        ([{"invoice": "X", "amount": 1}, {"invoice": "Y", "amount": 1}], 404, "not_found", "/allocations/1/invoice"),
        ([{"invoice": "other", "amount": 1}], 422, "wrong_customer", "/allocations/0/invoice"),
        ([{"invoice": "usd", "amount": 1}], 409, "currency_mismatch", "/allocations/0/invoice"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["credit_notes", "payments"])
def test_a_wrong_allocation_changes_nothing(
    program: Program, kind: str, shares: list[Body], status: int, code: str, pointer: str
) -> None:
    program.customer()
    program.customer(external_id="other", name="Other")
    program.invoice(number="A-1")
    program.invoice(number="usd", currency="USD")
    program.invoice(number="other", customer="other")
    credit = credit_note(program) if kind == "credit_notes" else program.payment(amount=5000)
    before = program.get("/invoices").json, program.get(f"/{kind}").json
    program.post(f"/{kind}/{credit['id']}/allocations", {"allocations": shares}).refused(status, code, pointer)
    assert (program.get("/invoices").json, program.get(f"/{kind}").json) == before


def test_a_draft_is_not_applied(program: Program) -> None:
    program.customer()
    program.invoice(number="A-1")
    note = credit_note(program, draft=True)
    body = {"allocations": [{"invoice": "A-1", "amount": 1}]}
    program.post(f"/credit_notes/{note['id']}/allocations", body).refused(409, "wrong_state")
    assert program.get("/invoices/A-1").json["amount_due"] == 11900


def test_the_credit_balance_is_adjusted_and_read(program: Program) -> None:
    program.customer()
    credit_note(program)
    assert program.get("/customers/acme/credit_balance").json["balances"] == [{"currency": "EUR", "amount": 0}]
    body = {"amount": 5000, "currency": "EUR", "reason": "Goodwill"}
    first, again = (program.post("/customers/acme/credit_balance/adjustments", body, once="k") for _ in range(2))
    assert (first.status, first.json, again.headers["Idempotent-Replayed"]) == (201, again.json, "true")
    assert first.json | {"id": "", "created_at": "", "customer": ""} == {
        "object": "credit_adjustment", "id": "", "number": "ADJ-0001", "customer": "", "customer_external_id": "acme",
        "amount": 5000, "currency": "EUR", "reason": "Goodwill", "adjusted_on": "2026-11-20", "unapplied": 5000,
        "created_at": "",
    }  # fmt: skip
    program.payment(amount=200)
    program.made("/customers/acme/credit_balance/adjustments", body | {"amount": -700})
    assert program.get("/customers/acme/credit_balance").json["balances"] == [{"currency": "EUR", "amount": 4500}]
    rows = program.get("/customers/acme/credit_balance/adjustments").json["data"]
    assert [(row["number"], row["amount"]) for row in rows] == [("ADJ-0002", -700), ("ADJ-0001", 5000)]


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"amount": 0}, 422, "invalid", "/amount"),
        ({"amount": -101}, 409, "not_enough", "/amount"),
        ({"amount": 1.5}, 422, "invalid", "/amount"),
        ({"reason": " "}, 422, "invalid", "/reason"),
        ({"reason": "\u200b"}, 422, "invalid", "/reason"),
        ({"currency": "XYZ"}, 422, "invalid", "/currency"),
        ({"adjusted_on": "2026-11-21"}, 422, "invalid", "/adjusted_on"),
    ],
)
def test_a_wrong_adjustment_changes_nothing(
    program: Program, change: Body, status: int, code: str, pointer: str
) -> None:
    program.customer()
    program.payment(amount=100)
    body = {"amount": 1, "currency": "EUR", "reason": "Goodwill"} | change
    program.post("/customers/acme/credit_balance/adjustments", body).refused(status, code, pointer)
    assert program.get("/customers/acme/credit_balance").json["balances"] == [{"currency": "EUR", "amount": 100}]


def test_a_small_difference_is_written_off_with_the_payment(program: Program) -> None:
    program.customer()
    owed = program.invoice(number="A-1")
    short = [{"invoice": "A-1", "amount": 150, "reason": "bank_fee"}]
    program.payment(amount=11750, allocations=[{"invoice": "A-1", "amount": 11750}], write_offs=short)
    found = program.get(f"/invoices/{owed['id']}").json
    assert (found["status"], found["amount_due"]) == ("paid", 0)


def test_strangers_move_no_credit(program: Program, stranger: Program) -> None:
    program.customer()
    stranger.customer()
    invoice, credit, payment = program.invoice(), credit_note(program), program.payment(amount=5000)
    body = {"allocations": [{"invoice": invoice["id"], "amount": 100}]}
    for path in (f"/credit_notes/{credit['id']}", f"/payments/{payment['id']}"):
        program.made(f"{path}/allocations", body)
        stranger.post(f"{path}/allocations", body).refused(404, "not_found")
        stranger.send("DELETE", f"{path}/allocations/{invoice['id']}").refused(404, "not_found")
    own = stranger.payment(amount=5000)
    stranger.post(f"/payments/{own['id']}/allocations", body).refused(404, "not_found", "/allocations/0/invoice")
    customer = program.get("/customers/acme").json["id"]
    adjustment = {"amount": 1, "currency": "EUR", "reason": "x"}
    stranger.post(f"/customers/{customer}/credit_balance/adjustments", adjustment).refused(404, "not_found")
    stranger.get(f"/customers/{customer}/credit_balance").refused(404, "not_found")
    stranger.get(f"/customers/{customer}/credit_balance/adjustments").refused(404, "not_found")
    assert open_of(program, invoice) == 11700
