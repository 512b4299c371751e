"""What a customer has is put against invoices, and taken off again: dated, and never more than there is."""

from datetime import date, timedelta

import pytest

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share, apply_credit
from portico.domain.documents.actions.issue import issue
from portico.domain.documents.actions.take_off import take_off
from portico.domain.documents.actions.void import void
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.errors import WrongState
from portico.domain.documents.models import Document, Kind, WriteOff
from portico.domain.documents.tests.test_lifecycle import facts
from portico.domain.ledger import check, statements
from portico.domain.ledger.errors import NotEnough
from portico.domain.ledger.models import Account, Allocation, Item
from portico.domain.ledger.tests.history import new_business, new_customer, new_document, pay
from portico.domain.payments.actions.adjust_credit import AdjustmentInput, adjust_credit
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.models import CreditAdjustment
from portico.lib.errors import Conflict, Invalid, NotFound

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


@pytest.fixture
def customer(clock: Clock) -> Customer:
    return new_customer(new_business())


def owed(document: Document) -> int:
    return Document.objects.get(pk=document.pk).open_amount


def item(thing: Document | CreditAdjustment) -> Item:
    return Item.objects.select_related("account").get(pk=thing.pk)


def give(customer: Customer, amount: int, *, on: date | None = None, submission: str = "") -> CreditAdjustment:
    data = AdjustmentInput(amount, "EUR", "Goodwill", on, submission)
    return adjust_credit(customer, data, by=OPERATOR)


def test_unapplied_payment_is_put_against_an_invoice_from_today(customer: Customer) -> None:
    payment = pay(customer, 700, TODAY - timedelta(days=9))
    invoice = new_document(customer, 1000, TODAY - timedelta(days=30))
    apply_credit(payment.item, [Share(invoice, 600)], by=OPERATOR)
    assert owed(invoice) == 400
    assert Allocation.objects.get().date == TODAY
    past = statements.open_item(Account.objects.get(), TODAY - timedelta(days=1), today=TODAY, edges=(30,))
    assert {row.number: row.open for row in past.items} == {"INV-0001": 1000, "PAY-0001": -700}
    assert Activity.objects.get(verb="payment.applied").data["invoices"] == [["INV-0001", 600]]


@pytest.mark.parametrize("kind", ["payment", "credit_note", "credit_adjustment", "negative invoice"])
def test_every_kind_of_credit_can_be_applied_and_taken_off(customer: Customer, clock: Clock, kind: str) -> None:
    credit = {
        "payment": lambda: pay(customer, 500, TODAY).item,
        "credit_note": lambda: item(new_document(customer, 500, TODAY, kind=Kind.CREDIT_NOTE)),
        "credit_adjustment": lambda: item(give(customer, 500)),
        "negative invoice": lambda: item(new_document(customer, -500, TODAY)),
    }[kind]()
    invoice = new_document(customer, 800, TODAY)
    apply_credit(credit, [Share(invoice, 500)], by=OPERATOR)
    assert owed(invoice) == 300
    clock.advance(days=3)
    assert take_off(credit, invoice, by=OPERATOR, amount=200) == 200
    assert take_off(credit, invoice, by=OPERATOR) == 300
    assert (owed(invoice), item(invoice).open, Item.objects.get(pk=credit.pk).open) == (800, 800, -500)
    assert {row.date for row in Allocation.objects.filter(amount__lt=0)} == {date(2026, 11, 23)}
    assert not list(check.differences())


def test_more_than_there_is_is_neither_applied_nor_taken_off(customer: Customer) -> None:
    payment = pay(customer, 500, TODAY)
    invoice, other = new_document(customer, 300, TODAY), new_document(customer, 300, TODAY)
    apply_credit(payment.item, [Share(invoice, 300)], by=OPERATOR)
    before = facts()
    with pytest.raises(NotEnough):
        apply_credit(payment.item, [Share(other, 201)], by=OPERATOR)
    with pytest.raises(NotEnough):
        apply_credit(payment.item, [Share(other, 100), Share(other, 101)], by=OPERATOR)
    with pytest.raises(NotEnough):
        take_off(payment.item, invoice, by=OPERATOR, amount=301)
    with pytest.raises(NotEnough):
        take_off(payment.item, other, by=OPERATOR)
    assert facts() == before


def test_credit_is_not_spent_in_the_past_when_it_is_spent_since(customer: Customer) -> None:
    payment = pay(customer, 500, TODAY - timedelta(days=20))
    invoice = new_document(customer, 300, TODAY - timedelta(days=20))
    apply_credit(payment.item, [Share(invoice, 300)], by=OPERATOR)
    other = new_document(customer, 300, TODAY - timedelta(days=20))
    before = facts()
    with pytest.raises(NotEnough):
        apply_credit(payment.item, [Share(other, 300)], by=OPERATOR, on=TODAY - timedelta(days=10))
    assert facts() == before


