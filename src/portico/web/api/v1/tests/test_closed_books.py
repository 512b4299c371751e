"""A lock date: nothing changes a day on or before it, and what happens later counts from the first open day."""

from datetime import date
from typing import Any

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.documents.actions.issue import issue
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.ledger.check import differences
from portico.domain.ledger.errors import PeriodClosed
from portico.domain.ledger.models import Allocation, Entry
from portico.domain.payments.models import Payment
from portico.web.api.v1.tests.conftest import Body, Program, invoice, payment


@pytest.fixture
def books(program: Program) -> Program:
    """An invoice of September and what was paid in advance of it, then the books are closed up to October."""
    program.customer()
    program.invoice(issued_on="2026-09-10", number="OLD-1")
    program.payment(paid_on="2026-09-01", external_id="early", allocations=[])
    program.made("/credit_notes", credit_note(issued_on="2026-09-12", number="OLD-2"))
    close(program, "2026-10-31")
    return program


def credit_note(**fields: Any) -> Body:
    return {name: value for name, value in invoice(**fields).items() if name != "due_on"}


def close(program: Program, day: str | None) -> None:
    assert program.send("PATCH", "/business", {"lock_date": day}).status == 200


@pytest.mark.parametrize("day", ["2026-10-31", "2020-01-01"])
@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/invoices", invoice(), "issued_on"),
        ("/credit_notes", credit_note(), "issued_on"),
        ("/payments", payment(allocations=[]), "paid_on"),
        (
            "/customers/acme/credit_balance/adjustments",
            {"amount": 500, "currency": "EUR", "reason": "Goodwill"},
            "adjusted_on",
        ),
        ("/payments/early/refunds", {"amount": 100, "by_hand": True}, "refunded_on"),
    ],
)
def test_what_is_dated_in_a_closed_period_is_refused(
    books: Program, path: str, body: dict[str, Any], field: str, day: str
) -> None:
    if field == "refunded_on" and day < "2026-09-01":
        pytest.skip("before the payment itself")
    if field == "adjusted_on":
        body = body | {"adjusted_on": day}
    before = (Entry.objects.count(), Activity.objects.count(), Document.objects.count())
    answer = books.post(path, body | {field: day})
    answer.refused(409, "period_closed", f"/{field}")
    assert (Entry.objects.count(), Activity.objects.count(), Document.objects.count()) == before


def test_the_day_after_is_open_and_drafts_and_estimates_are_of_any_day(books: Program) -> None:
    assert books.post("/invoices", invoice(issued_on="2026-11-01", due_on=None)).status == 201
    assert books.post("/estimates", credit_note(issued_on="2026-10-01")).status == 201
    draft = books.post("/invoices", invoice(issued_on="2026-10-01", due_on=None, draft=True))
    assert draft.status == 201
    row = Document.objects.get(lifecycle=Lifecycle.DRAFT)
    with pytest.raises(PeriodClosed):
        issue(row, by=OPERATOR)
    row.refresh_from_db()
    assert (row.lifecycle, row.number) == (Lifecycle.DRAFT, "")


def test_applying_what_is_older_counts_from_the_first_open_day_or_today(books: Program) -> None:
    share = {"allocations": [{"invoice": "OLD-1", "amount": 100}]}
    assert books.post("/credit_notes/OLD-2/allocations", share).status == 201
    assert books.post("/payments/early/allocations", share).status == 201
    days = set(Allocation.objects.values_list("date", flat=True))
    assert days <= {date(2026, 11, 1), date(2026, 11, 20)}
    assert len(days) >= 1
    assert list(differences()) == []


def test_void_counts_from_today_and_a_slip_from_its_own_day_or_the_first_open_one(books: Program) -> None:
    assert books.post("/invoices/OLD-1/void").json["voided_on"] == "2026-11-20"
    assert books.post("/payments/early/void", {"slip": True}).json["voided_on"] == "2026-11-01"
    close(books, None)
    books.payment(paid_on="2019-03-01", external_id="typo", allocations=[])
    voided = books.post("/payments/typo/void", {"slip": True, "reason": "2019 for 2026"})
    assert voided.json["voided_on"] == "2019-03-01"
    event = Activity.objects.filter(verb="payment.voided").latest("id")
    assert (event.data["slip"], event.data["on"]) == (True, "2019-03-01")
    bounced = books.payment(paid_on="2026-11-02", external_id="bounced", allocations=[])
    assert books.post(f"/payments/{bounced['id']}/void").json["voided_on"] == "2026-11-20"
    assert list(differences()) == []


def test_statements_between_a_slip_and_its_void_are_right(program: Program) -> None:
    """A payment of 2019 that was voided today left every opening balance since wrong."""
    program.customer()
    program.invoice(issued_on="2024-12-01", due_on=None)
    program.payment(paid_on="2019-03-01", external_id="typo", allocations=[])
    program.post("/payments/typo/void", {"slip": True})
    statement = program.get("/customers/acme/statement?type=balance_forward&start=2025-01-01&end=2025-01-31").json
    assert statement["opening"] == 11900


def test_early_day_is_warned_of_and_recorded(books: Program) -> None:
    close(books, None)
    answer = books.post("/payments", payment(paid_on="2019-03-01", allocations=[]))
    assert answer.status == 201
    assert answer.json["warnings"] == [
        "The day is before 2026-09-10, the first on which money of this customer is expected."
    ]
    assert Payment.objects.filter(paid_on=date(2019, 3, 1)).exists()
    assert books.post("/payments", payment(paid_on="2026-09-10", allocations=[])).json["warnings"] == []
