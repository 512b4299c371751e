from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share, apply_shares
from portico.domain.documents.actions.lock import lock_documents
from portico.domain.documents.actions.number import next_number
from portico.domain.documents.actions.undo_write_off import reverse_write_offs
from portico.domain.documents.actions.write_off import give_up
from portico.domain.documents.errors import NumberTaken
from portico.domain.documents.models import Document, WriteOff, WriteOffKind
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.actions.post import open_item
from portico.domain.ledger.closed import check_open
from portico.domain.ledger.models import Account, EntryKind
from portico.domain.payments.deposits import deposit_due
from portico.domain.payments.errors import NotPayable
from portico.domain.payments.models import Method, Payment
from portico.lib.clock import today
from portico.lib.errors import Conflict, FieldError, Invalid, NotFound, PorticoError
from portico.lib.ids import Ref, uuid7
from portico.lib.money import MAX_AMOUNT, exponent

# The zone where a day begins first: a date later than today there is in the future for everybody.
_EARLIEST_ZONE = "Etc/GMT-14"


@dataclass(frozen=True, slots=True)
class Difference:
    """What is written off an invoice (minor units) when a payment for it comes in a little short."""

    invoice: Document
    amount: int
    kind: WriteOffKind = WriteOffKind.DIFFERENCE


@dataclass(frozen=True, slots=True)
class PaymentInput:
    """Money that came in outside Portico. `amount` in minor units; `shares` is what it pays, the rest is credit.

    `differences` is what is written off invoices in the same step, such as a fee that a bank kept. `submission` names
    the form that was sent: the same one sent twice records one payment. `deposit_of` is the estimate whose deposit it
    is: it stays the customer's credit until that becomes an invoice.
    """

    amount: int
    currency: str
    paid_on: date
    method: Method
    shares: Sequence[Share] = ()
    reference: str = ""
    external_id: str = ""
    note: str = ""
    differences: Sequence[Difference] = ()
    submission: str = ""
    deposit_of: Document | None = None


def record_payment(customer: Customer, data: PaymentInput, *, by: Actor) -> Payment:
    """Record a payment received and apply it, all or nothing.

    Money for an invoice that was written off takes the write-off back; what is still missing is written off again.
    Raises Invalid for the input, NumberTaken for a used external id, NotEnough, WrongState or CurrencyMismatch for an
    allocation that can't be made.
    """
    _check(data)
    try:
        return _record(customer, data, by)
    except IntegrityError:
        # Somebody was faster with this external id, which is refused now, or with this form.
        return _record(customer, data, by)


@transaction.atomic
def _record(customer: Customer, data: PaymentInput, by: Actor) -> Payment:
    account = lock_account(customer.business_id, customer.pk, data.currency)
    earlier = _sent_before(customer, data)
    if earlier is not None:
        return earlier
    _refuse_taken(customer, data.external_id)
    check_open(customer.business, data.paid_on, "/paid_on")
    _check_deposit(account, data)
    payment = receive(account, customer, data)
    reopened = _reopen(account, data)
    apply_shares(account, payment.item, data.shares, on=data.paid_on)
    for index, difference in enumerate(data.differences):
        _write_off(account, difference, data.paid_on, index)
    for write_off in reopened:
        _write_off_again(account, write_off)
    payment.item.refresh_from_db(fields=["open"])
    record(
        Event.PAYMENT_RECORDED,
        payment,
        by=by,
        data={
            "number": payment.number,
            "currency": data.currency,
            "amount": data.amount,
            "invoices": [[share.invoice.number, share.amount] for share in data.shares],
            "written_off": [[row.invoice.number, row.amount] for row in data.differences],
        },
    )
    return payment


def _check_deposit(account: Account, data: PaymentInput) -> None:
    """Refuse a deposit that its estimate does not ask for."""
    if data.deposit_of is None:
        return
    estimate = lock_documents(account, [data.deposit_of.pk]).get(data.deposit_of.pk)
    place = "/estimate"
    if estimate is None:
        message = "There is no such estimate."
        raise NotFound(message, fields=[FieldError(place, message)])
    if data.shares:
        message = "A deposit pays no invoice before its estimate becomes one."
        raise Invalid(message, code="deposit_with_invoices", fields=[FieldError(place, message)])
    if data.amount > deposit_due(estimate):
        message = f"{estimate.number} asks for no such deposit."
        raise NotPayable(message, code="deposit_not_due", fields=[FieldError(place, message)])


