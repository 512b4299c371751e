"""Payment plans through the API."""

from typing import Any

import pytest

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_payment_settings
from portico.domain.documents.models import PaymentPlan
from portico.web.api.v1.tests.conftest import Program

_ROWS = [
    {"due_on": "2026-12-15", "amount": 4000},
    {"due_on": "2027-01-15", "amount": 4000},
    {"due_on": "2027-02-15", "amount": 3900},
]
_PLAN: dict[str, Any] = {"instalments": _ROWS, "needs_approval": False}


@pytest.fixture
def acme(program: Program, clock: Clock) -> Program:
    clock.set("2026-11-20")
    program.customer()
    return program


def _put(program: Program, path: str, body: object) -> Any:
    return program.send("PUT", path, body)


def _events(program: Program) -> list[str]:
    rows = Activity.objects.filter(business=program.business, verb__startswith="payment_plan.")
    return list(rows.order_by("id").values_list("verb", flat=True))


def test_plan_is_made_read_changed_and_canceled(acme: Program) -> None:
    owed = acme.invoice()
    path = f"/invoices/{owed['number']}/payment_plan"
    acme.get(path).refused(404, "not_found")
    made = _put(acme, path, _PLAN)
    assert made.status == 200
    assert _put(acme, path, _PLAN).json == made.json == acme.get(path).json
    plan = made.json
    assert plan.pop("id").startswith("plan_")
    assert plan.pop("created_at")
    assert plan == {
        "object": "payment_plan",
        "invoice": owed["id"],
        "number": owed["number"],
        "currency": "EUR",
        "status": "active",
        "needs_approval": False,
        "autopay": False,
        "approval": None,
        "instalments": [row | {"left": row["amount"], "status": "upcoming"} for row in _ROWS],
    }
    assert acme.get(f"/invoices/{owed['number']}").json["instalment_due_on"] == "2026-12-15"
    changed = _put(acme, path, {"instalments": [{"due_on": "2026-12-20", "amount": 11900}]}).json
    assert (changed["status"], changed["needs_approval"]) == ("awaiting_approval", True)
    assert acme.get(f"/invoices/{owed['number']}").json["instalment_due_on"] is None
    for _ in range(2):
        assert acme.send("DELETE", path).status == 204
    acme.get(path).refused(404, "not_found")
    assert _events(acme) == ["payment_plan.created", "payment_plan.changed", "payment_plan.canceled"]


@pytest.mark.parametrize(
    ("instalments", "pointer"),
    [
        ([], "/instalments"),
        ([{"due_on": "2026-12-15", "amount": 11899}], "/instalments"),
        ([{"due_on": "2026-12-15", "amount": 11901}], "/instalments"),
        ([{"due_on": "2026-12-15", "amount": 0}, {"due_on": "2027-01-15", "amount": 11900}], "/instalments/0/amount"),
        ([{"due_on": "2026-11-19", "amount": 11900}], "/instalments/0/due_on"),
        ([{"due_on": "2199-11-19", "amount": 11900}], "/instalments/0/due_on"),
        (
            [{"due_on": "2026-12-15", "amount": 5900}, {"due_on": "2026-12-15", "amount": 6000}],
            "/instalments/1/due_on",
        ),
        ([{"due_on": "soon", "amount": 11900}], "/instalments/0/due_on"),
    ],
)
def test_wrong_plan_is_refused_at_its_place(acme: Program, instalments: list[Any], pointer: str) -> None:
    path = f"/invoices/{acme.invoice()['number']}/payment_plan"
    answer = _put(acme, path, {"instalments": instalments})
    assert answer.status == 422
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert not PaymentPlan.objects.exists()
    assert _events(acme) == []


