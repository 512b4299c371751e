"""A customer objects to a payment at the bank: what becomes of it, and the money that the bank takes back."""

import json

import pytest
from django.db import IntegrityError, transaction

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.documents.actions.take_off import take_off
from portico.domain.documents.errors import WrongState
from portico.domain.documents.models import Document
from portico.domain.ledger import check as ledger
from portico.domain.ledger.models import Account, Entry
from portico.domain.payments import check as payments
from portico.domain.payments.actions.adjust_credit import AdjustmentInput, adjust_credit
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.domain.payments.actions.receive_webhook import receive_webhook
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.start_refund import start_refund
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.gateway import NotFromProvider
from portico.domain.payments.models import Dispute, DisputeState, GatewayAccount, Payment, PaymentAttempt
from portico.gateways.sandbox.connection import bank
from portico.gateways.sandbox.signature import signature
from portico.lib.clock import now
from tests.shop import Shop


def paid(shop: Shop, *invoices: Document, fee: int = 0) -> Payment:
    payment = shop.pay(shop.start(*invoices, submission=invoices[0].public_id, fee=fee)).payment
    assert payment is not None
    return payment


def take(account: GatewayAccount, notice: dict[str, str]) -> None:
    """Take a notice as the provider signs it."""
    moment, body = str(int(now().timestamp())), json.dumps(notice).encode()
    sign = signature(bank().due_notices()[-1]["secret"], moment, body)
    receive_webhook(account, {"Sandbox-Signature": f"t={moment},v1={sign}"}, body)


def hear(account: GatewayAccount, states: list[str], payment: Payment, *, secret: str = "") -> None:
    """Let the bank decide one after the other, and take the notices of it, each twice."""
    for state in states:
        bank().dispute(payment.reference, state)
        notice = bank().due_notices()[-1]
        bank().noted(notice["id"], delivered=True)
        moment, body = str(int(now().timestamp())), notice["body"].encode()
        sign = signature(secret or notice["secret"], moment, body)
        for _ in range(2):
            receive_webhook(account, {"Sandbox-Signature": f"t={moment},v1={sign}"}, body)


def read(invoice: Document, payment: Payment) -> tuple[str, int, int, int]:
    payment.refresh_from_db()
    owed = Document.objects.get(pk=invoice.pk).open_amount
    return Dispute.objects.get().state, owed, payment.disputed, Account.objects.get().balance


def in_order() -> bool:
    return not [*ledger.differences(), *payments.differences()]


def test_opened_dispute_is_noted_and_moves_no_money(shop: Shop) -> None:
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    hear(shop.gateway, ["open"], payment)
    assert read(invoice, payment) == (DisputeState.OPEN, 0, 0, 0)
    assert Dispute.objects.get().amount == 10000
    assert Activity.objects.filter(verb="payment.dispute_opened").count() == 1


@pytest.mark.parametrize("states", [["lost"], ["open", "lost"], ["open", "withdrawn", "lost"]])
def test_lost_dispute_makes_the_invoice_owed_again_once(shop: Shop, states: list[str]) -> None:
    invoice = shop.invoice()
    payment = paid(shop, invoice, fee=150)
    hear(shop.gateway, states, payment)
    assert read(invoice, payment) == (DisputeState.LOST, 10000, 10000, 10000)
    assert Entry.objects.filter(kind="dispute").count() == 1
    assert Activity.objects.filter(verb="payment.dispute_lost").count() == 1
    assert in_order()


def test_won_dispute_returns_the_money_to_the_invoice(shop: Shop) -> None:
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    hear(shop.gateway, ["open", "withdrawn"], payment)
    assert read(invoice, payment) == (DisputeState.WITHDRAWN, 10000, 10000, 10000)
    hear(shop.gateway, ["won"], payment)
    assert read(invoice, payment) == (DisputeState.WON, 0, 0, 0)
    assert in_order()


@pytest.mark.parametrize(("decided", "late"), [("lost", "open"), ("lost", "won"), ("won", "withdrawn")])
def test_notices_out_of_order_change_nothing(shop: Shop, decided: str, late: str) -> None:
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    hear(shop.gateway, [decided], payment)
    before = read(invoice, payment), Entry.objects.count(), Activity.objects.count()
    hear(shop.gateway, [late], payment)
    assert (read(invoice, payment), Entry.objects.count(), Activity.objects.count()) == before


def test_money_that_comes_back_does_not_pay_what_staff_had_taken_off(shop: Shop) -> None:
    """It stays the customer's credit, as it was before the bank took it."""
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    take_off(payment.item, invoice, by=OPERATOR)
    hear(shop.gateway, ["open", "withdrawn"], payment)
    assert read(invoice, payment) == (DisputeState.WITHDRAWN, 10000, 10000, 10000)
    hear(shop.gateway, ["won"], payment)
    assert read(invoice, payment) == (DisputeState.WON, 10000, 0, 0)
    assert payment.item.open == -10000
    assert in_order()


