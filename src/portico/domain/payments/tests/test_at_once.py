"""Any two changes of one account at the same moment: neither waits for the other for ever, and the books stay right."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection

from portico.domain.activity.actor import OPERATOR, Actor
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.documents import check as documents
from portico.domain.documents.actions.apply import Share, apply_credit, apply_credit_note
from portico.domain.documents.actions.approve_plan import approve_plan
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.actions.credit import put_credit_note
from portico.domain.documents.actions.decide import Evidence, approve, decline
from portico.domain.documents.actions.issue import issue
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, cancel_plan, make_plan
from portico.domain.documents.actions.take_off import take_off
from portico.domain.documents.actions.undo_write_off import undo_write_off
from portico.domain.documents.actions.view import mark_viewed
from portico.domain.documents.actions.void import void
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.models import Document, Kind, Lifecycle, PaymentPlan
from portico.domain.documents.plans import Interval, days_from, equal_parts
from portico.domain.documents.totals import LineInput
from portico.domain.ledger import check as ledger
from portico.domain.ledger.models import Account, Item
from portico.domain.payments import check as payments
from portico.domain.payments.actions.adjust_credit import AdjustmentInput, adjust_credit
from portico.domain.payments.actions.autopay import leave
from portico.domain.payments.actions.record_dispute import record_dispute
from portico.domain.payments.actions.record_outcome import record_outcome
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.start_refund import start_refund
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.gateway import DisputeNews, DisputeOutcome, MethodDetails, Outcome, OutcomeState
from portico.domain.payments.models import Method, Payment, State
from portico.intake.actions.import_file import Run
from portico.intake.ubl.tests.samples import Sample
from portico.lib.errors import PorticoError
from tests.shop import Shop

pytestmark = pytest.mark.django_db(transaction=True)

_PAUSE = 0.01
_LOCKS = (
    "FOR UPDATE",
    "FOR NO KEY UPDATE",
    'UPDATE "customers_customer"',
    'UPDATE "documents_paymentplan"',
    'INSERT INTO "documents_document"',
)


class Books:
    """One customer with something of every kind, and every change of it that there is."""

    def __init__(self, shop: Shop, serial: int) -> None:
        address = {"line1": "Bryggen 9", "postal_code": "5003", "city": "Bergen", "country": "NO"}
        data = CustomerInput(f"c-{serial}", f"Fjord {serial}", addresses={"billing": address})
        self.shop, self.serial = shop, serial
        self.customer = shop.customer = upsert_customer(shop.business, data, by=OPERATOR)[0]
        self.draft = self.write(Kind.INVOICE, draft=True)
        self.first, self.second = shop.invoice(100), shop.invoice(100)
        self.credit_note = self.write(Kind.CREDIT_NOTE)
        self.estimate = self.write(Kind.ESTIMATE)
        self.attempt = shop.start(self.second, submission=f"form-{serial}")
        self.third = shop.invoice(50)
        self.collected = self.charged()
        write_off(self.third, by=OPERATOR)
        self.payment = self.pay(Share(self.first, 3000))
        self.planned = self.plan(3)

    def plan(self, number: int) -> PaymentPlan:
        self.first.refresh_from_db()
        days = days_from(self.shop.business.today(), number, Interval.MONTH)
        parts = equal_parts(self.first.open_amount, number)
        rows = [InstalmentInput(*row) for row in zip(days, parts, strict=True)]
        return make_plan(self.first, PlanInput(rows, collects=True), by=OPERATOR)

    def write(self, kind: Kind, *, draft: bool = False) -> Document:
        return create_document(self.shop.business, self.customer, self.input(kind, draft=draft), by=OPERATOR)

    def input(self, kind: Kind, *, draft: bool = False) -> DocumentInput:
        day = self.shop.business.today()
        return DocumentInput(kind, "EUR", day, [LineInput("Work", Decimal(1), Decimal(50))], draft=draft)

    def pay(self, *shares: Share) -> Payment:
        day = self.shop.business.today() - timedelta(days=1)
        return record_payment(self.customer, PaymentInput(6000, "EUR", day, Method.BANK_TRANSFER, shares), by=OPERATOR)

    def charged(self) -> Payment:
        attempt = self.shop.start(self.third, submission=f"done-{self.serial}")
        done = Outcome(OutcomeState.SUCCEEDED, f"done-{self.serial}", 5000, "EUR")
        payment = record_outcome(attempt, done).payment
        assert payment is not None
        self.third = self.shop.invoice(50)
        return payment

    def collect(self) -> None:
        card = MethodDetails(kind=Method.CARD, token=f"card-{self.serial}")
        collected = Outcome(OutcomeState.SUCCEEDED, f"ch-{self.serial}", 10000, "EUR", method=card)
        record_outcome(self.attempt, collected)

    def dispute(self) -> None:
        lost = DisputeOutcome(f"d-{self.serial}", "charge", DisputeNews.LOST, 5000)
        record_dispute(self.collected, self.shop.gateway.provider_account, lost)

    def import_file(self) -> None:
        sample = Sample(number=f"F-{self.serial}", buyer_name=self.customer.name)
        assert Run(self.shop.business, by=OPERATOR).take(sample.bytes(), name="f").status in {"imported", "unchanged"}

    def credit(self) -> None:
        shares = [Share(self.second, 1000), Share(self.first, 1000)]
        put_credit_note(self.shop.business, self.customer, self.input(Kind.CREDIT_NOTE), shares, by=OPERATOR)


def _customer(books: Books) -> Actor:
    return Actor("customer", books.customer.pk, "Kari", "")


CHANGES: dict[str, Callable[[Books], Any]] = {
    "create": lambda books: books.write(Kind.INVOICE),
    "issue": lambda books: issue(books.draft, by=OPERATOR),
    "void the draft": lambda books: void(books.draft, by=OPERATOR),
    "void": lambda books: void(books.first, by=OPERATOR),
    "void the credit note": lambda books: void(books.credit_note, by=OPERATOR),
    "write off": lambda books: write_off(books.first, by=OPERATOR),
    "apply": lambda books: apply_credit_note(books.credit_note, [Share(books.first, 5000)], by=OPERATOR),
    "credit": Books.credit,
    "pay": lambda books: books.pay(Share(books.second, 2000), Share(books.first, 4000)),
    "apply the payment": lambda books: apply_credit(books.payment.item, [Share(books.second, 500)], by=OPERATOR),
    "take off": lambda books: take_off(books.payment.item, books.first, by=OPERATOR),
    "adjust": lambda books: adjust_credit(books.customer, AdjustmentInput(-500, "EUR", "Error"), by=OPERATOR),
    "undo the write-off": lambda books: undo_write_off(books.third, by=OPERATOR),
    "start a refund": lambda books: start_refund(books.collected, 1000, by=OPERATOR),
    "dispute": Books.dispute,
    "refund": lambda books: refund(books.payment, 5000, by=OPERATOR),
    "void the payment": lambda books: void_payment(books.payment, by=OPERATOR),
    "start an attempt": lambda books: books.shop.start(books.first, submission=f"again-{books.serial}"),
    "collect": Books.collect,
    "plan": lambda books: books.plan(1),
    "plan otherwise": lambda books: books.plan(2),
    "approve the plan": lambda books: approve_plan(books.planned, Evidence(name="Kari"), by=_customer(books)),
    "cancel the plan": lambda books: cancel_plan(books.first, by=OPERATOR),
    "leave AutoPay": lambda books: leave(books.customer, by=OPERATOR),
    "approve": lambda books: approve(books.estimate, by=OPERATOR),
    "decline": lambda books: decline(books.estimate, by=OPERATOR),
    "view": lambda books: mark_viewed(books.first, by=_customer(books)),
    "import": Books.import_file,
    "edit the customer": lambda books: upsert_customer(
        books.shop.business, CustomerInput(books.customer.external_id, phone="1"), by=OPERATOR
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_any_two_changes_at_once_both_end_and_the_books_are_right(shop: Shop, name: str) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite writes one transaction at a time, so there is nothing to wait for crosswise")
    for serial, other in enumerate(list(CHANGES)[list(CHANGES).index(name) :]):
        books = Books(shop, serial)
        failures = list(_at_once(books, CHANGES[name], CHANGES[other]))
        assert not failures, (name, other, failures)
        differences = chain(ledger.differences(), documents.differences(), payments.differences())
        assert not list(differences), (name, other)
        assert not list(_contradictions(books)), (name, other)


def test_two_first_changes_at_once_share_one_account(shop: Shop) -> None:
    assert not list(_at_once(shop, Shop.invoice, Shop.invoice))
    assert Account.objects.get().balance == 20000
    assert not list(chain(ledger.differences(), documents.differences()))


def _at_once[T](books: T, *changes: Callable[[T], Any]) -> Iterator[Exception]:
    """Make changes at the same moment, slowed down where they lock; yields what went wrong but for refusals."""
    gate = Barrier(len(changes), timeout=30)

    def make(change: Callable[[T], Any]) -> Exception | None:
        try:
            with connection.execute_wrapper(_slowly):
                gate.wait()
                change(books)
        except PorticoError:
            return None
        except Exception as error:  # noqa: BLE001  # whatever it is, the test says of which pair
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(changes)) as pool:
        yield from filter(None, pool.map(make, changes))


def _slowly(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Run a statement, and wait after one that locks, so that the other change comes to its own lock meanwhile."""
    result = execute(sql, params, many, context)
    if any(lock in sql for lock in _LOCKS):
        Event().wait(_PAUSE)
    return result


def _contradictions(books: Books) -> Iterator[str]:
    account = Account.objects.get(customer=books.customer)
    for item in Item.objects.filter(account=account):
        if not 0 <= item.open * (1 if item.amount > 0 else -1) <= abs(item.amount):
            yield f"{item}: {item.open} of {item.amount} is open"
    for document in Document.objects.filter(customer=books.customer).exclude(lifecycle=Lifecycle.ISSUED):
        if document.open_amount or document.written_off:
            yield f"{document} is {document.lifecycle} and {document.open_amount} open"
        if document.lifecycle == Lifecycle.DRAFT and Item.objects.filter(pk=document.pk).exists():
            yield f"{document} is a draft on the ledger"
    payment = Payment.objects.get(pk=books.payment.pk)
    if payment.refunded and payment.state == State.VOIDED:
        yield f"{payment} is refunded and voided"
