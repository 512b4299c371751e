"""What a business keeps of a customer beside its address: terms, limit, metadata, what it owes, archive, contacts."""

from typing import Any

import pytest

from portico.domain.customers.models import Customer
from portico.web.api.v1.tests.conftest import Program, invoice

_TERMS: dict[str, Any] = {
    "legal_name": "Acme Leuchten GmbH",
    "payment_terms_days": 14,
    "credit_limit": {"amount": 500_000, "currency": "EUR"},
    "reminders_stopped": True,
    "staff_notes": "Asks for order numbers.",
    "metadata": {"crm": "A-17", "segment": "lamps"},
}


def test_all_of_it_reads_as_written_and_can_be_emptied(program: Program) -> None:
    made = program.customer(**_TERMS)
    assert {name: made[name] for name in _TERMS} == _TERMS
    emptied = program.patch("/customers/acme", dict.fromkeys(_TERMS)).json
    nothing = dict.fromkeys(_TERMS) | {"reminders_stopped": False, "metadata": {}}
    assert {name: emptied[name] for name in _TERMS} == nothing
    assert program.patch("/customers/acme", {"metadata": {"a": "b"}}).json == emptied | {"metadata": {"a": "b"}}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"payment_terms_days": 366}, "/payment_terms_days"),
        ({"payment_terms_days": "14"}, "/payment_terms_days"),
        ({"credit_limit": {"amount": 0, "currency": "EUR"}}, "/credit_limit/amount"),
        ({"credit_limit": {"amount": 5}}, "/credit_limit/currency"),
        ({"metadata": {"": "x"}}, "/metadata"),
        ({"metadata": {"x": "y" * 501}}, "/metadata"),
        ({"metadata": {str(number): "" for number in range(51)}}, "/metadata"),
        ({"metadata": {"x": 1}}, "/metadata/x"),
        ({"tax_id": "DE12"}, "/tax_id"),
        ({"name": ""}, "/name"),
        ({"name": "\u200b \u2060"}, "/name"),
        ({"contacts": [{"name": "\u200b"}]}, "/contacts/0/name"),
        ({"name": "Acme\r\nBcc: x@x.example"}, "/name"),
        ({"name": "Acme\u2028GmbH"}, "/name"),
        ({"phone": "040\x851"}, "/phone"),
        ({"email": "ap@acme\u2028.example"}, "/email"),
        ({"email": "ap@ac\u200bme.example"}, "/email"),
        ({"email": '"a\x08p"@acme.example'}, "/email"),
        ({"contacts": [{"name": "Eva\nKlein"}]}, "/contacts/0/name"),
        ({"contacts": [{"name": "Eva", "email": "eva@acme\u2029.example"}]}, "/contacts/0/email"),
        ({"addresses": [{"kind": "shipping", "city": "Ber\u2028lin"}]}, "/addresses/0/city"),
        ({"addresses": [{"kind": "shipping", "country": "XX"}]}, "/addresses/0/country"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(program: Program, change: dict[str, Any], pointer: str) -> None:
    before = program.customer(**_TERMS)
    program.patch("/customers/acme", change).refused(422, "invalid", pointer)
    program.post("/customers", {"external_id": "acme"} | change).refused(422, "invalid", pointer)
    assert program.get("/customers/acme").json == before


def test_a_change_may_give_another_external_id_but_no_taken_one(program: Program) -> None:
    made = program.customer()
    program.customer(external_id="other", name="Other")
    program.patch("/customers/acme", {"external_id": "other"}).refused(409, "external_id_taken", "/external_id")
    assert program.patch("/customers/acme", {"external_id": "acme-2"}).json["id"] == made["id"]
    program.get("/customers/acme").refused(404, "not_found")
    assert program.get("/customers/acme-2").json["id"] == made["id"]


def test_what_is_owed_reads_by_currency(program: Program) -> None:
    program.customer(payment_terms_days=10)
    late = program.invoice(issued_on="2026-10-01", due_on="2026-10-15")
    program.invoice(issued_on="2026-11-20", due_on=None)
    program.payment(amount=5_000, paid_on="2026-11-01", allocations=[{"invoice": late["id"], "amount": 5_000}])
    found = program.get("/customers/acme").json
    assert found["balance"] == [{"amount": 18_800, "currency": "EUR"}]
    assert found["past_due"] == [{"amount": 6_900, "currency": "EUR"}]
    assert program.get("/customers?expand=balance").json["data"] == [found]
    assert program.get("/customers").json["data"] == [found | {"balance": None, "past_due": None}]


def test_an_invoice_without_a_due_date_falls_due_by_the_terms(program: Program) -> None:
    program.customer(payment_terms_days=10)
    body = invoice(issued_on="2026-11-01")
    del body["due_on"]
    assert program.made("/invoices", body)["due_on"] == "2026-11-11"


def test_an_archived_customer_is_left_out_and_gets_no_invoice(program: Program) -> None:
    made = program.customer()
    archived = program.post("/customers/acme/archive", {}).json
    assert archived["archived_at"]
    assert program.post("/customers/acme/archive", {}).json == archived
    assert program.get("/customers").json["data"] == []
    for query in ("archived=true", "archived=all"):
        assert [row["id"] for row in program.get(f"/customers?{query}").json["data"]] == [made["id"]]
    program.post(
        "/invoices",
        {"customer": "acme", "issued_on": "2026-11-01", "currency": "EUR",
         "lines": [{"description": "Lamp", "quantity": 1, "unit_price": "5"}]},
    ).refused(409, "customer_archived")  # fmt: skip
    assert program.get("/invoices").json["data"] == []
    assert program.post("/customers/acme/unarchive", {}).json == made


def test_contacts_are_kept_one_by_one(program: Program) -> None:
    program.customer(contacts=[{"name": "Eva Klein"}])
    made = program.made("/customers/acme/contacts", {"name": "Ali Can", "email": "ali@acme.example"})
    here = f"/customers/acme/contacts/{made['id']}"
    assert program.patch(here, {"role": "CFO", "main": True}).json == made | {"role": "CFO"}
    assert [row["name"] for row in program.get("/customers/acme").json["contacts"]] == ["Ali Can", "Eva Klein"]
    program.patch(here, {"email": "ali"}).refused(422, "invalid", "/email")
    program.patch(here, {"name": None}).refused(422, "invalid", "/name")
    program.customer(external_id="other")
    program.patch(f"/customers/other/contacts/{made['id']}", {"role": ""}).refused(404, "not_found")
    assert program.delete(here).status == 204
    assert [row["name"] for row in program.get("/customers/acme").json["contacts"]] == ["Eva Klein"]
    program.delete(here).refused(404, "not_found")


def test_strangers_change_nothing(program: Program, stranger: Program) -> None:
    made = program.customer(contacts=[{"name": "Eva Klein"}])
    contact = f"contacts/{made['contacts'][0]['id']}"
    before = list(Customer.objects.values())
    for answer in (
        stranger.patch(f"/customers/{made['id']}", {"name": "Mine"}),
        stranger.post(f"/customers/{made['id']}/archive", {}),
        stranger.post(f"/customers/{made['id']}/contacts", {"name": "Me"}),
        stranger.patch(f"/customers/{made['id']}/{contact}", {"name": "Me"}),
        stranger.delete(f"/customers/{made['id']}/{contact}"),
    ):
        answer.refused(404, "not_found")
    assert list(Customer.objects.values()) == before
    assert program.get("/customers/acme").json == made
