"""A deposit is collected once, is the customer's credit, and pays the invoice that its estimate becomes."""

from decimal import Decimal

import pytest

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.decide import approve
from portico.domain.documents.actions.edit_estimate import ask_deposit
from portico.domain.documents.actions.void import void
from portico.domain.documents.deposit import Deposit
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.ledger import check as ledger
from portico.domain.ledger.models import Item
from portico.domain.payments.actions.ask_provider import read_outcome
from portico.domain.payments.actions.collect import collect_due
from portico.domain.payments.actions.convert_estimate import convert_estimate
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.start_attempt import AttemptInput, ShareInput, start_attempt
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.deposits import deposit_due
from portico.domain.payments.errors import NotPayable, PaymentInProgress
from portico.domain.payments.models import AttemptPurpose, AttemptState, Method, Payment, PaymentAttempt
from portico.gateways.sandbox.connection import bank
from tests.estimates import new_estimate
from tests.shop import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def time(clock: Clock) -> Clock:
    return clock


@pytest.fixture
def estimate(shop: Shop) -> Document:
    """An approved estimate over 1,190.00 that asks for 30 %: 357.00."""
    return approve(new_estimate(shop.customer, deposit=Deposit(percent=Decimal(30))), by=OPERATOR)


def start(
    shop: Shop, estimate: Document, amount: int, submission: str = "form-1", method: Method = Method.CARD
) -> PaymentAttempt:
    data = AttemptInput(
        submission=submission,
        currency="EUR",
        method=method,
        shares=[ShareInput(estimate, amount)],
        purpose=AttemptPurpose.DEPOSIT,
    )
    return start_attempt(shop.customer, shop.gateway, data, by=OPERATOR)


def paid(shop: Shop, estimate: Document, amount: int = 35700, submission: str = "form-1") -> Payment:
    attempt = shop.pay(start(shop, estimate, amount, submission))
    assert attempt.payment is not None
    return attempt.payment


def test_a_deposit_is_the_customer_s_credit_until_the_estimate_is_an_invoice(shop: Shop, estimate: Document) -> None:
    assert deposit_due(estimate) == 35700
    payment = paid(shop, estimate)
    assert payment.unapplied == 35700
    assert deposit_due(estimate) == 0
    invoice = convert_estimate(estimate, by=OPERATOR)
    payment.item.refresh_from_db()
    assert (invoice.open_amount, payment.unapplied) == (119000 - 35700, 0)
    assert convert_estimate(estimate, by=OPERATOR) == invoice
    assert not list(ledger.differences())


def test_other_credit_is_not_touched_by_the_conversion(shop: Shop, estimate: Document) -> None:
    other = record_payment(
        shop.customer, PaymentInput(5000, "EUR", shop.business.today(), Method.BANK_TRANSFER), by=OPERATOR
    )
    paid(shop, estimate)
    assert convert_estimate(estimate, by=OPERATOR).open_amount == 119000 - 35700
    other.item.refresh_from_db()
    assert other.unapplied == 5000


@pytest.mark.parametrize("amount", [1, 35699, 35701, 119000])
def test_only_the_whole_deposit_is_collected(shop: Shop, estimate: Document, amount: int) -> None:
    with pytest.raises(NotPayable):
        start(shop, estimate, amount)
    assert not PaymentAttempt.objects.exists()


def test_a_deposit_is_collected_once(shop: Shop, estimate: Document) -> None:
    first = start(shop, estimate, 35700)
    assert start(shop, estimate, 35700) == first
    with pytest.raises(PaymentInProgress):
        start(shop, estimate, 35700, "form-2")
    shop.pay(first)
    with pytest.raises(NotPayable):
        start(shop, estimate, 35700, "form-2")
    assert Payment.objects.count() == 1


def test_an_estimate_that_is_not_approved_asks_for_no_deposit(shop: Shop) -> None:
    estimate = new_estimate(shop.customer, deposit=Deposit(amount=5000))
    assert deposit_due(estimate) == 0
    with pytest.raises(NotPayable):
        start(shop, estimate, 5000)


