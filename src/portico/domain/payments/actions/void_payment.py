from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.documents.actions.settle import settle
from portico.domain.documents.errors import WrongState
from portico.domain.ledger.actions.allocate import take_back
from portico.domain.ledger.actions.post import post
from portico.domain.ledger.models import EntryKind, Item
from portico.domain.payments.actions.lock import lock_payment
from portico.domain.payments.models import ACTIVE_REFUNDS, Payment, State


@transaction.atomic
def void_payment(payment: Payment, *, by: Actor, reason: str = "", is_slip: bool = False) -> Payment:
    """Take a payment back from today on: what it paid is owed again. Voiding a voided payment changes nothing.

    One that was a slip (a wrong day, a wrong customer, typed twice) never was: it is undone on its own day or, where
    that day's books are closed, on the first that is open.

    Raises WrongState when some of it was given back, is about to be, or was taken back by a bank.
    """
    _account, payment = lock_payment(payment)
    if payment.state == State.VOIDED:
        return payment
    if payment.refunded or payment.refunds.filter(state__in=ACTIVE_REFUNDS).exists():
        raise WrongState(f"{payment} was refunded, so it can't be voided.")
    if payment.disputed:
        raise WrongState(f"A bank took {payment} back, so it can't be voided.")
    day = max(payment.business.first_open_day if is_slip else payment.business.today(), payment.paid_on)
    item = Item.objects.get(pk=payment.item_id)
    touched = take_back(item, day)
    post(item, amount=payment.amount, on=day, kind=EntryKind.PAYMENT_VOID)
    settle(touched)
    payment.state, payment.voided_on = State.VOIDED, day
    payment.save(update_fields=["state", "voided_on"])
    data = {"number": payment.number, "reason": reason, "slip": is_slip, "on": day.isoformat()}
    record(Event.PAYMENT_VOIDED, payment, by=by, data=data)
    return payment