def _sent_before(customer: Customer, data: PaymentInput) -> Payment | None:
    # Said as the partial unique index says it, or SQLite would not use it.
    rows = Payment.objects.filter(business_id=customer.business_id, submission=data.submission).exclude(submission="")
    earlier = rows.select_related("item", "customer", "business").first()
    asked = (customer.pk, data.currency, data.amount)
    if earlier is not None and (earlier.customer_id, earlier.currency, earlier.amount) != asked:
        raise Conflict("This form was already sent with other contents. Open it again.", code="submission_used")
    return earlier


def _reopen(account: Account, data: PaymentInput) -> list[WriteOff]:
    """Take those write-offs back that stand where the payment is to go; returns them."""
    locked = lock_documents(account, [share.invoice.pk for share in data.shares])
    taken_back = []
    for share in data.shares:
        invoice = locked.get(share.invoice.pk)
        if invoice is not None and invoice.written_off and share.amount > invoice.open_amount:
            taken_back += reverse_write_offs(invoice, data.paid_on, [WriteOffKind.UNCOLLECTIBLE])
    return taken_back


def _write_off_again(account: Account, before: WriteOff) -> None:
    (invoice,) = lock_documents(account, [before.document_id]).values()
    if invoice.open_amount > 0 and before.reversed_on is not None:
        amount = min(invoice.open_amount, before.amount)
        give_up(account, invoice, amount, before.reversed_on, reason=before.reason, hidden=before.hidden)


def _write_off(account: Account, difference: Difference, on: date, index: int) -> None:
    invoice = lock_documents(account, [difference.invoice.pk]).get(difference.invoice.pk)
    place = f"/write_offs/{index}/amount"
    if invoice is None or not invoice.is_owed:
        message = "Nothing is left to be written off there."
        raise NotFound(message, fields=[FieldError(f"/write_offs/{index}/invoice", message)])
    try:
        give_up(account, invoice, difference.amount, max(on, invoice.issued_on), kind=difference.kind)
    except PorticoError as error:
        error.fields = (FieldError(place, error.message),)
        raise


def receive(account: Account, customer: Customer, data: PaymentInput, *, fee: int = 0) -> Payment:
    """Put money on a locked account, wholly unapplied. `fee` (minor units) was charged on top and pays nothing."""
    # No document has a number of this series.
    number = next_number(customer.business_id, "payment", "PAY-", is_free=True)
    ref = Ref("payment", uuid7())
    item = open_item(account, ref, amount=-data.amount, on=data.paid_on, number=number, kind=EntryKind.PAYMENT)
    return Payment.objects.create(
        id=ref.id,
        business_id=customer.business_id,
        customer=customer,
        item=item,
        number=number,
        external_id=data.external_id,
        currency=data.currency,
        amount=data.amount,
        fee=fee,
        paid_on=data.paid_on,
        method=data.method,
        reference=data.reference,
        note=data.note,
        submission=data.submission,
        deposit_of=data.deposit_of,
    )


def _check(data: PaymentInput) -> None:
    exponent(data.currency)
    if data.amount > MAX_AMOUNT:
        message = "The payment is larger than an amount can be."
        raise Invalid(message, code="amount_too_large", fields=[FieldError("/amount", message)])
    fields = []
    if data.amount <= 0:
        fields.append(FieldError("/amount", "A payment is more than zero."))
    if data.paid_on > today(_EARLIEST_ZONE):
        fields.append(FieldError("/paid_on", "A payment that was received has no date in the future."))
    if sum(share.amount for share in data.shares) > data.amount:
        fields.append(FieldError("/allocations", "The allocations come to more than the payment."))
    if any(row.amount <= 0 for row in data.differences):
        fields.append(FieldError("/write_offs", "What is written off is more than zero."))
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
