from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share, apply_shares
from portico.domain.documents.actions.number import next_number
from portico.domain.documents.errors import NumberTaken
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.actions.post import open_item
from portico.domain.ledger.models import Account, EntryKind
from portico.domain.payments.models import Method, Payment
from portico.lib.clock import today
from portico.lib.errors import FieldError, Invalid
from portico.lib.ids import Ref, uuid7
from portico.lib.money import MAX_AMOUNT, exponent

# The zone where a day begins first: a date later than today there is in the future for everybody.
_EARLIEST_ZONE = "Etc/GMT-14"


@dataclass(frozen=True, slots=True)
class PaymentInput:
    """Money that came in outside Portico. `amount` in minor units; `shares` is what it pays, the rest is credit."""

    amount: int
    currency: str
    paid_on: date
    method: Method
    shares: Sequence[Share] = ()
    reference: str = ""
    external_id: str = ""
    note: str = ""


def record_payment(customer: Customer, wish: PaymentInput, *, by: Actor) -> Payment:
    """Record a payment received and apply it, all or nothing.

    Raises Invalid for the input, NumberTaken for a used external id, NotEnough, WrongState or CurrencyMismatch for an
    allocation that can't be made.
    """
    _check(wish)
    try:
        return _record(customer, wish, by)
    except IntegrityError:
        # Somebody was faster with this external id: it is refused now.
        return _record(customer, wish, by)


@transaction.atomic
def _record(customer: Customer, wish: PaymentInput, by: Actor) -> Payment:
    account = lock_account(customer.business_id, customer.pk, wish.currency)
    _refuse_taken(customer, wish.external_id)
    payment = receive(account, customer, wish)
    apply_shares(account, payment.item, wish.shares)
    payment.item.refresh_from_db(fields=["open"])
    record(
        Event.PAYMENT_RECORDED,
        payment,
        by=by,
        data={
            "number": payment.number,
            "currency": wish.currency,
            "amount": wish.amount,
            "invoices": [[share.invoice.number, share.amount] for share in wish.shares],
        },
    )
    return payment


def receive(account: Account, customer: Customer, wish: PaymentInput, *, fee: int = 0) -> Payment:
    """Put money on a locked account, wholly unapplied. `fee` (minor units) was charged on top and pays nothing."""
    number = next_number(customer.business_id, "payment", "PAY-")
    ref = Ref("payment", uuid7())
    item = open_item(account, ref, amount=-wish.amount, on=wish.paid_on, number=number, kind=EntryKind.PAYMENT)
    return Payment.objects.create(
        id=ref.id,
        business_id=customer.business_id,
        customer=customer,
        item=item,
        number=number,
        external_id=wish.external_id,
        currency=wish.currency,
        amount=wish.amount,
        fee=fee,
        paid_on=wish.paid_on,
        method=wish.method,
        reference=wish.reference,
        note=wish.note,
    )


def _check(wish: PaymentInput) -> None:
    exponent(wish.currency)
    if wish.amount > MAX_AMOUNT:
        message = "The payment is larger than an amount can be."
        raise Invalid(message, code="amount_too_large", fields=[FieldError("/amount", message)])
    fields = []
    if wish.amount <= 0:
        fields.append(FieldError("/amount", "A payment is more than zero."))
    if wish.paid_on > today(_EARLIEST_ZONE):
        fields.append(FieldError("/paid_on", "A payment that was received has no date in the future."))
    if sum(share.amount for share in wish.shares) > wish.amount:
        fields.append(FieldError("/allocations", "The allocations come to more than the payment."))
    if fields:
        raise Invalid(fields[0].message, fields=fields)


def _refuse_taken(customer: Customer, external_id: str) -> None:
    # Said as the partial unique index says it, or SQLite would not use it.
    named = Payment.objects.filter(business_id=customer.business_id, external_id=external_id).exclude(external_id="")
    taken = named.first()
    if taken:
        raise NumberTaken(
            f"{external_id} already stands for payment {taken.number}.",
            fields=[FieldError("/external_id", f"Already used by {taken.public_id}.")],
        )