def test_a_larger_deposit_asks_for_the_rest(shop: Shop, estimate: Document) -> None:
    paid(shop, estimate)
    changed = approve(ask_deposit(estimate, Deposit(amount=50000), by=OPERATOR), by=OPERATOR)
    assert deposit_due(changed) == 14300
    paid(shop, changed, 14300, "form-2")
    assert convert_estimate(changed, by=OPERATOR).open_amount == 69000


def test_what_was_given_back_is_not_applied(shop: Shop, estimate: Document) -> None:
    payment = paid(shop, estimate)
    refund(payment, 10000, by=OPERATOR, on=shop.business.today())
    assert deposit_due(estimate) == 10000
    assert convert_estimate(estimate, by=OPERATOR).open_amount == 119000 - 25700
    estimate.refresh_from_db()
    assert estimate.lifecycle == Lifecycle.INVOICED


def test_deposit_that_comes_after_the_conversion_pays_the_invoice(shop: Shop, estimate: Document) -> None:
    attempt = start(shop, estimate, 35700)
    invoice = convert_estimate(estimate, by=OPERATOR)
    assert invoice.open_amount == 119000
    payment = shop.pay(attempt).payment
    invoice.refresh_from_db()
    assert payment is not None
    assert (invoice.open_amount, payment.unapplied) == (119000 - 35700, 0)
    event = Activity.objects.get(verb="payment.succeeded")
    assert event.data["invoices"] == [[invoice.number, 35700]]
    assert not list(ledger.differences())


def test_late_deposit_stays_credit_beyond_what_is_open(shop: Shop, estimate: Document) -> None:
    attempt = start(shop, estimate, 35700)
    invoice = convert_estimate(estimate, by=OPERATOR)
    transfer = PaymentInput(100000, "EUR", shop.business.today(), Method.BANK_TRANSFER, shares=[Share(invoice, 100000)])
    record_payment(shop.customer, transfer, by=OPERATOR)
    payment = shop.pay(attempt).payment
    invoice.refresh_from_db()
    assert payment is not None
    assert (invoice.open_amount, payment.unapplied) == (0, 35700 - 19000)
    assert not list(ledger.differences())


def test_late_deposit_of_a_voided_invoice_stays_credit(shop: Shop, estimate: Document) -> None:
    attempt = start(shop, estimate, 35700)
    void(convert_estimate(estimate, by=OPERATOR), by=OPERATOR)
    payment = shop.pay(attempt).payment
    assert payment is not None
    assert payment.unapplied == 35700


def test_autopay_waits_for_a_deposit_under_way_and_collects_the_rest(
    shop: Shop, estimate: Document, clock: Clock
) -> None:
    shop.enrol()
    attempt = shop.debit(start(shop, estimate, 35700, method=Method.DIRECT_DEBIT))
    assert attempt.state == AttemptState.PROCESSING
    invoice = convert_estimate(estimate, by=OPERATOR)
    other = shop.invoice(50)
    clock.advance(days=1)
    assert collect_due() == 1
    other.refresh_from_db()
    assert (other.open_amount, Document.objects.get(pk=invoice.pk).open_amount) == (0, 119000)
    bank().move(attempt.provider_id, "succeeded")
    read_outcome(attempt)
    assert Document.objects.get(pk=invoice.pk).open_amount == 119000 - 35700
    assert collect_due() == 1
    assert Document.objects.get(pk=invoice.pk).open_amount == 0
    assert not Item.objects.filter(open__lt=0).exists()
    assert not list(ledger.differences())


def test_invoice_waits_for_the_deposit_that_is_under_way(shop: Shop, estimate: Document) -> None:
    attempt = shop.debit(start(shop, estimate, 35700, method=Method.DIRECT_DEBIT))
    invoice = convert_estimate(estimate, by=OPERATOR)
    with pytest.raises(PaymentInProgress):
        shop.start(invoice, submission="whole")
    assert PaymentAttempt.objects.get() == attempt
    bank().move(attempt.provider_id, "succeeded")
    read_outcome(attempt)
    rest = shop.pay(shop.start(Document.objects.get(pk=invoice.pk), submission="rest"))
    assert (rest.amount, rest.state) == (119000 - 35700, AttemptState.SUCCEEDED)
    assert not Item.objects.filter(open__lt=0).exists()
    assert not list(ledger.differences())


