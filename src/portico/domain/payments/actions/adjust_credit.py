from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.number import next_number
from portico.domain.ledger.actions.allocate import allocate
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.actions.post import open_item
from portico.domain.ledger.closed import check_open
from portico.domain.ledger.errors import NotEnough
from portico.domain.ledger.models import Account, EntryKind, Item
from portico.domain.ledger.queries import least_open
from portico.domain.payments.models import CreditAdjustment
from portico.domain.payments.queries import CREDIT_BALANCE
from portico.lib.errors import Conflict, FieldError, Invalid
from portico.lib.ids import Ref, uuid7
from portico.lib.money import MAX_AMOUNT, exponent
from portico.lib.one_line import is_blank


@dataclass(frozen=True, slots=True)
class AdjustmentInput:
    """A change of a credit balance. `amount` (minor units) is positive for what the customer gets.

    `submission` names the form or request that asks: the same one sent twice adjusts once.
    """

    amount: int
    currency: str
    reason: str
    on: date | None = None
    submission: str = ""


def adjust_credit(customer: Customer, data: AdjustmentInput, *, by: Actor) -> CreditAdjustment:
    """Give a customer credit, or take some of its credit balance away, on a day (today unless given).

    Raises Invalid for the input, NotEnough when more is taken than there is on that day or since, Conflict for a
    submission that was used for something else.
    """
    _check(customer, data)
    try:
        return _adjust(customer, data, by)
    except IntegrityError:
        # Somebody was faster with this form: its adjustment is found now.
        return _adjust(customer, data, by)


@transaction.atomic
def _adjust(customer: Customer, data: AdjustmentInput, by: Actor) -> CreditAdjustment:
    account = lock_account(customer.business_id, customer.pk, data.currency)
    earlier = _sent_before(customer, data)
    if earlier is not None:
        return earlier
    day = data.on or customer.business.today()
    check_open(customer.business, day, "/adjusted_on")
    number = next_number(customer.business_id, "credit_adjustment", "ADJ-")
    ref = Ref("credit_adjustment", uuid7())
    item = open_item(account, ref, amount=-data.amount, on=day, number=number, kind=EntryKind.CREDIT_ADJUSTMENT)
    if data.amount < 0:
        _use_up(account, item, day)
    adjustment = CreditAdjustment.objects.create(
        id=ref.id,
        business_id=customer.business_id,
        customer=customer,
        item=item,
        number=number,
        currency=data.currency,
        amount=data.amount,
        adjusted_on=day,
        reason=data.reason,
        submission=data.submission,
    )
    record(
        Event.CREDIT_BALANCE_ADJUSTED,
        adjustment,
        by=by,
        data={"number": number, "currency": data.currency, "amount": data.amount, "reason": data.reason},
    )
    return adjustment


def _use_up(account: Account, debit: Item, on: date) -> None:
    """Put the oldest of the credit balance against what is taken away."""
    left = debit.amount
    rows = Item.objects.filter(account=account, open__lt=0, kind__in=CREDIT_BALANCE, issued_on__lte=on)
    # Said as the partial index says it, or SQLite would not use it.
    for credit in rows.exclude(open=0).order_by("issued_on", "id"):
        part = min(left, least_open(credit, on, sign=-1))
        if part > 0:
            allocate(credit, debit, part, on)
            left -= part
    if left:
        message = "The customer's credit balance is less than that."
        raise NotEnough(message, code="not_enough", fields=[FieldError("/amount", message)])


def _sent_before(customer: Customer, data: AdjustmentInput) -> CreditAdjustment | None:
    rows = CreditAdjustment.objects.filter(business_id=customer.business_id, submission=data.submission)
    # Said as the partial unique index says it, or SQLite would not use it.
    earlier = rows.exclude(submission="").first()
    asked = (customer.pk, data.currency, data.amount)
    if earlier is not None and (earlier.customer_id, earlier.currency, earlier.amount) != asked:
        raise Conflict("This form was already sent with other contents. Open it again.", code="submission_used")
    return earlier


def _check(customer: Customer, data: AdjustmentInput) -> None:
    exponent(data.currency)
    fields = []
    if data.amount == 0 or abs(data.amount) > MAX_AMOUNT:
        fields.append(FieldError("/amount", "Give an amount above or below zero that is not too large."))
    if is_blank(data.reason):
        fields.append(FieldError("/reason", "Say why the credit balance changes."))
    if data.on is not None and data.on > customer.business.today():
        fields.append(FieldError("/adjusted_on", "An adjustment is not dated in the future."))
    if fields:
        raise Invalid(fields[0].message, fields=fields)