def test_credit_that_staff_took_away_stays_away_after_a_dispute(shop: Shop) -> None:
    """The bank took what had paid for a correction of the credit balance, and gives it back."""
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    take_off(payment.item, invoice, by=OPERATOR)
    adjustment = adjust_credit(shop.customer, AdjustmentInput(-4000, "EUR", "Paid out in cash"), by=OPERATOR)
    hear(shop.gateway, ["open", "withdrawn"], payment)
    hear(shop.gateway, ["won"], payment)
    adjustment.item.refresh_from_db()
    payment.item.refresh_from_db()
    assert (adjustment.item.open, payment.item.open) == (0, -6000)
    assert in_order()


def test_money_that_comes_back_pays_no_more_than_was_taken(shop: Shop) -> None:
    """Two invoices, one of them taken off before: only the other is paid again."""
    first, second = shop.invoice(), shop.invoice(50)
    payment = paid(shop, first, second)
    take_off(payment.item, first, by=OPERATOR)
    hear(shop.gateway, ["lost"], payment)
    assert Document.objects.get(pk=second.pk).open_amount == 5000
    # As if the bank had taken the money for the time being.
    Dispute.objects.update(state=DisputeState.WITHDRAWN)
    hear(shop.gateway, ["won"], payment)
    assert [Document.objects.get(pk=row.pk).open_amount for row in (first, second)] == [10000, 0]
    assert in_order()


def test_forged_state_in_a_notice_is_not_believed(shop: Shop) -> None:
    """The notice is signed, but what became of the dispute is asked of the provider."""
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    hear(shop.gateway, ["open"], payment)
    account = shop.gateway
    notice = {"id": "n", "type": "dispute", "charge": payment.reference, "key": "", "dispute_state": "lost",
              "account": account.provider_account, "dispute": Dispute.objects.get().provider_id}  # fmt: skip
    take(account, notice)
    take(account, notice | {"dispute": "sbd_unknown"})
    assert read(invoice, payment) == (DisputeState.OPEN, 0, 0, 0)
    assert Dispute.objects.count() == 1


def test_dispute_of_another_charge_is_nobody_s(shop: Shop) -> None:
    payment, other = paid(shop, shop.invoice()), paid(shop, shop.invoice())
    bank().dispute(other.reference, "lost")
    foreign = bank().due_notices()[-1]
    notice = json.loads(foreign["body"]) | {"charge": payment.reference, "key": ""}
    take(shop.gateway, notice)
    assert not Dispute.objects.exists()


def test_dispute_of_what_was_partly_given_back_takes_the_rest(shop: Shop) -> None:
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    refund(payment, 4000, by=OPERATOR)
    hear(shop.gateway, ["lost"], payment)
    assert read(invoice, payment) == (DisputeState.LOST, 10000, 6000, 10000)
    with pytest.raises(WrongState):
        void_payment(payment, by=OPERATOR)
    assert in_order()


def test_dispute_of_a_voided_payment_moves_no_money(shop: Shop) -> None:
    invoice = shop.invoice()
    payment = paid(shop, invoice)
    void_payment(payment, by=OPERATOR)
    hear(shop.gateway, ["lost"], payment)
    assert read(invoice, payment) == (DisputeState.LOST, 10000, 0, 10000)
    assert in_order()


def test_forged_notice_of_a_dispute_changes_nothing(shop: Shop) -> None:
    payment = paid(shop, shop.invoice())
    with pytest.raises(NotFromProvider):
        hear(shop.gateway, ["lost"], payment, secret="guessed")
    assert not Dispute.objects.exists()
    assert Account.objects.get().balance == 0


def test_notice_of_a_refund_makes_the_provider_be_asked(shop: Shop) -> None:
    payment = paid(shop, shop.invoice())
    started = start_refund(payment, 4000, by=OPERATOR)
    bank().refund(started.public_id, payment.reference, 4000)
    body = json.dumps({"id": "n", "type": "refund", "charge": payment.reference, "key": started.public_id,
                       "account": shop.gateway.provider_account}).encode()  # fmt: skip
    notice = bank().due_notices()[0]
    moment = str(int(now().timestamp()))
    sign = signature(notice["secret"], moment, body)
    for _ in range(2):
        receive_webhook(shop.gateway, {"Sandbox-Signature": f"t={moment},v1={sign}"}, body)
    payment.refresh_from_db()
    assert (payment.refunded, Entry.objects.filter(kind="refund").count()) == (4000, 1)


def test_notice_at_another_gateway_of_the_same_provider_account_changes_nothing(shop: Shop) -> None:
    """Two gateways that lead to one account at a provider both hear of its charges: only the one that asked books."""
    business = create_business(BusinessInput("Sud", "sud", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    other = add_gateway(business, "sandbox", by=OPERATOR)
    GatewayAccount.objects.filter(pk=other.pk).update(
        provider_account=shop.gateway.provider_account, secrets=shop.gateway.secrets
    )
    other.refresh_from_db()
    payment = paid(shop, shop.invoice())
    hear(other, ["open", "lost"], payment)
    assert (Dispute.objects.count(), Payment.objects.count(), Account.objects.get().balance) == (0, 1, 0)


def test_one_charge_is_one_attempt_whichever_gateway_asked(shop: Shop) -> None:
    attempt = shop.pay(shop.start(shop.invoice()))
    other = shop.start(shop.invoice(), submission="form-2")
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentAttempt.objects.filter(pk=other.pk).update(provider_id=attempt.provider_id)
