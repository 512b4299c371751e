"""Collecting money through a provider: one attempt, one charge there, one payment here."""

from typing import Any

import pytest
from django.db import transaction

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document
from portico.domain.ledger.models import Item
from portico.domain.payments.actions.ask_provider import ask_provider, cancel_attempt, read_outcome
from portico.domain.payments.actions.gateway_accounts import change_gateway
from portico.domain.payments.actions.record_outcome import record_outcome
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.actions.start_attempt import ShareInput
from portico.domain.payments.actions.sweep_attempts import sweep_attempts
from portico.domain.payments.errors import NotPayable, PaymentInProgress
from portico.domain.payments.gateway import Outcome, OutcomeState, ProviderUnreachable
from portico.domain.payments.models import AttemptState, Method, Payment, PaymentAttempt, PaymentMethod
from portico.gateways.sandbox.bank import Bank
from portico.gateways.sandbox.connection import bank
from portico.lib.errors import Conflict, Invalid
from tests.shop import BACK, CARD, Shop


def fresh(invoice: Document) -> Document:
    return Document.objects.get(pk=invoice.pk)


def payment_of(attempt: PaymentAttempt) -> Payment:
    assert attempt.payment is not None
    return attempt.payment


def test_card_that_succeeds_pays_the_invoice_once(shop: Shop) -> None:
    invoice = shop.invoice()
    attempt = shop.pay(shop.start(invoice))
    assert attempt.state == AttemptState.SUCCEEDED
    assert (fresh(invoice).open_amount, Payment.objects.get().amount) == (0, 10000)
    assert payment_of(attempt).reference == attempt.provider_id
    assert len(bank().charges()) == 1


def test_limits_of_a_method_count_in_the_business_s_own_currency(shop: Shop) -> None:
    change_gateway(shop.gateway, {"methods": {"card": {"minimum": 5000, "maximum": 20000}}}, by=OPERATOR)
    shop.gateway.refresh_from_db()
    for wrong in (shop.invoice(49), shop.invoice(201)):
        with pytest.raises(Invalid) as refusal:
            shop.start(wrong)
        assert (refusal.value.code, PaymentAttempt.objects.count()) == ("method_limit", 0)
    assert shop.pay(shop.start(shop.invoice(50))).state == AttemptState.SUCCEEDED
    yen = shop.start(shop.invoice(300, "JPY"), submission="form-2")
    assert (shop.pay(yen).state, yen.amount) == (AttemptState.SUCCEEDED, 300)


def test_collected_payment_is_an_event_like_a_recorded_one(shop: Shop) -> None:
    invoice = shop.invoice()
    attempt = shop.pay(shop.start(invoice, advance=500))
    read_outcome(attempt)
    payment = payment_of(attempt)
    event = Activity.objects.get(verb__startswith="payment.")
    assert (event.verb, event.subject_id, event.customer_id) == ("payment.succeeded", payment.pk, shop.customer.pk)
    assert event.data == {
        "number": payment.number,
        "currency": "EUR",
        "amount": 10500,
        "invoices": [[invoice.number, 10000]],
    }


def test_one_payment_pays_several_invoices(shop: Shop) -> None:
    invoices = [shop.invoice(100), shop.invoice(50)]
    attempt = shop.pay(shop.start(*invoices))
    assert payment_of(attempt).amount == 15000
    assert [fresh(invoice).open_amount for invoice in invoices] == [0, 0]


def test_form_sent_twice_charges_once(shop: Shop) -> None:
    invoice = shop.invoice()
    first, second = shop.pay(shop.start(invoice)), shop.pay(shop.start(invoice))
    assert first.pk == second.pk
    assert (Payment.objects.count(), len(bank().charges())) == (1, 1)


def test_form_sent_again_with_another_amount_is_refused(shop: Shop) -> None:
    shop.pay(shop.start(shop.invoice()))
    with pytest.raises(Conflict) as refusal:
        shop.start(shop.invoice(5))
    assert refusal.value.code == "submission_used"
    assert PaymentAttempt.objects.count() == 1


def test_declined_card_changes_no_balance_and_can_be_tried_again(shop: Shop) -> None:
    invoice = shop.invoice()
    attempt = shop.pay(shop.start(invoice), "4000 0000 0000 9995")
    assert (attempt.state, attempt.failure_code) == (AttemptState.FAILED, "insufficient_funds")
    assert (fresh(invoice).open_amount, Payment.objects.count()) == (10000, 0)
    assert shop.pay(shop.start(invoice, submission="form-2")).state == AttemptState.SUCCEEDED


