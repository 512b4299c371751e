from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from portico.web.api.v1.tests.conftest import Body, Program, invoice, unlinked


def credit_note(**fields: Any) -> Body:
    """A credit note's body: 119.00 EUR for `acme`, unless said otherwise."""
    body = invoice(issued_on="2026-11-05") | fields
    del body["due_on"]
    return body


def test_a_credit_note_reads_as_it_was_written(program: Program) -> None:
    customer = program.customer()
    made = program.made("/credit_notes", credit_note(number="C/1", external_id="r-1", notes="Returned"))
    for name in (made["id"], "C/1", "r-1"):
        assert program.get(f"/credit_notes/{name}").json == made
    assert made["id"].startswith("cn_")
    shown = ("object", "status", "customer", "total", "amount_due", "allocations", "notes")
    assert [made[name] for name in shown] == ["credit_note", "open", customer["id"], 11900, 11900, [], "Returned"]
    assert program.get("/reports/ageing").json["unapplied"] == {"count": 1, "amount": -11900}


def test_it_is_put_against_invoices_at_once(program: Program) -> None:
    program.customer()
    first, second = program.invoice(external_id="a/1"), program.invoice()
    made = program.made(
        "/credit_notes",
        credit_note(allocations=[{"invoice": "a/1", "amount": 9000}, {"invoice": second["number"], "amount": 2900}]),
    )
    assert (made["status"], made["amount_due"]) == ("used", 0)
    assert made["allocations"] == [
        {"invoice": first["id"], "number": first["number"], "amount": 9000, "date": "2026-11-05"},
        {"invoice": second["id"], "number": second["number"], "amount": 2900, "date": "2026-11-05"},
    ]
    read = program.get(f"/invoices/{first['id']}").json
    assert (read["status"], read["amount_due"]) == ("partially_paid", 2900)
    assert program.get("/credit_notes?status=used").json["data"] == [unlinked(made)]
    assert program.get("/credit_notes?status=open").json["data"] == []


@pytest.mark.parametrize(
    ("allocation", "status", "code", "pointer"),
    [
        ({"invoice": "A-1", "amount": 11801}, 409, "amount_exceeds_open", "/allocations/1/amount"),
        ({"invoice": "A-2", "amount": 17751}, 409, "credit_exceeded", "/allocations/1/amount"),
        ({"invoice": "A-2", "amount": 0}, 422, "invalid", "/allocations/1/amount"),
        ({"invoice": "A-2", "amount": "5"}, 422, "invalid", "/allocations/1/amount"),
        ({"invoice": "nothing", "amount": 1}, 404, "not_found", "/allocations/1/invoice"),
        ({"invoice": "USD-1", "amount": 1}, 409, "currency_mismatch", "/allocations/1/invoice"),
        ({"invoice": "O-1", "amount": 1}, 422, "wrong_customer", "/allocations/1/invoice"),
        ({"invoice": "V-1", "amount": 1}, 409, "wrong_state", "/allocations/1/invoice"),
    ],
)
def test_one_wrong_allocation_refuses_it_whole(
    program: Program, allocation: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    program.customer()
    program.customer(external_id="other", name="Other")
    for fields in ({"number": "A-1"}, {"number": "A-2"}, {"number": "USD-1", "currency": "USD"}, {"number": "V-1"}):
        program.invoice(**fields)
    program.invoice(number="O-1", customer="other")
    program.post("/invoices/V-1/void")
    before = program.get("/invoices").json
    body = credit_note(allocations=[{"invoice": "A-1", "amount": 100}, allocation])
    body["lines"][0]["quantity"] = "1.5"
    program.post("/credit_notes", body).refused(status, code, pointer)
    assert program.get("/credit_notes").json["data"] == []
    assert program.get("/invoices").json == before


def test_a_draft_is_put_against_nothing(program: Program) -> None:
    program.customer()
    made = program.invoice()
    body = credit_note(draft=True, allocations=[{"invoice": made["id"], "amount": 100}])
    program.post("/credit_notes", body).refused(422, "invalid", "/allocations")
    assert program.get("/credit_notes").json["data"] == []


def test_a_credit_note_is_not_due(program: Program) -> None:
    program.customer()
    program.post("/credit_notes", credit_note() | {"due_on": "2026-12-01"}).refused(422, "invalid", "/due_on")


def test_voiding_makes_the_invoice_owed_again(program: Program) -> None:
    program.customer()
    owed = program.invoice()
    made = program.made("/credit_notes", credit_note(allocations=[{"invoice": owed["id"], "amount": 11900}]))
    voided = program.post(f"/credit_notes/{made['number']}/void").json
    assert voided == made | {"status": "voided", "voided_on": "2026-11-20", "allocations": []}
    assert program.get(f"/invoices/{owed['id']}").json == owed


def test_strangers_see_and_change_nothing(program: Program, stranger: Program) -> None:
    program.customer()
    stranger.customer()
    owed = program.invoice()
    made = program.made("/credit_notes", credit_note())
    stranger.get(f"/credit_notes/{made['id']}").refused(404, "not_found")
    stranger.post(f"/credit_notes/{made['id']}/void").refused(404, "not_found")
    body = credit_note(allocations=[{"invoice": owed["id"], "amount": 1}])
    stranger.post("/credit_notes", body).refused(404, "not_found", "/allocations/0/invoice")
    assert stranger.get("/credit_notes").json["data"] == []
    assert program.get(f"/credit_notes/{made['id']}").json == made


def test_a_list_takes_the_same_queries_however_long(
    program: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    program.customer()
    for _ in range(3):
        owed = program.invoice()
        program.made("/credit_notes", credit_note(allocations=[{"invoice": owed["id"], "amount": 1}]))
    # The key, the credit notes with their customers, the lines, and what they stand against.
    for limit in (1, 3):
        with django_assert_num_queries(4):
            program.get(f"/credit_notes?limit={limit}")
