"""What a provider says of a refund is booked here, once: the answer, the webhook and the sweep all end here."""

from django.db import transaction

from portico.domain.activity.actor import SYSTEM, Actor
from portico.domain.activity.events import Event
from portico.domain.ledger.models import EntryKind, Item
from portico.domain.payments.actions.lock import lock_payment
from portico.domain.payments.actions.refund import post_refund, record_refunded
from portico.domain.payments.actions.take_from_payment import return_to_payment
from portico.domain.payments.gateway import OutcomeState, RefundOutcome
from portico.domain.payments.models import Payment, Refund, RefundState
from portico.lib.clock import now

_STATES = {
    OutcomeState.PROCESSING: RefundState.PROCESSING,
    OutcomeState.SUCCEEDED: RefundState.SUCCEEDED,
    OutcomeState.FAILED: RefundState.FAILED,
    OutcomeState.CANCELED: RefundState.FAILED,
}


@transaction.atomic
def record_refund(refund: Refund, outcome: RefundOutcome, *, by: Actor = SYSTEM) -> Refund:
    """Bring a refund to the state that its provider reports, and book it when the money was given back.

    What is known already changes nothing. One that comes back from the customer's bank after it had succeeded is
    reversed, for good.
    """
    account, payment = lock_payment(refund.payment)
    refund = Refund.objects.select_related("payment", "gateway_account__business").get(pk=refund.pk)
    to = _STATES.get(outcome.state)
    if to is None or not _moves(refund, to):
        return refund
    before, refund.state = refund.state, to
    refund.provider_id = outcome.provider_id or refund.provider_id
    refund.failure_message = outcome.failure_message[:255]
    if to == RefundState.SUCCEEDED:
        refund.refunded_on = max(payment.business.today(), payment.paid_on)
        post_refund(account, payment, refund)
    elif before == RefundState.SUCCEEDED:
        _reverse(payment, refund)
    refund.finished_at = None if refund.is_active else now()
    refund.save()
    if to != RefundState.PROCESSING:
        event = Event.PAYMENT_REFUNDED if to == RefundState.SUCCEEDED else Event.PAYMENT_REFUND_FAILED
        record_refunded(payment, refund, event, by=by)
    return refund


def _moves(refund: Refund, to: RefundState) -> bool:
    if refund.state == RefundState.SUCCEEDED:
        return to == RefundState.FAILED
    if refund.state == RefundState.FAILED:
        # Money that was given back is booked, even late; a refund that was booked once is not booked again.
        return to == RefundState.SUCCEEDED and not Item.objects.filter(pk=refund.pk).exists()
    return to != refund.state


def _reverse(payment: Payment, refund: Refund) -> None:
    day = max(payment.business.today(), refund.refunded_on)
    return_to_payment(payment, refund.ref, day, EntryKind.REFUND_REVERSAL, refund.taken_from or {})
    payment.refunded -= refund.amount
    payment.save(update_fields=["refunded"])