def test_autopay_collects_all_when_the_deposit_fails(shop: Shop, estimate: Document, clock: Clock) -> None:
    shop.enrol()
    attempt = shop.debit(start(shop, estimate, 35700, method=Method.DIRECT_DEBIT))
    invoice = convert_estimate(estimate, by=OPERATOR)
    clock.advance(days=1)
    assert collect_due() == 0
    bank().move(attempt.provider_id, "failed")
    read_outcome(attempt)
    assert collect_due() == 1
    assert Document.objects.get(pk=invoice.pk).open_amount == 0
    assert Payment.objects.get().amount == 119000


def test_deposit_recorded_by_staff_is_applied_when_the_estimate_is_converted(shop: Shop, estimate: Document) -> None:
    today = shop.business.today()
    part = PaymentInput(30000, "EUR", today, Method.BANK_TRANSFER, deposit_of=estimate)
    payment = record_payment(shop.customer, part, by=OPERATOR)
    assert deposit_due(estimate) == 5700
    with pytest.raises(NotPayable):
        record_payment(shop.customer, PaymentInput(5701, "EUR", today, Method.CASH, deposit_of=estimate), by=OPERATOR)
    assert Payment.objects.count() == 1
    invoice = convert_estimate(estimate, by=OPERATOR)
    payment.item.refresh_from_db()
    assert (invoice.open_amount, payment.unapplied) == (119000 - 30000, 0)


def test_voided_deposit_is_due_again(shop: Shop, estimate: Document) -> None:
    money = PaymentInput(35700, "EUR", shop.business.today(), Method.CHECK, deposit_of=estimate)
    void_payment(record_payment(shop.customer, money, by=OPERATOR), by=OPERATOR)
    assert deposit_due(estimate) == 35700
    assert convert_estimate(estimate, by=OPERATOR).open_amount == 119000


def test_open_credits_are_applied_on_conversion_where_the_business_wants_it(shop: Shop, estimate: Document) -> None:
    change_portal_settings(shop.business, {"apply_credits_to_new_invoices": True}, by=OPERATOR)
    record_payment(shop.customer, PaymentInput(5000, "EUR", shop.business.today(), Method.BANK_TRANSFER), by=OPERATOR)
    paid(shop, estimate)
    estimate.business.refresh_from_db()
    assert convert_estimate(estimate, by=OPERATOR).open_amount == 119000 - 35700 - 5000
    assert not list(ledger.differences())


def test_deposit_is_kept_for_its_estimate_when_other_invoices_are_issued(shop: Shop, estimate: Document) -> None:
    shop.business = change_portal_settings(shop.business, {"apply_credits_to_new_invoices": True}, by=OPERATOR)
    payment = paid(shop, estimate)
    other = shop.invoice(50)
    payment.item.refresh_from_db()
    assert (other.open_amount, payment.unapplied) == (5000, 35700)
    assert convert_estimate(estimate, by=OPERATOR).open_amount == 119000 - 35700


def test_deposit_is_kept_while_its_estimate_is_changed(shop: Shop, estimate: Document) -> None:
    shop.business = change_portal_settings(shop.business, {"apply_credits_to_new_invoices": True}, by=OPERATOR)
    payment = paid(shop, estimate)
    changed = ask_deposit(estimate, Deposit(amount=50000), by=OPERATOR)
    assert changed.lifecycle == Lifecycle.ISSUED
    other = shop.invoice(50)
    payment.item.refresh_from_db()
    assert (other.open_amount, payment.unapplied) == (5000, 35700)
    assert convert_estimate(approve(changed, by=OPERATOR), by=OPERATOR).open_amount == 119000 - 35700
