"""What a provider says of an attempt becomes money here, exactly once: redirect, webhook and sweep all end here."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import SYSTEM, Actor
from portico.domain.activity.events import Event
from portico.domain.documents.actions.settle import settle
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.ledger.actions.allocate import allocate_up_to
from portico.domain.ledger.models import Account, Item
from portico.domain.ledger.queries import applied
from portico.domain.payments.actions.autopay import enrol
from portico.domain.payments.actions.keep_methods import make_default
from portico.domain.payments.actions.lock import lock_attempt
from portico.domain.payments.actions.record_payment import PaymentInput, receive
from portico.domain.payments.actions.remember_method import remember_method
from portico.domain.payments.gateway import MethodDetails, Outcome, OutcomeState
from portico.domain.payments.models import AttemptPurpose, AttemptShare, AttemptState, Method, Payment, PaymentAttempt
from portico.lib.clock import now

logger = logging.getLogger(__name__)

_STATES = {
    OutcomeState.REQUIRES_ACTION: AttemptState.REQUIRES_ACTION,
    OutcomeState.PROCESSING: AttemptState.PROCESSING,
    OutcomeState.SUCCEEDED: AttemptState.SUCCEEDED,
    OutcomeState.FAILED: AttemptState.FAILED,
    OutcomeState.CANCELED: AttemptState.CANCELED,
}
_EVENTS: Mapping[str, Event] = {
    AttemptState.REQUIRES_ACTION: Event.ATTEMPT_REQUIRES_ACTION,
    AttemptState.PROCESSING: Event.ATTEMPT_PROCESSING,
    AttemptState.SUCCEEDED: Event.ATTEMPT_SUCCEEDED,
    AttemptState.FAILED: Event.ATTEMPT_FAILED,
    AttemptState.CANCELED: Event.ATTEMPT_CANCELED,
}
# An answer that was overtaken by a later one never takes an attempt back to where it was.
_ORDER = [AttemptState.CREATED, AttemptState.REQUIRES_ACTION, AttemptState.PROCESSING]


@transaction.atomic
def record_outcome(attempt: PaymentAttempt, outcome: Outcome, *, by: Actor = SYSTEM) -> PaymentAttempt:
    """Bring an attempt to the state that its provider reports, and book the payment when money was collected.

    What is known already changes nothing. Money that was collected is booked even when the attempt had failed or was
    canceled here. A collected amount or currency other than what was asked for books nothing: staff have to look.
    """
    account, attempt = lock_attempt(attempt)
    to = _STATES.get(outcome.state)
    if to is None or not _moves(attempt, to):
        return _with_provider_id(attempt, outcome)
    attempt.provider_id = outcome.provider_id or attempt.provider_id
    if to == AttemptState.SUCCEEDED and (outcome.amount, outcome.currency) != (attempt.charged, attempt.currency):
        return _mismatched(attempt, outcome, by)
    attempt.state, attempt.action_url = to, outcome.action_url
    attempt.failure_code, attempt.failure_message = outcome.failure_code, outcome.failure_message[:255]
    if to == AttemptState.SUCCEEDED:
        attempt.payment = _book(account, attempt, outcome, by)
    if not attempt.is_active:
        attempt.finished_at = now()
        attempt.shares.update(active=False)
    attempt.save()
    _record(_EVENTS[attempt.state], attempt, by)
    if attempt.payment is not None:
        _record_payment(attempt.payment, by)
    return attempt


def _moves(attempt: PaymentAttempt, to: AttemptState) -> bool:
    state = AttemptState(attempt.state)
    if state in _ORDER:
        return to not in _ORDER or _ORDER.index(to) > _ORDER.index(state)
    return to == AttemptState.SUCCEEDED and state != AttemptState.SUCCEEDED


def _with_provider_id(attempt: PaymentAttempt, outcome: Outcome) -> PaymentAttempt:
    if outcome.provider_id and not attempt.provider_id:
        attempt.provider_id = outcome.provider_id
        attempt.save(update_fields=["provider_id"])
    return attempt


def _mismatched(attempt: PaymentAttempt, outcome: Outcome, by: Actor) -> PaymentAttempt:
    if attempt.failure_code == "amount_mismatch":
        return attempt
    attempt.state, attempt.failure_code = AttemptState.PROCESSING, "amount_mismatch"
    attempt.failure_message = (
        f"Collected {outcome.amount} {outcome.currency}, asked {attempt.charged} {attempt.currency}."
    )
    attempt.save()
    logger.error("Attempt %s: the provider collected another amount than was asked for.", attempt.public_id)
    _record(Event.ATTEMPT_MISMATCHED, attempt, by)
    return attempt


def _book(account: Account, attempt: PaymentAttempt, outcome: Outcome, by: Actor) -> Payment:
    """Receive the money, put it against what it was meant for, and keep the method when that was asked for."""
    day = attempt.business.today()
    received = PaymentInput(
        amount=attempt.amount,
        currency=attempt.currency,
        paid_on=day,
        method=Method(outcome.method.kind if outcome.method else attempt.method),
        deposit_of=_estimate(attempt),
    )
    payment = receive(
        account, attempt.customer, replace(received, reference=outcome.provider_id[:255]), fee=attempt.fee
    )
    touched = {payment.pk}
    for share in attempt.shares.select_related("credit").order_by("id"):
        document = _paid_by(attempt, share)
        if document is not None:
            touched |= _apply(share, share.credit or payment.item, document, attempt.business.first_open_day)
    settle(touched)
    payment.item.refresh_from_db(fields=["open"])
    if outcome.method and (attempt.saves_method or attempt.enrols_autopay):
        _keep(attempt, outcome.method, by)
    return payment


def _estimate(attempt: PaymentAttempt) -> Document | None:
    """Return the estimate whose deposit was collected; None for money that pays invoices, or is for later ones."""
    if attempt.purpose != AttemptPurpose.DEPOSIT:
        return None
    share = attempt.shares.select_related("document").first()
    return share.document if share else None


def _paid_by(attempt: PaymentAttempt, share: AttemptShare) -> UUID | None:
    """Return the key of the invoice that a share pays.

    A deposit pays the invoice that its estimate has become while the money was on its way, and stays the customer's
    credit until then: None.
    """
    if attempt.purpose != AttemptPurpose.DEPOSIT:
        paid: UUID = share.document_id
        return paid
    invoices = Document.objects.filter(estimate=share.document_id, lifecycle=Lifecycle.ISSUED)
    return invoices.values_list("pk", flat=True).first()


def _keep(attempt: PaymentAttempt, details: MethodDetails, by: Actor) -> None:
    """Keep the method for next time and, when the customer wanted that, for AutoPay if it is still offered."""
    method = remember_method(attempt.customer, attempt.gateway_account, details, by=by)
    if attempt.enrols_autopay and attempt.business.allow_autopay:
        make_default(method, by=by)
        enrol(attempt.customer, by=by)


def _apply(share: AttemptShare, credit: Item, invoice: UUID, first_open_day: date) -> set[object]:
    """Put as much of a share against an invoice as both sides still have: what is left over stays credit."""
    debit = Item.objects.get(pk=invoice)
    day = max(credit.issued_on, debit.issued_on, first_open_day)
    allocate_up_to(credit, debit, share.amount, day)
    return {credit.pk, debit.pk}


def _record(event: Event, attempt: PaymentAttempt, by: Actor) -> None:
    record(
        event,
        attempt,
        by=by,
        data={
            "currency": attempt.currency,
            "amount": attempt.amount,
            "fee": attempt.fee,
            "failure": attempt.failure_code,
            "payment": attempt.payment.number if attempt.payment else "",
        },
    )


def _record_payment(payment: Payment, by: Actor) -> None:
    paid = applied([payment.item_id]).get(payment.item_id, [])
    record(
        Event.PAYMENT_SUCCEEDED,
        payment,
        by=by,
        data={
            "number": payment.number,
            "currency": payment.currency,
            "amount": payment.amount,
            "invoices": [[part.number, part.amount] for part in paid],
        },
    )
