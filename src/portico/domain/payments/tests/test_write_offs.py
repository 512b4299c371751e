"""A payment that comes in a little short, and money for what nobody expected any more."""

from datetime import date, timedelta

import pytest

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents import check as documents
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.undo_write_off import undo_write_off
from portico.domain.documents.actions.void import void
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.errors import WrongState
from portico.domain.documents.models import Document, Status, WriteOff, WriteOffKind
from portico.domain.documents.tests.test_lifecycle import facts
from portico.domain.ledger import check, statements
from portico.domain.ledger.models import Account
from portico.domain.ledger.tests.history import new_business, new_customer, new_document, pay
from portico.domain.payments.actions.record_payment import Difference, PaymentInput, record_payment
from portico.domain.payments.models import Method, Payment
from portico.lib.errors import PorticoError

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


@pytest.fixture
def customer(clock: Clock) -> Customer:
    return new_customer(new_business())


def receive(customer: Customer, amount: int, *shares: Share, short: list[Difference]) -> Payment:
    data = PaymentInput(amount, "EUR", TODAY, Method.BANK_TRANSFER, shares, differences=short)
    return record_payment(customer, data, by=OPERATOR)


def read(document: Document) -> tuple[int, int, Status]:
    found = Document.objects.get(pk=document.pk)
    return found.open_amount, found.written_off, found.status(TODAY)


def in_order() -> bool:
    return not [*check.differences(), *documents.differences()]


@pytest.mark.parametrize("kind", [WriteOffKind.DIFFERENCE, WriteOffKind.BANK_FEE])
def test_small_difference_is_written_off_in_the_same_step(customer: Customer, kind: WriteOffKind) -> None:
    invoice = new_document(customer, 1000, TODAY - timedelta(days=5))
    receive(customer, 985, Share(invoice, 985), short=[Difference(invoice, 15, kind)])
    assert read(invoice) == (0, 0, Status.PAID)
    assert (Account.objects.get().balance, WriteOff.objects.get().kind) == (0, kind)
    assert in_order()


@pytest.mark.parametrize("amount", [0, 16, -1])
def test_wrong_difference_records_no_payment(customer: Customer, amount: int) -> None:
    invoice = new_document(customer, 1000, TODAY)
    before = facts()
    with pytest.raises(PorticoError) as refusal:
        receive(customer, 985, Share(invoice, 985), short=[Difference(invoice, amount)])
    assert refusal.value.fields[0].pointer.startswith("/write_offs")
    assert facts() == before


def test_difference_of_a_strangers_invoice_is_refused(customer: Customer) -> None:
    theirs = new_document(new_customer(customer.business, "Beta"), 1000, TODAY)
    before = facts()
    with pytest.raises(PorticoError):
        receive(customer, 985, short=[Difference(theirs, 15)])
    assert facts() == before


def test_written_off_invoice_is_expected_again(customer: Customer, clock: Clock) -> None:
    invoice = new_document(customer, 1000, TODAY)
    write_off(invoice, by=OPERATOR)
    clock.advance(days=7)
    undo_write_off(Document.objects.get(pk=invoice.pk), by=OPERATOR)
    assert read(invoice) == (1000, 0, Status.ISSUED)
    assert in_order()
    past = statements.open_item(Account.objects.get(), TODAY, today=date(2026, 11, 27), edges=(30,))
    assert past.items == [], "what was written off then stays written off in the past"
    before = facts()
    with pytest.raises(WrongState):
        undo_write_off(Document.objects.get(pk=invoice.pk), by=OPERATOR)
    assert facts() == before


def test_write_off_of_a_voided_invoice_is_not_undone(customer: Customer) -> None:
    invoice = new_document(customer, 1000, TODAY)
    write_off(invoice, by=OPERATOR)
    void(invoice, by=OPERATOR)
    before = facts()
    with pytest.raises(WrongState):
        undo_write_off(Document.objects.get(pk=invoice.pk), by=OPERATOR)
    assert facts() == before


@pytest.mark.parametrize("hidden", [False, True])
def test_fee_and_rest_are_undone_apart(customer: Customer, *, hidden: bool) -> None:
    """A bank's fee and what was uncollectible stand on one invoice, and each can be expected again."""
    invoice = new_document(customer, 1000, TODAY - timedelta(days=5))
    receive(customer, 600, Share(invoice, 600), short=[Difference(invoice, 15, WriteOffKind.BANK_FEE)])
    write_off(Document.objects.get(pk=invoice.pk), by=OPERATOR, hidden=hidden)
    fee = WriteOff.objects.get(kind=WriteOffKind.BANK_FEE)
    undo_write_off(Document.objects.get(pk=invoice.pk), by=OPERATOR, only={fee.pk})
    assert read(invoice) == (15, 385, Status.PARTIALLY_PAID)
    before = facts()
    with pytest.raises(WrongState):
        undo_write_off(Document.objects.get(pk=invoice.pk), by=OPERATOR, only={fee.pk})
    assert facts() == before
    undo_write_off(Document.objects.get(pk=invoice.pk), by=OPERATOR)
    assert read(invoice) == (400, 0, Status.PARTIALLY_PAID)
    assert in_order()


def test_money_for_a_written_off_invoice_pays_it(customer: Customer, clock: Clock) -> None:
    invoice = new_document(customer, 1000, TODAY - timedelta(days=40))
    pay(customer, 100, TODAY - timedelta(days=35), Share(invoice, 100))
    write_off(invoice, by=OPERATOR, on=TODAY - timedelta(days=10))
    pay(customer, 900, TODAY, Share(invoice, 900))
    assert read(invoice) == (0, 0, Status.PAID)
    assert Account.objects.get().balance == 0
    assert in_order()


@pytest.mark.parametrize("days", [0, 10, 20])
def test_part_of_a_written_off_invoice_leaves_the_rest_written_off(customer: Customer, days: int) -> None:
    """Whether the money came before the write-off, on its day, or after it."""
    invoice = new_document(customer, 1000, TODAY - timedelta(days=40))
    write_off(invoice, by=OPERATOR, on=TODAY - timedelta(days=10), reason="Insolvent")
    pay(customer, 300, TODAY - timedelta(days=days), Share(invoice, 300))
    assert read(invoice) == (0, 700, Status.WRITTEN_OFF)
    assert Account.objects.get().balance == 0
    assert WriteOff.objects.get(reversed_on=None).reason == "Insolvent"
    assert in_order()


def test_more_money_than_was_written_off_is_refused(customer: Customer) -> None:
    invoice = new_document(customer, 1000, TODAY)
    write_off(invoice, by=OPERATOR)
    before = facts()
    with pytest.raises(PorticoError):
        pay(customer, 2000, TODAY, Share(invoice, 1001))
    assert facts() == before


def test_payment_form_sent_twice_records_once(customer: Customer) -> None:
    invoice = new_document(customer, 1000, TODAY)
    data = PaymentInput(500, "EUR", TODAY, Method.CASH, [Share(invoice, 500)], submission="form-1")
    first = record_payment(customer, data, by=OPERATOR)
    again = record_payment(customer, data, by=OPERATOR)
    assert (first.pk, again.unapplied, Payment.objects.count(), read(invoice)[0]) == (again.pk, 0, 1, 500)
    other = PaymentInput(501, "EUR", TODAY, Method.CASH, submission="form-1")
    before = facts()
    with pytest.raises(PorticoError) as refusal:
        record_payment(customer, other, by=OPERATOR)
    assert (refusal.value.code, facts()) == ("submission_used", before)
