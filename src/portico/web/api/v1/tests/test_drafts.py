"""The whole life of a draft, of every kind: written, changed, issued, deleted; and sending a document again."""

from datetime import date
from typing import Any

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.documents.check import differences as document_differences
from portico.domain.documents.models import Document, Line
from portico.domain.ledger.actions.set_lock_date import set_lock_date
from portico.domain.ledger.check import differences
from portico.domain.ledger.models import Account, Allocation, Entry
from portico.web.api.v1.tests.conftest import Program, unlinked

_WORK = {"description": "Work", "quantity": "1", "unit_price": "100", "tax_rate": "19"}
PATHS = ("/invoices", "/credit_notes", "/estimates", "/sales_orders")
_NUMBERS = {"/invoices": "INV-0001", "/credit_notes": "CN-0001", "/estimates": "EST-0001", "/sales_orders": "SO-0001"}


def body(**fields: Any) -> dict[str, Any]:
    return {"customer": "acme", "issued_on": "2026-11-01", "currency": "EUR", "lines": [_WORK]} | fields


def facts() -> tuple[object, ...]:
    """Everything that a refusal must leave alone."""
    tables = (Document, Line, Entry, Allocation, Account, Activity)
    return tuple(list(table._default_manager.order_by("pk").values()) for table in tables)


@pytest.mark.parametrize("path", PATHS)
def test_a_draft_of_every_kind_lives(program: Program, path: str) -> None:
    program.customer()
    program.customer(external_id="beta", name="Beta AG")
    draft = program.made(path, body(draft=True, title="First", discount="10", tax_rate="7"))
    assert (draft["status"], draft["number"]) == ("draft", None)
    assert draft["total"] == 11530  # 100.00 less 10 %, 19.00 on the line, and 7 % of 90.00 besides
    changed = program.send("PATCH", f"{path}/{draft['id']}", {"title": "Second", "customer": "beta"}).json
    assert (changed["title"], changed["customer_external_id"], changed["total"]) == ("Second", "beta", draft["total"])
    assert (changed["buyer"]["name"], changed["lines"]) == ("Beta AG", draft["lines"])
    changed = program.send(
        "PATCH", f"{path}/{draft['id']}", {"lines": [_WORK, _WORK], "discount": None, "tax_rate": None, "title": ""}
    ).json
    assert (changed["title"], changed["total"], len(changed["lines"])) == (None, 23800, 2)
    issued = program.post(f"{path}/{draft['id']}/issue")
    assert (issued.status, issued.json["number"], issued.json["total"]) == (200, _NUMBERS[path], 23800)
    assert program.post(f"{path}/{draft['id']}/issue").json["number"] == _NUMBERS[path], "again changes nothing"
    assert not [*differences(), *document_differences()]


@pytest.mark.parametrize("path", PATHS)
def test_a_draft_of_every_kind_is_deleted(program: Program, path: str) -> None:
    program.customer()
    draft = program.made(path, body(draft=True, external_id="order-1"))
    assert program.send("DELETE", f"{path}/order-1").status == 204
    program.get(f"{path}/{draft['id']}").refused(404, "not_found")
    program.send("DELETE", f"{path}/{draft['id']}").refused(404, "not_found")
    assert (Document.objects.count(), Line.objects.count()) == (0, 0)
    kind = draft["object"]
    assert list(Activity.objects.filter(subject_kind=kind).order_by("id").values_list("verb", flat=True)) == [
        f"{kind}.drafted", f"{kind}.draft_deleted",
    ]  # fmt: skip
    assert program.made(path, body(external_id="order-1"))["number"] == _NUMBERS[path], "its external id is free"


@pytest.mark.parametrize("path", PATHS)
def test_what_is_issued_is_neither_changed_nor_deleted(program: Program, path: str) -> None:
    program.customer()
    issued = program.made(path, body())
    before = facts()
    if path != "/estimates":
        problem = program.send("PATCH", f"{path}/{issued['id']}", {"title": "Other"}).refused(409, "already_issued")
        assert "void it" in problem["detail"]
    program.send("DELETE", f"{path}/{issued['id']}").refused(409, "already_issued")
    assert facts() == before


