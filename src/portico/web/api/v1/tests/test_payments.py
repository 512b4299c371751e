from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from portico.web.api.v1.tests.conftest import Program, payment, unlinked


def test_a_payment_reads_as_it_was_recorded(program: Program) -> None:
    customer = program.customer()
    owed = program.invoice(external_id="o/1")
    made = program.payment(
        amount=12000,
        reference="RF18",
        external_id="bank/1",
        note="Thanks",
        allocations=[{"invoice": "o/1", "amount": 11900}],
    )
    for name in (made["id"], made["number"], "bank/1"):
        assert program.get(f"/payments/{name}").json == made
    assert made["pdf_url"] == f"{made['url']}.pdf"
    made = unlinked(made)
    assert made.pop("id").startswith("pay_")
    assert made.pop("created_at")
    assert made == {
        "object": "payment",
        "number": "PAY-0001",
        "external_id": "bank/1",
        "status": "succeeded",
        "customer": customer["id"],
        "customer_external_id": "acme",
        "amount": 12000,
        "currency": "EUR",
        "paid_on": "2026-11-10",
        "voided_on": None,
        "method": "bank_transfer",
        "reference": "RF18",
        "note": "Thanks",
        "unapplied": 100,
        "refunded": 0,
        "disputed": 0, "disputes": [], "fee": 0, "payment_attempt": None, "estimate": None,
        "allocations": [
            {"invoice": owed["id"], "number": owed["number"], "amount": 11900, "date": "2026-11-10"}
        ],
    }  # fmt: skip
    assert program.get("/invoices/o/1").json["status"] == "paid"


