from django.db import IntegrityError, transaction

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.documents.errors import WrongState
from portico.domain.payments.actions.lock import lock_payment
from portico.domain.payments.actions.refund import record_refunded
from portico.domain.payments.models import Payment, Refund, RefundState
from portico.domain.payments.refundable import collected_by, refuse_too_much, sent_before
from portico.domain.payments.registry import gateway_named
from portico.lib.errors import FieldError, Invalid
from portico.lib.ids import uuid7


def start_refund(payment: Payment, amount: int, *, by: Actor, reason: str = "", submission: str = "") -> Refund:
    """Note that a provider is about to give `amount` (minor units) of a payment back; `ask_refund` asks it after that.

    The same `submission` sent twice makes one refund. Raises WrongState for a payment that is voided or was not
    collected by a provider that gives money back, NotEnough for more than is left of it, Invalid for a part where the
    provider gives back the whole only, Conflict for a submission that was used for something else.
    """
    try:
        return _start(payment, amount, by, reason, submission)
    except IntegrityError:
        # Somebody was faster with this form: its refund is found now.
        return _start(payment, amount, by, reason, submission)


@transaction.atomic
def _start(payment: Payment, amount: int, by: Actor, reason: str, submission: str) -> Refund:
    _account, payment = lock_payment(payment)
    earlier = sent_before(payment, amount, submission)
    if earlier is not None:
        return earlier
    attempt = collected_by(payment)
    if attempt is None:
        raise WrongState(f"No provider can give {payment} back.", code="refund_by_hand")
    refuse_too_much(payment, amount)
    if amount != payment.amount and not gateway_named(attempt.gateway_account.gateway).capabilities().partial_refunds:
        message = "The provider refunds the whole payment, or nothing."
        raise Invalid(message, code="refund_whole_only", fields=[FieldError("/amount", message)])
    started = Refund(
        id=uuid7(),
        business_id=payment.business_id,
        payment=payment,
        gateway_account=attempt.gateway_account,
        state=RefundState.CREATED,
        amount=amount,
        refunded_on=payment.business.today(),
        reason=reason,
        submission=submission,
        provider_account=attempt.provider_account,
    )
    started.save(force_insert=True)
    record_refunded(payment, started, Event.PAYMENT_REFUND_STARTED, by=by)
    return started
