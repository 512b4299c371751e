"""Estimates by programs: written, changed, decided on by somebody they name, converted once."""

from typing import Any

import pytest

from portico.web.api.v1.tests.conftest import Body, Program, unlinked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def acme(program: Program) -> Body:
    return program.customer()


def body(**fields: Any) -> Body:
    """An estimate of 119.00 EUR to `acme`, good until Christmas Eve."""
    line = {"description": "Work", "quantity": "1", "unit_price": "100", "tax_rate": "19"}
    return {
        "customer": "acme", "issued_on": "2026-11-01", "expires_on": "2026-12-24", "currency": "EUR", "lines": [line]
    } | fields  # fmt: skip


@pytest.fixture
def estimate(program: Program) -> Body:
    return program.made("/estimates", body(deposit={"percent": "30"}, external_id="e-1"))


def test_an_estimate_reads_as_it_was_written(program: Program, estimate: Body) -> None:
    assert (estimate["object"], estimate["status"], estimate["number"]) == ("estimate", "issued", "EST-0001")
    assert estimate["deposit"] == {"percent": "30", "amount": 3570, "paid": 0}
    assert (estimate["decision"], estimate["invoice"], estimate["expires_on"]) == (None, None, "2026-12-24")
    assert (estimate["total"], estimate["amount_due"]) == (11900, 0)
    assert "/s/dl_" in estimate["url"]
    for name in (estimate["id"], "e-1", "EST-0001"):
        assert program.get(f"/estimates/{name}").json == estimate
    assert program.get("/estimates?status=issued").json["data"] == [unlinked(estimate)]
    assert program.get("/estimates?status=approved").json["data"] == []


@pytest.mark.parametrize(
    "deposit", [{"percent": "0"}, {"percent": "101"}, {"amount": 0}, {"amount": 11901}, {"amount": -5}, "x", {}]
)
def test_a_deposit_that_can_not_be_is_refused(program: Program, deposit: object) -> None:
    answer = program.post("/estimates", body(deposit=deposit))
    assert answer.status == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/deposit"]
    assert program.get("/estimates").json["data"] == []


def test_a_program_approves_in_a_person_s_name_once(program: Program, estimate: Body) -> None:
    said = {"name": "Jane Doe", "note": "Signed order"}
    approved = program.made(f"/estimates/{estimate['id']}/approve", said)
    assert approved["status"] == "approved"
    decision = approved["decision"]
    assert (decision["outcome"], decision["name"], decision["note"]) == ("approved", "Jane Doe", "Signed order")
    assert (decision["entered_by"], len(decision["pdf_sha256"])) == ("api", 64)
    again = program.made(f"/estimates/{estimate['id']}/approve", {"name": "John Roe"})
    assert again["decision"] == decision
    program.post(f"/estimates/{estimate['id']}/decline").refused(409, "wrong_state")


@pytest.mark.parametrize("said", [{}, {"name": " "}, {"name": "x" * 201}, {"name": "Jane", "ip": "1.2.3.4"}])
def test_an_approval_names_who(program: Program, estimate: Body, said: Body) -> None:
    assert program.post(f"/estimates/{estimate['id']}/approve", said).status == 422
    assert program.get("/estimates/e-1").json == estimate


def test_a_program_declines_with_a_reason(program: Program, estimate: Body) -> None:
    declined = program.made("/estimates/e-1/decline", {"reason": "Too dear"})
    assert (declined["status"], declined["decision"]["note"]) == ("declined", "Too dear")
    program.post("/estimates/e-1/approve", {"name": "Jane Doe"}).refused(409, "wrong_state")


def test_an_expired_estimate_is_not_approved(program: Program) -> None:
    expired = program.made("/estimates", body(expires_on="2026-11-19"))
    assert expired["status"] == "expired"
    program.post(f"/estimates/{expired['id']}/approve", {"name": "Jane Doe"}).refused(409, "estimate_expired")
    program.post(f"/estimates/{expired['id']}/convert").refused(409, "wrong_state")
    assert program.get(f"/estimates/{expired['id']}").json == expired


def test_a_change_keeps_the_number_and_asks_again(program: Program, estimate: Body) -> None:
    program.made("/estimates/e-1/approve", {"name": "Jane Doe"})
    line = {"description": "Less work", "quantity": "1", "unit_price": "50"}
    changed = program.send("PUT", "/estimates/e-1", body(lines=[line], terms="Soon")).json
    assert (changed["id"], changed["number"], changed["status"]) == (estimate["id"], "EST-0001", "issued")
    assert (changed["total"], changed["terms"], changed["deposit"], changed["decision"]) == (5000, "Soon", None, None)
    assert [line["description"] for line in changed["lines"]] == ["Less work"]
    assert program.get("/estimates/e-1").json == changed
    assert program.made("/estimates/e-1/approve", {"name": "Jane Doe"})["decision"]["name"] == "Jane Doe"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"customer": "other"}, "/customer"),
        ({"currency": "USD"}, "/currency"),
        ({"number": "EST-9"}, "/number"),
        ({"external_id": "e-9"}, "/external_id"),
        ({"expires_on": "2026-10-01"}, "/expires_on"),
        ({"deposit": {"amount": 20000}}, "/deposit"),
    ],
)
def test_a_change_of_what_stays_is_refused(program: Program, estimate: Body, fields: Body, pointer: str) -> None:
    program.customer(external_id="other")
    answer = program.send("PUT", "/estimates/e-1", body(**fields))
    assert answer.status == 422
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert program.get("/estimates/e-1").json == estimate


def test_an_approved_estimate_becomes_one_invoice(program: Program, estimate: Body) -> None:
    program.post("/estimates/e-1/convert").refused(409, "wrong_state")
    program.made("/estimates/e-1/approve", {"name": "Jane Doe"})
    invoice = program.made("/estimates/e-1/convert", {"due_on": "2026-12-20"})
    assert (invoice["object"], invoice["total"], invoice["due_on"]) == ("invoice", 11900, "2026-12-20")
    assert program.made("/estimates/e-1/convert", {})["id"] == invoice["id"]
    assert len(program.get("/invoices").json["data"]) == 1
    read = program.get("/estimates/e-1").json
    assert (read["status"], read["invoice"]) == ("invoiced", invoice["id"])
    program.send("PUT", "/estimates/e-1", body()).refused(409, "wrong_state")
    assert program.get("/estimates/e-1").json == read


def test_a_withdrawn_estimate_stays_so(program: Program, estimate: Body) -> None:
    assert program.made("/estimates/e-1/void", {})["status"] == "voided"
    program.post("/estimates/e-1/approve", {"name": "Jane Doe"}).refused(409, "wrong_state")
    program.send("PUT", "/estimates/e-1", body()).refused(409, "wrong_state")


def test_another_business_s_estimate_is_not_there(program: Program, stranger: Program, estimate: Body) -> None:
    for action, said in (("approve", {"name": "Eve"}), ("decline", {}), ("convert", {}), ("void", {})):
        stranger.post(f"/estimates/{estimate['id']}/{action}", said).refused(404, "not_found")
    assert program.get("/estimates/e-1").json == estimate