def test_a_payment_may_pay_several_or_none(program: Program) -> None:
    program.customer()
    numbers = [program.invoice()["number"] for _ in range(3)]
    made = program.payment(allocations=[{"invoice": number, "amount": 3000} for number in numbers])
    assert ([row["number"] for row in made["allocations"]], made["unapplied"]) == (numbers, 2900)
    assert program.payment(amount=1)["unapplied"] == 1


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"amount": 0}, 422, "invalid", "/amount"),
        ({"amount": -5}, 422, "invalid", "/amount"),
        ({"amount": 1.5}, 422, "invalid", "/amount"),
        ({"amount": 100.0}, 422, "invalid", "/amount"),
        ({"amount": "100"}, 422, "invalid", "/amount"),
        ({"amount": True}, 422, "invalid", "/amount"),
        ({"amount": 10**30}, 422, "invalid", "/amount"),
        ({"currency": "XYZ"}, 422, "invalid", "/currency"),
        ({"paid_on": "2026-11-22"}, 422, "invalid", "/paid_on"),
        ({"method": "gold"}, 422, "invalid", "/method"),
        ({"method": ""}, 422, "invalid", "/method"),
        ({"referense": "x"}, 422, "invalid", "/referense"),
        ({"reference": "x" * 256}, 422, "invalid", "/reference"),
        ({"customer": "nobody"}, 404, "not_found", "/customer"),
        ({"external_id": "bank-1"}, 409, "number_taken", "/external_id"),
        ({"allocations": [{"invoice": "A-1"}]}, 422, "invalid", "/allocations/0/amount"),
        ({"allocations": [{"invoice": "A-1", "amount": 11901}]}, 422, "invalid", "/allocations"),
        (
            {"amount": 20000, "allocations": [{"invoice": "A-1", "amount": 11901}]},
            409, "amount_exceeds_open", "/allocations/0/amount",
        ),
        (
            {"allocations": [{"invoice": "A-1", "amount": 6000}, {"invoice": "D", "amount": 1}]},
            404, "not_found", "/allocations/1/invoice",
        ),
        (
            {"allocations": [{"invoice": "A-1", "amount": 5900}, {"invoice": "A-1", "amount": 6000}]},
            409, "amount_exceeds_open", "/allocations/1/amount",
        ),
        (
            {"currency": "USD", "allocations": [{"invoice": "A-1", "amount": 1}]},
            409, "currency_mismatch", "/allocations/0/invoice",
        ),
    ],
)  # fmt: skip
def test_a_wrong_payment_is_refused_and_changes_nothing(
    program: Program, change: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    program.customer()
    program.invoice(number="A-1")
    program.invoice(external_id="D", draft=True)
    program.payment(amount=100, external_id="bank-1", allocations=[{"invoice": "A-1", "amount": 100}])
    before = program.get("/payments").json, program.get("/invoices").json
    program.post("/payments", payment(**change)).refused(status, code, pointer)
    assert (program.get("/payments").json, program.get("/invoices").json) == before


def test_voiding_makes_what_it_paid_owed_again(program: Program) -> None:
    program.customer()
    owed = program.invoice()
    made = program.payment(allocations=[{"invoice": owed["id"], "amount": 11900}])
    voided = program.post(f"/payments/{made['id']}/void", {"reason": "Bounced"}).json
    assert voided == made | {"status": "voided", "voided_on": "2026-11-20", "allocations": [], "unapplied": 0}
    assert program.post(f"/payments/{made['number']}/void").json == voided
    assert program.get(f"/invoices/{owed['id']}").json == owed


def test_strangers_see_and_change_nothing(program: Program, stranger: Program) -> None:
    program.customer()
    stranger.customer()
    owed = program.invoice()
    made = program.payment()
    for name in (made["id"], made["number"]):
        stranger.get(f"/payments/{name}").refused(404, "not_found")
        stranger.post(f"/payments/{name}/void").refused(404, "not_found")
    body = payment(allocations=[{"invoice": owed["id"], "amount": 1}])
    stranger.post("/payments", body).refused(404, "not_found", "/allocations/0/invoice")
    assert stranger.get("/payments").json["data"] == []
    assert program.get(f"/payments/{made['id']}").json == made


def test_the_list_is_narrowed_and_goes_on(program: Program) -> None:
    program.customer()
    program.customer(external_id="other", name="Other")
    early = program.payment(paid_on="2026-10-01")
    other = program.payment(customer="other", currency="USD", external_id="o/1")
    last = program.payment()
    program.post(f"/payments/{last['id']}/void")

    def found(query: str) -> list[str]:
        return [row["id"] for row in program.get(f"/payments?{query}").json["data"]]

    assert found("") == [last["id"], other["id"], early["id"]]
    assert found("status=voided") == [last["id"]]
    assert found("customer=other") == found("currency=USD") == found("external_id=o/1") == [other["id"]]
    assert found("paid_to=2026-10-31") == found(f"number={early['number']}") == [early["id"]]
    cursor = program.get("/payments?limit=2").json["next_cursor"]
    assert found(f"limit=2&cursor={cursor}") == [early["id"]]
    program.get("/payments?status=paid").refused(422, "invalid", "/status")


def test_a_list_takes_the_same_queries_however_long(
    program: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    program.customer()
    for _ in range(3):
        owed = program.invoice()
        program.payment(allocations=[{"invoice": owed["id"], "amount": 1}])
    # The key, the payments with their customers, their disputes, and what they stand against.
    for limit in (1, 3):
        with django_assert_num_queries(4):
            program.get(f"/payments?limit={limit}")


def test_deposit_of_an_estimate_is_recorded(program: Program) -> None:
    program.customer()
    line = {"description": "Kitchen", "quantity": "1", "unit_price": "1000"}
    estimate = program.made(
        "/estimates",
        {
            "customer": "acme", "issued_on": "2026-11-01", "currency": "EUR", "lines": [line],
            "deposit": {"percent": "30"},
        },
    )  # fmt: skip
    program.made(f"/estimates/{estimate['number']}/approve", {"name": "Jane Doe"})
    for changed, status, code in (
        ({"estimate": "EST-9999", "amount": 30000}, 404, "not_found"),
        ({"estimate": estimate["number"], "amount": 30001}, 409, "deposit_not_due"),
    ):
        program.post("/payments", payment(**changed)).refused(status, code, "/estimate")
    assert program.get("/payments").json["data"] == []
    made = program.payment(estimate=estimate["number"], amount=30000)
    assert made["estimate"] == estimate["id"]
    invoice = program.made(f"/estimates/{estimate['number']}/convert", {})
    assert invoice["amount_due"] == 70000
