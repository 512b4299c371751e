"""Customers are reminded of instalments, and told before AutoPay collects: once, and only of what still stands."""

from datetime import date

import pytest

from conftest import Clock, React
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, make_plan
from portico.domain.documents.models import Document
from portico.domain.payments.actions.autopay import leave
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.models import Method, Payment
from portico.jobs import payments as jobs
from portico.output.mail.models import Message
from tests.postbox import Postbox
from tests.shop import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def till(shop: Shop, clock: Clock) -> Shop:
    clock.set("2026-11-27")
    shop.customer, _ = upsert_customer(
        shop.business, CustomerInput(external_id="1", name="Acme", email="pay@acme.example"), by=OPERATOR
    )
    return shop


def _plan(till: Shop, *, collects: bool = False) -> Document:
    invoice = till.invoice()
    rows = [InstalmentInput(date(2026, 12, 1), 3000), InstalmentInput(date(2027, 1, 1), 7000)]
    make_plan(invoice, PlanInput(rows, needs_approval=False, collects=collects), by=OPERATOR)
    return invoice


def test_instalment_is_reminded_of_once_three_days_before(
    till: Shop, clock: Clock, postbox: Postbox, react: React
) -> None:
    invoice = _plan(till)
    assert jobs.reminders.call() == 0, "four days before"
    clock.advance(days=1)
    assert (jobs.reminders.call(), jobs.reminders.call()) == (1, 0)
    react()
    mail = postbox.the_only()
    assert mail.subject == f"Instalment of invoice {invoice.number} is due on 1 December 2026"
    assert "€30.00" in mail.text
    assert Message.objects.get(letter="instalment_next").recipient == "pay@acme.example"
    clock.advance(days=2)
    assert jobs.reminders.call() == 0
    clock.set("2026-12-30")
    assert jobs.reminders.call() == 0, "one instalment is missed: that is said as past due"
    day = till.business.today()
    paid = PaymentInput(3000, "EUR", day, Method.CASH, shares=[Share(invoice, 3000)])
    record_payment(till.customer, paid, by=OPERATOR)
    assert jobs.reminders.call() == 1, "the second one"


def test_instalment_that_is_paid_meanwhile_is_not_mailed(
    till: Shop, clock: Clock, postbox: Postbox, react: React
) -> None:
    invoice = _plan(till)
    clock.advance(days=1)
    assert jobs.reminders.call() == 1
    paid = PaymentInput(3000, "EUR", till.business.today(), Method.CASH, shares=[Share(invoice, 3000)])
    record_payment(till.customer, paid, by=OPERATOR)
    react()
    assert not Message.objects.filter(letter="instalment_next").exists()


@pytest.mark.parametrize("of", ["invoice", "customer"])
def test_stopped_reminders_stop_those_of_instalments(till: Shop, clock: Clock, of: str) -> None:
    invoice = _plan(till)
    row = invoice if of == "invoice" else till.customer
    row.reminders_stopped = True
    row.save(update_fields=["reminders_stopped"])
    clock.advance(days=1)
    assert jobs.reminders.call() == 0


def test_collection_is_announced_once_and_then_happens(
    till: Shop, clock: Clock, postbox: Postbox, react: React
) -> None:
    till.enrol(delay_days=7)
    invoice = till.invoice()
    assert jobs.reminders.call() == 0
    clock.advance(days=5)
    assert (jobs.reminders.call(), jobs.reminders.call()) == (1, 0)
    react()
    (mail,) = [mail for mail in postbox.mails if "is collected on" in mail.subject]
    assert mail.subject == f"Invoice {invoice.number} is collected on 4 December 2026"
    assert "€100.00" in mail.text
    assert "Visa •4242" in mail.text
    clock.advance(days=3)
    assert (jobs.autopay.call(), Payment.objects.get().amount) == (1, 10000)
    assert jobs.reminders.call() == 0


def test_instalment_that_autopay_collects_is_announced_as_such(
    till: Shop, clock: Clock, postbox: Postbox, react: React
) -> None:
    till.enrol()
    _plan(till, collects=True)
    clock.advance(days=2)
    assert jobs.reminders.call() == 1
    assert Activity.objects.filter(verb="autopay.announced").count() == 1
    leave(till.customer, by=OPERATOR)
    react()
    assert not Message.objects.filter(letter="collected_next").exists(), "it is not collected any more"
    assert jobs.reminders.call() == 1, "the customer pays it now"
    assert Activity.objects.filter(verb="payment_plan.instalment_next").count() == 1
