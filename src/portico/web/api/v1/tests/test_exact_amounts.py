"""Amounts up to the largest there may be come back as they went in, whatever is done with them, on either database."""

from dataclasses import dataclass

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from portico.domain.activity.actor import OPERATOR
from portico.domain.documents import check as documents
from portico.domain.ledger import check as ledger
from portico.domain.payments import check as payments
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.models import Payment
from portico.lib.money import MAX_AMOUNT, MAX_BALANCE, to_major
from portico.web.api.v1.tests.conftest import Body, Program, invoice

CURRENCIES = ("JPY", "EUR", "KWD")
LARGEST = st.integers(2**31, MAX_AMOUNT) | st.sampled_from([2**31 - 1, 2**31, 2**32, 2**53 // 10, MAX_AMOUNT])


@dataclass(frozen=True)
class History:
    """What happens to one invoice: parts of its amount, in thousandths."""

    currency: str
    amount: int
    paid: int
    credited: int
    refunded: int


HISTORIES = st.builds(
    History,
    currency=st.sampled_from(CURRENCIES),
    amount=LARGEST,
    paid=st.integers(1, 1000),
    credited=st.integers(1, 1000),
    refunded=st.integers(0, 1000),
)


@dataclass
class Books:
    """A program's customer and the invoices it wrote so far."""

    program: Program
    count: int = 0

    def customer(self) -> str:
        """A new customer's external id: each history has an account of its own."""
        self.count += 1
        name = f"c{self.count}"
        self.program.made("/customers", {"external_id": name, "name": name})
        return name

    def document(self, path: str, customer: str, amount: int, currency: str, **more: object) -> Body:
        thousands, rest = divmod(amount, 1000)
        parts = [("1000", thousands), ("1", rest)]
        lines = [
            {"description": "Work", "quantity": quantity, "unit_price": f"{to_major(part, currency):f}"}
            for quantity, part in parts
        ]
        body = invoice(customer=customer, currency=currency, lines=lines)
        if path == "/credit_notes":
            del body["due_on"]
        return self.program.made(path, body | more)

    def open(self, name: str) -> int:
        found: int = self.program.get(f"/invoices/{name}").json["amount_due"]
        return found

    def total_of_all(self, currency: str) -> int:
        """What everybody owes together, as the ageing report has it."""
        answer = self.program.get(f"/reports/ageing?currency={currency}")
        assert answer.status == 200, answer.content
        found: int = answer.json["total"]["amount"]
        return found


@pytest.fixture
def books(program: Program) -> Books:
    return Books(program)


@given(history=HISTORIES)
# Without shrinking: a failing history says enough, and each takes a dozen requests.
@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
def test_amounts_are_exact_through_a_whole_history(books: Books, history: History) -> None:
    program, code, customer = books.program, history.currency, books.customer()
    before = books.total_of_all(code)
    bill = books.document("/invoices", customer, history.amount, code)
    assert books.open(bill["id"]) == history.amount

    part = max(history.amount * history.paid // 1000, 1)
    payment = {
        "customer": customer, "amount": history.amount, "currency": code, "paid_on": "2026-11-10",
        "method": "bank_transfer", "allocations": [{"invoice": bill["id"], "amount": part}],
    }  # fmt: skip
    paid = program.made("/payments", payment)
    assert (paid["unapplied"], books.open(bill["id"])) == (history.amount - part, history.amount - part)

    credit = min(max(history.amount * history.credited // 1000, 1), history.amount - part)
    if credit:
        note = books.document(
            "/credit_notes", customer, credit, code, allocations=[{"invoice": bill["id"], "amount": credit}]
        )
        assert note["amount_due"] == 0
    left = history.amount - part - credit
    assert books.open(bill["id"]) == left

    assert books.total_of_all(code) - before == left - (history.amount - part)
    back = history.amount * history.refunded // 1000
    if back:
        refund(Payment.objects.get(number=paid["number"]), back, by=OPERATOR)
        assert books.total_of_all(code) - before == left - (history.amount - part) + back
    assert_adds_up()

    other = books.document("/invoices", customer, history.amount, code)
    program.made(f"/invoices/{other['id']}/void", {})
    assert_adds_up()


def assert_adds_up() -> None:
    """Assert that `portico check-ledger` would find nothing."""
    assert [*ledger.differences(), *documents.differences(), *payments.differences()] == []


@pytest.mark.parametrize("currency", CURRENCIES)
def test_line_and_document_beyond_the_limit_are_refused(books: Books, currency: str) -> None:
    customer = books.customer()
    price = f"{to_major(MAX_AMOUNT // 10, currency):f}"
    line = {"description": "Work", "quantity": "11", "unit_price": price}
    body = invoice(customer=customer, currency=currency, lines=[line])
    books.program.post("/invoices", body).refused(422, "amount_too_large", "/lines/0")
    two = [line | {"quantity": "6"}] * 2
    answer = books.program.post("/invoices", invoice(customer=customer, currency=currency, lines=two))
    answer.refused(422, "amount_too_large", "/lines")
    assert books.program.get(f"/invoices?customer={customer}").json["data"] == []


def test_balance_that_grows_in_many_steps_ends_at_its_limit(books: Books) -> None:
    customer = books.customer()
    for _ in range(MAX_BALANCE // MAX_AMOUNT):
        books.document("/invoices", customer, MAX_AMOUNT, "EUR")
    line = {"description": "Work", "quantity": "1", "unit_price": "0.01"}
    answer = books.program.post("/invoices", invoice(customer=customer, lines=[line]))
    answer.refused(422, "balance_too_large")
    assert len(books.program.get(f"/invoices?customer={customer}&limit=100").json["data"]) == 9
    assert_adds_up()


def test_payment_beyond_the_limit_is_refused_at_its_amount(books: Books) -> None:
    payment = {
        "customer": books.customer(), "amount": MAX_AMOUNT + 1, "currency": "EUR", "paid_on": "2026-11-10",
        "method": "bank_transfer",
    }  # fmt: skip
    books.program.post("/payments", payment).refused(422, "invalid", "/amount")
    assert books.program.get("/payments").json["data"] == []
    assert books.program.post("/payments", payment | {"amount": MAX_AMOUNT}).status == 201
