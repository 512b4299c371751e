from datetime import date

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.documents.actions.settle import settle
from portico.domain.documents.errors import WrongState
from portico.domain.ledger.actions.allocate import allocate, take_back
from portico.domain.ledger.actions.post import open_item
from portico.domain.ledger.errors import NotEnough
from portico.domain.ledger.models import Account, EntryKind, Item
from portico.domain.ledger.queries import least_open
from portico.domain.payments.actions.lock import lock_payment
from portico.domain.payments.models import Payment, Refund, State
from portico.lib.errors import Conflict, Invalid
from portico.lib.ids import uuid7


@transaction.atomic
def refund(
    payment: Payment,
    amount: int,
    *,
    by: Actor,
    on: date | None = None,
    reason: str = "",
    refunded_before: int | None = None,
) -> Refund:
    """Note that `amount` (minor units) of a payment was given back, on a day (today unless given).

    What is unapplied goes first; then its newest allocations are taken back, and those invoices are owed again.
    `refunded_before` is what had been given back when somebody decided this: when it is more by now, as after a second
    click, nothing happens. Raises WrongState for a voided payment, Conflict for one that changed in the meantime,
    NotEnough for more than is left of it, Invalid for a day out of range.
    """
    account, payment = lock_payment(payment)
    today = payment.business.today()
    day = on or max(today, payment.paid_on)
    if refunded_before is not None and refunded_before != payment.refunded:
        raise Conflict(f"{payment} was refunded in the meantime.", code="changed_meanwhile")
    _check(payment, amount, day, max(today, payment.paid_on))
    given_back = Refund(
        id=uuid7(), business_id=payment.business_id, payment=payment, amount=amount, refunded_on=day, reason=reason
    )
    _take_from(account, payment, given_back)
    given_back.save(force_insert=True)
    payment.refunded += amount
    payment.save(update_fields=["refunded"])
    record(
        Event.PAYMENT_REFUNDED,
        payment,
        by=by,
        data={"number": payment.number, "amount": amount, "currency": payment.currency, "reason": reason},
    )
    return given_back


def _check(payment: Payment, amount: int, day: date, last_day: date) -> None:
    if payment.state != State.SUCCEEDED:
        raise WrongState(f"{payment} is {payment.state}, so there is nothing to refund.")
    if amount <= 0 or not payment.paid_on <= day <= last_day:
        raise Invalid("A refund is more than zero and dated between the payment and today.")
    if amount > payment.amount - payment.refunded:
        raise NotEnough(f"Less than that is left of {payment}.", code="refund_exceeds_payment")


def _take_from(account: Account, payment: Payment, given_back: Refund) -> None:
    """Post the refund, and put the payment against it."""
    item, amount, day = Item.objects.get(pk=payment.item_id), given_back.amount, given_back.refunded_on
    missing = amount - least_open(item, day, sign=-1)
    touched = take_back(item, day, missing) if missing > 0 else set()
    debit = open_item(account, given_back.ref, amount=amount, on=day, number=payment.number, kind=EntryKind.REFUND)
    allocate(item, debit, amount, day)
    settle(touched)
