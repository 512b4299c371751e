from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import SYSTEM
from portico.domain.activity.events import Event
from portico.domain.ledger.models import Account, EntryKind
from portico.domain.payments.actions.lock import lock_payment
from portico.domain.payments.actions.take_from_payment import return_to_payment, take_from_payment
from portico.domain.payments.gateway import DisputeOutcome
from portico.domain.payments.models import Dispute, DisputeState, Payment, State

# A notice that was overtaken by a later one never takes a dispute back to where it was.
_ORDER = [DisputeState.OPEN, DisputeState.WITHDRAWN, DisputeState.WON, DisputeState.LOST]

_EVENTS = {
    DisputeState.OPEN: Event.PAYMENT_DISPUTE_OPENED,
    DisputeState.WITHDRAWN: Event.PAYMENT_DISPUTE_WITHDRAWN,
    DisputeState.WON: Event.PAYMENT_DISPUTE_WON,
    DisputeState.LOST: Event.PAYMENT_DISPUTE_LOST,
}


@transaction.atomic
def record_dispute(payment: Payment, provider_account: str, outcome: DisputeOutcome) -> Dispute:
    """Note what a provider says of a dispute of a payment, and book the money that its bank takes back or returns.

    What is known already changes nothing, and what was decided stays decided.
    """
    account, payment = lock_payment(payment)
    to = DisputeState(outcome.state)
    today = max(payment.business.today(), payment.paid_on)
    dispute, is_new = Dispute.objects.get_or_create(
        provider_account=provider_account,
        provider_id=outcome.dispute_id,
        defaults={
            "business_id": payment.business_id,
            "payment": payment,
            "amount": outcome.amount or payment.amount + payment.fee,
            "opened_on": today,
        },
    )
    if not is_new and (not dispute.is_open or _ORDER.index(to) <= _ORDER.index(DisputeState(dispute.state))):
        return dispute
    dispute.state = to
    if to in {DisputeState.WITHDRAWN, DisputeState.LOST}:
        _take(account, payment, dispute)
    elif to == DisputeState.WON:
        _give_back(payment, dispute)
    dispute.closed_on = None if dispute.is_open else today
    dispute.save()
    _record(payment, dispute)
    return dispute


def _take(account: Account, payment: Payment, dispute: Dispute) -> None:
    """Take the money from the payment, once; no more than is left of it, as fees are on no account."""
    amount = min(dispute.amount, payment.kept)
    if dispute.taken or amount <= 0 or payment.state != State.SUCCEEDED:
        return
    day = max(payment.business.today(), payment.paid_on)
    dispute.taken_from = take_from_payment(account, payment, dispute.ref, amount, day, EntryKind.DISPUTE)
    dispute.taken = amount
    payment.disputed += amount
    payment.save(update_fields=["disputed"])


def _give_back(payment: Payment, dispute: Dispute) -> None:
    if not dispute.taken:
        return
    day = max(payment.business.today(), payment.paid_on)
    return_to_payment(payment, dispute.ref, day, EntryKind.DISPUTE_REVERSAL, dispute.taken_from)
    payment.disputed -= dispute.taken
    payment.save(update_fields=["disputed"])
    dispute.taken = 0


def _record(payment: Payment, dispute: Dispute) -> None:
    record(
        _EVENTS[DisputeState(dispute.state)],
        payment,
        by=SYSTEM,
        data={
            "number": payment.number,
            "dispute": dispute.public_id,
            "amount": dispute.amount,
            "currency": payment.currency,
        },
    )