def test_past_due_follows_the_instalments(acme: Program, clock: Clock) -> None:
    owed = acme.invoice()
    path = f"/invoices/{owed['number']}"
    _put(acme, f"{path}/payment_plan", _PLAN)
    clock.set("2026-12-10")
    assert acme.get(path).json["status"] != "past_due"
    clock.set("2026-12-15")
    assert acme.get(path).json["status"] != "past_due"
    clock.set("2026-12-16")
    assert acme.get(path).json["status"] == "past_due"
    assert [row["status"] for row in acme.get(f"{path}/payment_plan").json["instalments"]] == [
        "missed", "upcoming", "upcoming",
    ]  # fmt: skip
    # Paying more than the missed one covers a part of the next.
    share = {"invoice": owed["id"], "amount": 5000}
    paid = acme.payment(amount=5000, paid_on="2026-12-16", allocations=[share])
    assert acme.get(path).json["status"] == "partially_paid"
    assert acme.get(path).json["instalment_due_on"] == "2027-01-15"
    assert [row["left"] for row in acme.get(f"{path}/payment_plan").json["instalments"]] == [0, 3000, 3900]
    acme.post(f"/payments/{paid['id']}/void")
    assert [row["left"] for row in acme.get(f"{path}/payment_plan").json["instalments"]] == [4000, 4000, 3900]
    assert acme.get(path).json["status"] == "past_due"
    acme.payment(paid_on="2026-12-16", allocations=[{"invoice": owed["id"], "amount": 11900}])
    plan = acme.get(f"{path}/payment_plan").json
    assert (plan["status"], [row["left"] for row in plan["instalments"]]) == ("finished", [0, 0, 0])
    assert acme.get(path).json["instalment_due_on"] is None


def test_plan_that_awaits_approval_moves_no_due_date(acme: Program, clock: Clock) -> None:
    path = f"/invoices/{acme.invoice()['number']}"
    _put(acme, f"{path}/payment_plan", {"instalments": _ROWS})
    clock.set("2026-12-10")
    assert acme.get(path).json["status"] == "past_due"
    assert acme.get(f"{path}/payment_plan").json["status"] == "awaiting_approval"


def test_no_instalment_is_due_before_the_invoice(acme: Program) -> None:
    ahead = acme.invoice(issued_on="2026-12-01", due_on="2026-12-31")
    path = f"/invoices/{ahead['id']}/payment_plan"
    early = {"instalments": [{"due_on": "2026-11-30", "amount": 11900}]}
    _put(acme, path, early).refused(422, "invalid", "/instalments/0/due_on")
    acme.get(path).refused(404, "not_found")


def test_business_says_whether_plans_need_approval(acme: Program) -> None:
    plan = {"instalments": [{"due_on": "2026-12-20", "amount": 11900}]}
    path = f"/invoices/{acme.invoice()['number']}/payment_plan"
    assert _put(acme, path, plan).json["status"] == "awaiting_approval"
    change_payment_settings(acme.business, {"plans_need_approval": False}, by=OPERATOR)
    assert (_put(acme, path, plan).json["status"], _put(acme, path, plan).json["needs_approval"]) == ("active", False)
    assert _put(acme, path, plan | {"needs_approval": True}).json["status"] == "awaiting_approval"


def test_program_does_not_approve(acme: Program) -> None:
    path = f"/invoices/{acme.invoice()['number']}/payment_plan"
    acme.post(f"{path}/approve").refused(404, "not_found")
    _put(acme, path, {"instalments": _ROWS})
    acme.post(f"{path}/approve").refused(403, "customer_only")
    assert acme.get(path).json["status"] == "awaiting_approval"
    assert _events(acme) == ["payment_plan.created"]


def test_what_is_not_owed_has_no_plan(acme: Program, stranger: Program) -> None:
    owed = acme.invoice()
    path = f"/invoices/{owed['id']}/payment_plan"
    _put(stranger, path, _PLAN).refused(404, "not_found")
    for method, ending in (("GET", ""), ("DELETE", ""), ("POST", "/approve")):
        stranger.send(method, path + ending).refused(404, "not_found")
    _put(acme, path, _PLAN)
    acme.post(f"/invoices/{owed['id']}/void")
    acme.get(path).refused(404, "not_found")
    _put(acme, path, _PLAN).refused(409, "wrong_state")
    draft = acme.invoice(draft=True)
    _put(acme, f"/invoices/{draft['id']}/payment_plan", _PLAN).refused(409, "wrong_state")
    assert PaymentPlan.objects.count() == 1