def test_an_issued_estimate_is_changed_and_asks_again(program: Program) -> None:
    program.customer()
    estimate = program.made("/estimates", body(terms="Prepaid", deposit={"percent": "30"}))
    program.post(f"/estimates/{estimate['id']}/approve", {"name": "Jane Doe"})
    changed = program.send("PATCH", f"/estimates/{estimate['id']}", {"terms": "30 days"}).json
    assert (changed["status"], changed["terms"], changed["deposit"]["percent"]) == ("issued", "30 days", "30")
    program.send("PATCH", f"/estimates/{estimate['id']}", {"number": "X"}).refused(422, "invalid", "/number")


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"lines": []}, 422, "invalid", "/lines"),
        ({"lines": None}, 422, "invalid", "/lines"),
        ({"customer": None}, 422, "invalid", "/customer"),
        ({"currency": "eur"}, 422, "invalid", "/currency"),
        ({"due_on": "2026-10-01"}, 422, "invalid", "/due_on"),
        ({"draft": False}, 422, "invalid", "/draft"),
        ({"customer": "nobody"}, 404, "not_found", "/customer"),
        ({"number": "INV-0001"}, 409, "number_taken", "/number"),
        ({"external_id": "taken"}, 409, "number_taken", "/external_id"),
        ({"lines": [_WORK | {"tax_category": "E", "tax_rate": "0"}]}, 422, "invalid", "/lines/0/tax_exemption_reason"),
    ],
)
def test_a_wrong_change_changes_nothing(
    program: Program, change: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    program.customer()
    program.invoice(external_id="taken")
    draft = program.invoice(draft=True)
    before = facts()
    program.send("PATCH", f"/invoices/{draft['id']}", change).refused(status, code, pointer)
    assert facts() == before


@pytest.mark.parametrize("path", PATHS)
def test_strangers_reach_no_draft(program: Program, stranger: Program, path: str) -> None:
    for other in (program, stranger):
        other.customer()
    draft = program.made(path, body(draft=True, external_id="order-1"))
    before = facts()
    for name in (draft["id"], "order-1"):
        stranger.send("PATCH", f"{path}/{name}", {"title": "Mine"}).refused(404, "not_found")
        stranger.post(f"{path}/{name}/issue").refused(404, "not_found")
        stranger.send("DELETE", f"{path}/{name}").refused(404, "not_found")
    assert facts() == before


@pytest.mark.parametrize("path", PATHS)
def test_the_same_document_again_stays_as_it_is(program: Program, path: str) -> None:
    program.customer()
    sent = body(external_id="order-7731", discount="3", tax_rate="7", notes=["One", {"text": "Two", "subject": "REG"}])
    first = program.post(path, sent)
    assert first.status == 201
    before = facts()
    again = program.post(path, sent)
    assert (again.status, again.json) == (200, first.json)
    assert facts() == before
    assert program.get(path).json["data"] == [unlinked(first.json)]


@pytest.mark.parametrize("path", PATHS)
def test_a_draft_that_is_sent_again_is_changed_and_issued(program: Program, path: str) -> None:
    program.customer()
    draft = program.made(path, body(external_id="order-1", draft=True))
    changed = program.post(path, body(external_id="order-1", draft=True, lines=[_WORK, _WORK]))
    assert (changed.status, changed.json["id"], changed.json["total"]) == (200, draft["id"], 23800)
    issued = program.post(path, body(external_id="order-1", lines=[_WORK, _WORK]))
    assert (issued.status, issued.json["id"], issued.json["number"]) == (200, draft["id"], _NUMBERS[path])
    assert program.post(path, body(external_id="order-1", lines=[_WORK, _WORK])).json["number"] == _NUMBERS[path]
    assert not [*differences(), *document_differences()]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"lines": [_WORK, _WORK]}, "/lines"),
        ({"lines": [_WORK | {"tax_rate": "7"}]}, "/lines"),
        ({"discount": {"amount": 1}}, "/discount"),
        ({"customer": "beta"}, "/customer"),
        ({"currency": "USD"}, "/currency"),
        ({"number": "X-1"}, "/number"),
        ({"purchase_order": "PO-2"}, "/purchase_order"),
        ({"notes": "Other"}, "/notes"),
        ({"draft": True}, "/draft"),
    ],
)
def test_another_document_under_an_issued_one_s_id_is_refused(
    program: Program, path: str, change: dict[str, Any], pointer: str
) -> None:
    program.customer()
    program.customer(external_id="beta", name="Beta AG")
    issued = program.made(path, body(external_id="order-1"))
    before = facts()
    problem = program.post(path, body(external_id="order-1", **change)).refused(409, "already_issued", pointer)
    assert issued["id"] in problem["detail"]
    assert "Void it" in problem["detail"]
    assert facts() == before


@pytest.mark.parametrize("path", PATHS)
def test_a_voided_document_gives_its_external_id_up(program: Program, path: str) -> None:
    program.customer()
    first = program.made(path, body(external_id="order-7731"))
    assert program.post(f"{path}/order-7731/void").status == 200
    assert program.get(f"{path}/order-7731").json["id"] == first["id"], "found as long as nothing takes its place"
    second = program.post(path, body(external_id="order-7731", title="Again"))
    assert (second.status, second.json["external_id"]) == (201, "order-7731")
    assert program.get(f"{path}/order-7731").json["id"] == second.json["id"]
    voided = program.get(f"{path}/{first['id']}").json
    assert (voided["status"], voided["external_id"]) == ("voided", "order-7731")
    program.post(f"{path}/order-7731/void")
    assert program.post(path, body(external_id="order-7731")).status == 201


def test_a_credit_note_sent_again_is_applied_once(program: Program) -> None:
    program.customer()
    program.invoice()
    sent = body(external_id="r-1", allocations=[{"invoice": "INV-0001", "amount": 5000}])
    first, again = program.post("/credit_notes", sent), program.post("/credit_notes", sent)
    assert (first.status, again.status) == (201, 200)
    assert again.json["allocations"] == first.json["allocations"]
    assert (again.json["amount_due"], Allocation.objects.count()) == (6900, 1)


def test_a_draft_is_issued_for_its_parties_of_the_day(program: Program) -> None:
    program.customer()
    draft = program.invoice(draft=True)
    program.customer(name="Acme AG")
    issued = program.post(f"/invoices/{draft['id']}/issue").json
    assert issued["buyer"]["name"] == "Acme AG"


def test_a_name_that_is_a_number_elsewhere_is_refused(program: Program) -> None:
    program.customer()
    program.invoice(number="A-1")
    before = facts()
    program.post("/invoices", body(number="A-1", external_id="new")).refused(409, "number_taken", "/number")
    assert facts() == before


def test_a_draft_is_not_issued_into_closed_books(program: Program) -> None:
    program.customer()
    draft = program.invoice(draft=True)
    set_lock_date(program.business, date(2026, 11, 10), by=OPERATOR)
    before = facts()
    assert program.post(f"/invoices/{draft['id']}/issue").status == 409
    assert facts() == before
    program.send("PATCH", f"/invoices/{draft['id']}", {"issued_on": "2026-11-11"})
    assert program.post(f"/invoices/{draft['id']}/issue").json["number"]
