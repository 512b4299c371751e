from datetime import date, timedelta

import pytest

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.errors import WrongState
from portico.domain.documents.models import Document, Status
from portico.domain.documents.tests.test_lifecycle import facts
from portico.domain.ledger.errors import NotEnough
from portico.domain.ledger.models import Account
from portico.domain.ledger.tests.history import new_business, new_customer, new_document, pay
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.models import Payment, State
from portico.lib.errors import Invalid, PorticoError

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


def left(payment: Payment) -> int:
    return Payment.objects.select_related("item").get(pk=payment.pk).unapplied


def owed(document: Document) -> int:
    return Document.objects.get(pk=document.pk).open_amount


def test_one_payment_over_several_invoices_leaves_the_rest_as_credit(clock: Clock) -> None:
    customer = new_customer(new_business())
    first, second = new_document(customer, 1000, TODAY), new_document(customer, 2000, TODAY)
    payment = pay(customer, 2600, TODAY, Share(first, 1000), Share(second, 1500))
    assert (owed(first), owed(second), left(payment)) == (0, 500, 100)
    assert Account.objects.get(customer=customer).balance == 400


def test_money_may_come_before_its_invoice(clock: Clock) -> None:
    """It counts from the day both exist: in between it is the customer's credit."""
    customer = new_customer(new_business())
    invoice = new_document(customer, 1000, TODAY)
    payment = pay(customer, 1000, TODAY - timedelta(days=10), Share(invoice, 1000))
    assert payment.item.given.get().date == TODAY
    assert owed(invoice) == 0


@pytest.mark.parametrize("case", ["nothing", "future", "over-allocated", "more than open", "unknown currency"])
def test_a_payment_that_cannot_be_recorded_changes_nothing(clock: Clock, case: str) -> None:
    customer = new_customer(new_business())
    invoice = new_document(customer, 1000, TODAY)
    before = facts()
    attempts = {
        "nothing": lambda: pay(customer, 0, TODAY),
        "future": lambda: pay(customer, 10, TODAY + timedelta(days=2)),
        "over-allocated": lambda: pay(customer, 500, TODAY, Share(invoice, 501)),
        "more than open": lambda: pay(customer, 2000, TODAY, Share(invoice, 1001)),
        "unknown currency": lambda: pay(customer, 10, TODAY, currency="EURO"),
    }
    with pytest.raises(PorticoError):
        attempts[case]()
    assert facts() == before
    assert pay(customer, 10, TODAY).number == "PAY-0001", "a refused payment uses no number up"


def test_spending_more_than_there_was_is_refused_in_the_past_too(clock: Clock) -> None:
    """What was applied later can't be applied again earlier."""
    customer = new_customer(new_business())
    invoice = new_document(customer, 1000, TODAY - timedelta(days=20))
    pay(customer, 1000, TODAY, Share(invoice, 1000))
    before = facts()
    with pytest.raises(NotEnough):
        pay(customer, 500, TODAY - timedelta(days=10), Share(invoice, 500))
    assert facts() == before


def test_a_voided_payment_takes_back_what_it_paid_on_the_day_of_the_void(clock: Clock) -> None:
    customer = new_customer(new_business())
    invoice = new_document(customer, 1000, TODAY - timedelta(days=5))
    payment = pay(customer, 1200, TODAY - timedelta(days=3), Share(invoice, 1000))
    voided = void_payment(payment, by=OPERATOR)
    assert (voided.state, voided.voided_on, owed(invoice), left(payment)) == (State.VOIDED, TODAY, 1000, 0)
    assert {row.date for row in payment.item.given.filter(amount__lt=0)} == {TODAY}
    before = facts()
    void_payment(payment, by=OPERATOR)
    assert facts() == before, "a second void changes nothing"


def test_a_refund_takes_credit_first_and_then_what_was_paid_last(clock: Clock) -> None:
    customer = new_customer(new_business())
    first, second = new_document(customer, 1000, TODAY), new_document(customer, 1000, TODAY)
    payment = pay(customer, 2300, TODAY, Share(first, 1000), Share(second, 1000))
    refund(payment, 800, by=OPERATOR)
    assert (owed(first), owed(second), left(payment)) == (0, 500, 0)
    assert second.status(TODAY) is not Status.PAID
    refund(payment, 1500, by=OPERATOR)
    assert (owed(first), owed(second)) == (1000, 1000)
    before = facts()
    with pytest.raises(NotEnough):
        refund(payment, 1, by=OPERATOR)
    with pytest.raises(WrongState):
        void_payment(payment, by=OPERATOR)
    assert facts() == before


def test_a_refund_lies_between_its_payment_and_today(clock: Clock) -> None:
    payment = pay(new_customer(new_business()), 500, TODAY - timedelta(days=2))
    before = facts()
    for day in (TODAY - timedelta(days=3), TODAY + timedelta(days=1)):
        with pytest.raises(Invalid):
            refund(payment, 1, by=OPERATOR, on=day)
    assert facts() == before