def test_challenge_that_is_passed_collects_once(shop: Shop) -> None:
    attempt = shop.pay(shop.start(shop.invoice()), "4000 0000 0000 3220")
    assert attempt.state == AttemptState.REQUIRES_ACTION
    assert attempt.action_url.endswith(attempt.provider_id)
    bank().move(attempt.provider_id, "succeeded")
    assert [read_outcome(attempt).state for _ in range(3)] == [AttemptState.SUCCEEDED] * 3
    assert Payment.objects.count() == 1


def test_invoice_with_an_attempt_under_way_takes_no_second_one(shop: Shop) -> None:
    invoice = shop.invoice()
    shop.debit(shop.start(invoice, method=Method.DIRECT_DEBIT))
    with pytest.raises(PaymentInProgress):
        shop.start(invoice, submission="form-2")
    assert PaymentAttempt.objects.count() == 1


def test_bank_debit_settles_later(shop: Shop, clock: Clock) -> None:
    invoice = shop.invoice()
    attempt = shop.debit(shop.start(invoice, method=Method.DIRECT_DEBIT))
    assert (attempt.state, fresh(invoice).open_amount) == (AttemptState.PROCESSING, 10000)
    clock.advance(minutes=5)
    bank().settle_due()
    assert sweep_attempts() == 1
    assert (fresh(invoice).open_amount, Payment.objects.count()) == (0, 1)


def test_bank_debit_that_is_returned_leaves_the_invoice_open(shop: Shop, clock: Clock) -> None:
    invoice = shop.invoice()
    attempt = shop.debit(shop.start(invoice, method=Method.DIRECT_DEBIT), "DE62 3704 0044 0532 0130 01")
    clock.advance(minutes=5)
    bank().settle_due()
    sweep_attempts()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.failure_code) == (AttemptState.FAILED, "debit_returned")
    assert (fresh(invoice).open_amount, Payment.objects.count()) == (10000, 0)
    assert shop.pay(shop.start(invoice, submission="form-2")).state == AttemptState.SUCCEEDED


