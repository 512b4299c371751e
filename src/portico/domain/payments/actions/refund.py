from datetime import date

from django.db import IntegrityError, transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.ledger.closed import check_open
from portico.domain.ledger.models import Account, EntryKind
from portico.domain.payments.actions.lock import lock_payment
from portico.domain.payments.actions.take_from_payment import take_from_payment
from portico.domain.payments.models import Payment, Refund
from portico.domain.payments.refundable import refuse_too_much, sent_before
from portico.lib.clock import now
from portico.lib.errors import FieldError, Invalid
from portico.lib.ids import uuid7


def refund(
    payment: Payment, amount: int, *, by: Actor, on: date | None = None, reason: str = "", submission: str = ""
) -> Refund:
    """Note that `amount` (minor units) of a payment was given back by hand, on a day (today unless given).

    What is unapplied goes first; then its newest allocations are taken back, and those invoices are owed again. The
    same `submission` sent twice notes one refund. Raises WrongState for a voided payment, NotEnough for more than is
    left of it, Invalid for a day out of range, Conflict for a submission that was used for something else.
    """
    try:
        return _refund(payment, amount, by, on, reason, submission)
    except IntegrityError:
        # Somebody was faster with this form: its refund is found now.
        return _refund(payment, amount, by, on, reason, submission)


@transaction.atomic
def _refund(payment: Payment, amount: int, by: Actor, on: date | None, reason: str, submission: str) -> Refund:
    account, payment = lock_payment(payment)
    earlier = sent_before(payment, amount, submission)
    if earlier is not None:
        return earlier
    last_day = max(payment.business.today(), payment.paid_on)
    day = on or last_day
    refuse_too_much(payment, amount)
    if not payment.paid_on <= day <= last_day:
        message = "A refund is dated between the payment and today."
        raise Invalid(message, fields=[FieldError("/refunded_on", message)])
    check_open(payment.business, day, "/refunded_on")
    given_back = Refund(
        id=uuid7(),
        business_id=payment.business_id,
        payment=payment,
        amount=amount,
        refunded_on=day,
        reason=reason,
        submission=submission,
        finished_at=now(),
    )
    given_back.save(force_insert=True)
    post_refund(account, payment, given_back)
    record_refunded(payment, given_back, Event.PAYMENT_REFUNDED, by=by)
    return given_back


def post_refund(account: Account, payment: Payment, given_back: Refund) -> None:
    """Put a refund that succeeded on a locked account, and keep what it took from which invoice."""
    given_back.taken_from = take_from_payment(
        account, payment, given_back.ref, given_back.amount, given_back.refunded_on, EntryKind.REFUND
    )
    given_back.save(update_fields=["taken_from"])
    payment.refunded += given_back.amount
    payment.save(update_fields=["refunded"])


def record_refunded(payment: Payment, given_back: Refund, event: Event, *, by: Actor) -> None:
    """Note what happened to a refund of a payment."""
    record(
        event,
        payment,
        by=by,
        data={
            "number": payment.number,
            "refund": given_back.public_id,
            "amount": given_back.amount,
            "currency": payment.currency,
            "reason": given_back.failure_message or given_back.reason,
        },
    )