def test_what_is_no_credit_of_the_customers_is_not_moved(customer: Customer) -> None:
    payment, invoice = pay(customer, 500, TODAY), new_document(customer, 300, TODAY)
    stranger = new_customer(customer.business, "Beta")
    theirs = new_document(stranger, 300, TODAY)
    voided, given_up = new_document(customer, 300, TODAY), new_document(customer, 300, TODAY)
    void(voided, by=OPERATOR)
    write_off(given_up, by=OPERATOR)
    draft = new_document(customer, 5, TODAY, draft=True)
    lost = Item.objects.select_related("account").get(pk=WriteOff.objects.get().pk)
    before = facts()
    for refused in (
        lambda: apply_credit(item(invoice), [Share(given_up, 1)], by=OPERATOR),
        lambda: apply_credit(lost, [Share(invoice, 1)], by=OPERATOR),
        lambda: apply_credit(payment.item, [Share(voided, 1)], by=OPERATOR),
        lambda: take_off(lost, given_up, by=OPERATOR),
        lambda: take_off(payment.item, theirs, by=OPERATOR),
    ):
        with pytest.raises(WrongState):
            refused()
    with pytest.raises(Invalid):
        apply_credit(payment.item, [Share(theirs, 1)], by=OPERATOR)
    with pytest.raises(NotFound):
        apply_credit(payment.item, [Share(draft, 1)], by=OPERATOR)
    assert facts() == before


def test_new_invoice_takes_open_credit_oldest_first_where_the_business_wants_it(customer: Customer) -> None:
    old = pay(customer, 300, TODAY - timedelta(days=9))
    note = new_document(customer, 500, TODAY - timedelta(days=5), kind=Kind.CREDIT_NOTE)
    assert owed(new_document(customer, 100, TODAY)) == 100, "nothing happens where it is not wanted"
    change_portal_settings(customer.business, {"apply_credits_to_new_invoices": True}, by=OPERATOR)
    customer.business.refresh_from_db()
    invoice = new_document(customer, 600, TODAY)
    assert (invoice.open_amount, owed(invoice), owed(note)) == (0, 0, 200)
    assert Item.objects.get(pk=old.item_id).open == 0
    draft = new_document(customer, 500, TODAY, draft=True)
    assert owed(note) == 200, "a draft owes nothing"
    assert issue(draft, by=OPERATOR).open_amount == 300
    assert (owed(draft), owed(note)) == (300, 0)
    assert Activity.objects.filter(verb="credit_note.applied").count() == 2
    assert not list(check.differences())


def test_invoice_dated_ahead_takes_credit_on_its_own_day(customer: Customer) -> None:
    change_portal_settings(customer.business, {"apply_credits_to_new_invoices": True}, by=OPERATOR)
    customer.business.refresh_from_db()
    pay(customer, 300, TODAY)
    invoice = new_document(customer, 200, TODAY + timedelta(days=4))
    assert (owed(invoice), Allocation.objects.get().date) == (0, invoice.issued_on)


def test_adjustment_gives_credit_and_takes_it_away(customer: Customer) -> None:
    given = give(customer, 500)
    assert (given.number, given.item.open, Account.objects.get().balance) == ("ADJ-0001", -500, -500)
    payment = pay(customer, 200, TODAY - timedelta(days=1))
    taken = give(customer, -600)
    assert [Item.objects.get(pk=key).open for key in (payment.pk, given.pk, taken.pk)] == [0, -100, 0]
    assert Account.objects.get().balance == -100
    before = facts(), CreditAdjustment.objects.count()
    with pytest.raises(NotEnough):
        give(customer, -101)
    assert (facts(), CreditAdjustment.objects.count()) == before
    assert not list(check.differences())


def test_credit_notes_are_a_ledger_of_their_own(customer: Customer) -> None:
    new_document(customer, 500, TODAY, kind=Kind.CREDIT_NOTE)
    with pytest.raises(NotEnough):
        give(customer, -1)
    assert not CreditAdjustment.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        AdjustmentInput(0, "EUR", "Goodwill"),
        AdjustmentInput(5, "EUR", " "),
        AdjustmentInput(5, "EURO", "Goodwill"),
        AdjustmentInput(10**16, "EUR", "Goodwill"),
        AdjustmentInput(5, "EUR", "Goodwill", TODAY + timedelta(days=1)),
    ],
)
def test_wrong_adjustment_changes_nothing(customer: Customer, data: AdjustmentInput) -> None:
    before = facts()
    with pytest.raises(Invalid):
        adjust_credit(customer, data, by=OPERATOR)
    assert facts() == before


def test_adjustment_form_sent_twice_adjusts_once(customer: Customer) -> None:
    assert give(customer, 500, submission="form-1").pk == give(customer, 500, submission="form-1").pk
    with pytest.raises(Conflict):
        give(customer, 501, submission="form-1")
    assert (CreditAdjustment.objects.count(), Account.objects.get().balance) == (1, -500)


def test_voiding_a_payment_whose_credit_was_taken_away_leaves_that_owed(customer: Customer) -> None:
    payment = pay(customer, 500, TODAY)
    give(customer, -200)
    void_payment(payment, by=OPERATOR)
    assert Account.objects.get().balance == 200
    assert not list(check.differences())
