"""Giving money back: by hand, or through the provider that collected it, exactly once."""

from typing import Any

import pytest

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.documents.actions.take_off import take_off
from portico.domain.documents.errors import WrongState
from portico.domain.documents.models import Document
from portico.domain.ledger import check as ledger
from portico.domain.ledger.errors import NotEnough
from portico.domain.ledger.models import Account, Entry
from portico.domain.payments import check as payments
from portico.domain.payments.actions.ask_refund import ask_refund, read_refund
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.actions.record_refund import record_refund
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.start_refund import start_refund
from portico.domain.payments.actions.sweep_attempts import sweep_attempts
from portico.domain.payments.actions.sweep_refunds import sweep_refunds
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.gateway import OutcomeState, ProviderUnreachable, RefundOutcome
from portico.domain.payments.models import Method, Payment, Refund, RefundState
from portico.gateways.sandbox.bank import Bank
from portico.gateways.sandbox.connection import bank
from portico.lib.errors import Conflict
from tests.shop import Shop


def paid(shop: Shop, invoice: Document, **options: Any) -> Payment:
    payment = shop.pay(shop.start(invoice, **options)).payment
    assert payment is not None
    return payment


def give_back(payment: Payment, amount: int, submission: str = "form-9") -> Refund:
    return ask_refund(start_refund(payment, amount, by=OPERATOR, submission=submission), by=OPERATOR)


def owed(invoice: Document) -> int:
    return Document.objects.get(pk=invoice.pk).open_amount


def facts() -> tuple[int, ...]:
    return Entry.objects.count(), Refund.objects.count(), Activity.objects.count()


def in_order() -> bool:
    return not [*ledger.differences(), *payments.differences()]


def test_card_payment_is_given_back_whole(shop: Shop) -> None:
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    given = give_back(payment, 10000)
    payment.refresh_from_db()
    assert (given.state, payment.refunded, owed(invoice)) == (RefundState.SUCCEEDED, 10000, 10000)
    assert bank().charges()[0]["refunded"] == 10000
    assert in_order()


def test_part_is_given_back_and_the_rest_later(shop: Shop) -> None:
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    give_back(payment, 4000)
    give_back(payment, 6000, "form-10")
    before = facts()
    with pytest.raises(NotEnough):
        start_refund(payment, 1, by=OPERATOR)
    assert (facts(), bank().charges()[0]["refunded"], owed(invoice)) == (before, 10000, 10000)


def test_form_sent_twice_gives_back_once(shop: Shop) -> None:
    payment = paid(shop, shop.invoice())
    assert give_back(payment, 4000).pk == give_back(payment, 4000).pk
    assert (Refund.objects.count(), bank().charges()[0]["refunded"]) == (1, 4000)
    before = facts()
    with pytest.raises(Conflict):
        start_refund(payment, 4001, by=OPERATOR, submission="form-9")
    assert facts() == before


def test_refund_noted_by_hand_is_noted_once(shop: Shop) -> None:
    payment = paid(shop, shop.invoice())
    first, again = (refund(payment, 4000, by=OPERATOR, submission="form-9") for _ in range(2))
    assert (first.pk, Refund.objects.count()) == (again.pk, 1)
    assert bank().charges()[0]["refunded"] == 0, "the provider has nothing to do with it"
    assert in_order()


def test_lost_answer_is_found_by_the_sweep(shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = paid(shop, shop.invoice())
    answer = Bank.refund

    def lost(self: Bank, *asked: Any) -> dict[str, Any]:
        answer(self, *asked)
        raise ProviderUnreachable("No answer.")

    with monkeypatch.context() as patch:
        patch.setattr(Bank, "refund", lost)
        assert give_back(payment, 4000).state == RefundState.CREATED
    assert sweep_refunds() == 0, "too early to ask"
    clock.advance(minutes=3)
    assert (sweep_refunds(), sweep_refunds()) == (1, 0)
    payment.refresh_from_db()
    assert (payment.refunded, bank().charges()[0]["refunded"]) == (4000, 4000)


def test_refund_that_never_reached_the_provider_is_asked_for_again(
    shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a crash between the commit and the call: the key is the same, the money is given back once."""
    payment = paid(shop, shop.invoice())
    start_refund(payment, 4000, by=OPERATOR)
    clock.advance(minutes=3)
    assert sweep_refunds() == 1
    assert bank().charges()[0]["refunded"] == 4000


def test_bank_debit_is_given_back_later(shop: Shop, clock: Clock) -> None:
    invoice = shop.invoice()
    shop.debit(shop.start(invoice, method=Method.DIRECT_DEBIT))
    clock.advance(minutes=5)
    bank().settle_due()
    sweep_attempts()
    payment = Payment.objects.get()
    given = give_back(payment, 10000)
    assert (given.state, owed(invoice)) == (RefundState.PROCESSING, 0)
    for refused in (lambda: void_payment(payment, by=OPERATOR), lambda: start_refund(payment, 1, by=OPERATOR)):
        with pytest.raises((WrongState, NotEnough)):
            refused()
    bank().settle_due()
    assert [read_refund(given).state for _ in range(3)] == [RefundState.SUCCEEDED] * 3
    assert (owed(invoice), Entry.objects.filter(kind="refund").count()) == (10000, 1)


def test_refused_refund_changes_no_balance_and_can_be_tried_again(shop: Shop) -> None:
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    bank().refund("elsewhere", payment.reference, 9000)
    given = give_back(payment, 4000)
    assert (given.state, owed(invoice), Account.objects.get().balance) == (RefundState.FAILED, 0, 0)
    assert given.failure_message
    assert give_back(payment, 1000, "form-10").state == RefundState.SUCCEEDED


def test_refund_that_bounces_later_pays_the_invoice_again(shop: Shop) -> None:
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    given = give_back(payment, 4000)
    assert owed(invoice) == 4000
    bounced = RefundOutcome(OutcomeState.FAILED, given.provider_id, "The account is closed.")
    given = record_refund(given, bounced)
    payment.refresh_from_db()
    assert (given.state, payment.refunded, owed(invoice)) == (RefundState.FAILED, 0, 0)
    before = facts()
    for state in (OutcomeState.SUCCEEDED, OutcomeState.FAILED, OutcomeState.PROCESSING, OutcomeState.UNKNOWN):
        record_refund(given, RefundOutcome(state, given.provider_id))
    assert facts() == before
    assert in_order()


def test_refund_that_bounces_does_not_pay_what_staff_had_taken_off(shop: Shop) -> None:
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    take_off(payment.item, invoice, by=OPERATOR)
    given = give_back(payment, 4000)
    record_refund(given, RefundOutcome(OutcomeState.FAILED, given.provider_id, "The account is closed."))
    payment.refresh_from_db()
    assert (payment.refunded, owed(invoice), payment.item.open) == (0, 10000, -10000)
    assert in_order()


def test_payment_received_by_hand_is_not_given_back_by_a_provider(shop: Shop) -> None:
    data = PaymentInput(4000, "EUR", shop.business.today(), Method.CASH)
    payment = record_payment(shop.customer, data, by=OPERATOR)
    before = facts()
    with pytest.raises(WrongState) as refusal:
        start_refund(payment, 4000, by=OPERATOR)
    assert (refusal.value.code, facts()) == ("refund_by_hand", before)
