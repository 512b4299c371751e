"""One search for programs: what it finds, of whom, and how it refuses."""

import pytest

from portico.web.api.v1.tests.conftest import Program


@pytest.fixture
def selling(program: Program) -> Program:
    program.customer(name="ÄRZTEHAUS Söhne")
    invoice = program.invoice(number="INV-0739", external_id="order-7", purchase_order="PO-88")
    program.payment(allocations=[{"invoice": invoice["id"], "amount": 11900}], reference="Transfer 4711")
    program.made("/estimates", {**_body(), "number": "EST-1"})
    program.made("/invoices", {**_body(), "draft": True, "title": "Rewiring"})
    return program


def _body() -> dict[str, object]:
    line = {"description": "Work", "quantity": "1", "unit_price": "7"}
    return {"customer": "acme", "issued_on": "2026-11-01", "currency": "EUR", "lines": [line]}


def found(program: Program, query: str) -> list[tuple[str, str | None]]:
    answer = program.get(f"/search?q={query}")
    assert answer.status == 200, answer.content
    return [(row["kind"], row["number"]) for row in answer.json["data"]]


def test_it_finds_rows_of_every_kind_that_their_address_answers_with(selling: Program) -> None:
    assert found(selling, "SOEHNE") == [("customer", None)]
    assert found(selling, "inv+739") == [("invoice", "INV-0739"), ("payment", "PAY-0001")]
    assert found(selling, "po-88")[0] == found(selling, "order-7")[0] == ("invoice", "INV-0739")
    assert found(selling, "4711") == [("payment", "PAY-0001")]
    assert found(selling, "rewiring") == [("invoice", None)], "a draft"
    assert found(selling, "%C3%A4rztehaus+est") == [("estimate", "EST-1")]
    assert found(selling, "zzz") == found(selling, "%E2%82%AC") == []
    for row in [row for query in ("haus", "119.00", "est-1") for row in selling.get(f"/search?q={query}").json["data"]]:
        assert row["name"] == "ÄRZTEHAUS Söhne"
        read = selling.get(row["url"].removeprefix("http://testserver/api/v1")).json
        assert (read["object"], read["id"], read["external_id"]) == (row["kind"], row["id"], row["external_id"])
        assert row["amount"] in {read.get("payable"), read.get("amount")}
        assert row["customer"] == read.get("customer", read["id"])


def test_it_says_when_there_is_more(selling: Program) -> None:
    for number in range(3):
        selling.made("/invoices", {**_body(), "number": f"Q-{number}"})
    answer = selling.get("/search?q=q&limit=2").json
    assert [row["number"] for row in answer["data"]] == ["Q-2", "Q-1"]
    assert (answer["has_more"], answer["next_cursor"]) == (True, None)
    assert selling.get("/search?q=q&limit=3").json["has_more"] is False


def test_another_business_s_key_finds_nothing(selling: Program, stranger: Program) -> None:
    for query in ("haus", "739", "acme", "119.00", "4711", "order-7"):
        assert found(selling, query)
        assert found(stranger, query) == []


def test_what_is_wrong_is_refused(selling: Program) -> None:
    selling.get("/search").refused(422, "invalid", "/q")
    selling.get("/search?q=").refused(422, "invalid", "/q")
    selling.get("/search?q=a&limit=101").refused(422, "invalid", "/limit")
    selling.get("/search?q=a&kinds=invoice").refused(422, "invalid", "/kinds")