def test_lost_answer_is_found_by_the_sweep(shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice = shop.invoice()
    charge = Bank.charge

    def lost(self: Bank, asked: dict[str, Any]) -> dict[str, Any]:
        charge(self, asked)
        raise ProviderUnreachable("No answer.")

    monkeypatch.setattr(Bank, "charge", lost)
    assert shop.pay(shop.start(invoice)).state == AttemptState.CREATED
    monkeypatch.undo()
    clock.advance(minutes=3)
    sweep_attempts()
    assert (fresh(invoice).open_amount, Payment.objects.count(), len(bank().charges())) == (0, 1, 1)


def test_attempt_that_never_reached_the_provider_is_given_up(shop: Shop, clock: Clock) -> None:
    invoice = shop.invoice()
    attempt = shop.start(invoice)
    clock.advance(minutes=3)
    assert sweep_attempts() == 1
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.CANCELED
    # What was on its way all the while collects nothing any more: the bank knows the key as canceled.
    late = ask_provider(PaymentAttempt.objects.get(), by=OPERATOR, return_url=BACK, details=CARD)
    assert (late.state, Payment.objects.count()) == (AttemptState.CANCELED, 0)
    assert shop.pay(shop.start(invoice, submission="form-2")).state == AttemptState.SUCCEEDED


def test_money_collected_after_all_is_booked(shop: Shop) -> None:
    attempt = shop.start(shop.invoice())
    attempt = record_outcome(attempt, Outcome(OutcomeState.FAILED, "sbx_1", failure_code="card_declined"))
    attempt = record_outcome(attempt, Outcome(OutcomeState.SUCCEEDED, "sbx_1", 10000, "EUR"))
    assert (attempt.state, Payment.objects.get().amount) == (AttemptState.SUCCEEDED, 10000)


def test_answers_out_of_order_never_take_an_attempt_back(shop: Shop) -> None:
    attempt = shop.start(shop.invoice())
    for state in (OutcomeState.SUCCEEDED, OutcomeState.PROCESSING, OutcomeState.FAILED, OutcomeState.REQUIRES_ACTION):
        attempt = record_outcome(attempt, Outcome(state, "sbx_1", 10000, "EUR"))
    assert (attempt.state, Payment.objects.count()) == (AttemptState.SUCCEEDED, 1)


@pytest.mark.parametrize(("amount", "currency"), [(9999, "EUR"), (10000, "USD")])
def test_other_money_than_was_asked_for_books_nothing(shop: Shop, amount: int, currency: str) -> None:
    invoice = shop.invoice()
    attempt = record_outcome(shop.start(invoice), Outcome(OutcomeState.SUCCEEDED, "sbx_1", amount, currency))
    assert (attempt.state, attempt.failure_code) == (AttemptState.PROCESSING, "amount_mismatch")
    assert (Payment.objects.count(), fresh(invoice).open_amount) == (0, 10000)
    assert Activity.objects.filter(verb="payment_attempt.mismatched").count() == 1


def test_invoice_paid_meanwhile_leaves_the_money_as_credit(shop: Shop) -> None:
    invoice = shop.invoice()
    attempt = shop.debit(shop.start(invoice, method=Method.DIRECT_DEBIT))
    by_hand = PaymentInput(6000, "EUR", shop.business.today(), Method.BANK_TRANSFER, [Share(invoice, 6000)])
    record_payment(shop.customer, by_hand, by=OPERATOR)
    bank().move(attempt.provider_id, "succeeded")
    attempt = read_outcome(attempt)
    assert (fresh(invoice).open_amount, payment_of(attempt).unapplied) == (0, 6000)


def test_fee_is_charged_but_pays_nothing(shop: Shop) -> None:
    invoice = shop.invoice()
    attempt = shop.pay(shop.start(invoice, fee=150))
    assert bank().charges()[0]["amount"] == 10150
    assert (payment_of(attempt).amount, payment_of(attempt).fee, fresh(invoice).open_amount) == (10000, 150, 0)


def test_advance_stays_as_credit(shop: Shop) -> None:
    attempt = shop.pay(shop.start(advance=5000))
    assert payment_of(attempt).unapplied == 5000


def test_credit_chosen_by_the_customer_is_spent_when_the_rest_is_paid(shop: Shop) -> None:
    credit = record_payment(shop.customer, PaymentInput(3000, "EUR", shop.business.today(), Method.CASH), by=OPERATOR)
    invoice = shop.invoice()
    shares = [ShareInput(invoice, 7000), ShareInput(invoice, 3000, credit.item)]
    attempt = shop.pay(shop.start(shares=shares))
    assert (attempt.amount, fresh(invoice).open_amount) == (7000, 0)
    assert Item.objects.get(pk=credit.item_id).open == 0


def test_method_is_kept_and_charged_again(shop: Shop) -> None:
    shop.pay(shop.start(shop.invoice(), saves=True))
    saved = PaymentMethod.objects.get()
    assert (saved.brand, saved.last4, str(saved.expires_on), saved.is_default) == ("Visa", "4242", "2030-12-31", True)
    attempt = shop.pay(shop.start(shop.invoice(), submission="form-2", saved=saved))
    assert attempt.state == AttemptState.SUCCEEDED


def test_voided_or_overpaid_invoices_are_refused(shop: Shop) -> None:
    voided, invoice = shop.invoice(), shop.invoice()
    void(voided, by=OPERATOR)
    with pytest.raises(NotPayable):
        shop.start(shares=[ShareInput(voided, 100)])
    with pytest.raises(Invalid):
        shop.start(shares=[ShareInput(invoice, 10001)])
    with pytest.raises(Invalid):
        shop.start()
    assert PaymentAttempt.objects.count() == 0


def test_canceled_challenge_collects_nothing(shop: Shop) -> None:
    invoice = shop.invoice()
    attempt = shop.pay(shop.start(invoice), "4000 0000 0000 3220")
    assert cancel_attempt(attempt, by=OPERATOR).state == AttemptState.CANCELED
    bank().move(attempt.provider_id, "succeeded")
    assert read_outcome(attempt).state == AttemptState.CANCELED
    assert Payment.objects.count() == 0


def test_abandoned_challenge_ends_after_an_hour(shop: Shop, clock: Clock) -> None:
    attempt = shop.pay(shop.start(shop.invoice()), "4000 0000 0000 3220")
    clock.advance(minutes=59)
    assert sweep_attempts() == 0
    clock.advance(minutes=2)
    assert sweep_attempts() == 1
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.CANCELED


def test_provider_is_never_asked_inside_a_transaction(shop: Shop) -> None:
    """Every test with a shop would fail, as this one shows: an answer may take long, and locks would wait for it."""
    attempt = shop.start(shop.invoice())
    with pytest.raises(AssertionError, match="asked to charge inside a transaction"), transaction.atomic():
        shop.pay(attempt)
    assert not bank().charges()
