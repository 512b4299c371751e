from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.documents.actions.lock import lock_document
from portico.domain.documents.models import Document
from portico.domain.payments.errors import NotPayable, PromisesOff
from portico.domain.payments.models import PROMISE_METHODS, Method, PaymentPromise
from portico.domain.payments.offline import offline_accounts, offline_methods
from portico.lib.clock import now
from portico.lib.errors import FieldError, Invalid

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class PromiseInput:
    """What a customer says they will pay of an invoice. `amount` in minor units of its currency."""

    amount: int
    promised_on: date
    method: Method = Method.BANK_TRANSFER
    reference: str = ""
    note: str = ""


@transaction.atomic
def promise(invoice: Document, data: PromiseInput, *, by: Actor) -> PaymentPromise:
    """Note that an invoice will be paid on a day. It takes the place of an earlier promise and moves no money.

    Raises PromisesOff where the business takes none, NotPayable when nothing is owed, Invalid for the input.
    """
    _account, invoice = lock_document(invoice)
    if not invoice.business.allow_promises:
        raise PromisesOff("This business takes no promises to pay.")
    if not invoice.is_owed:
        raise NotPayable(f"Nothing is owed on {invoice}, so nothing can be promised.")
    _check(invoice, data)
    PaymentPromise.objects.filter(document=invoice, ended_at=None).update(ended_at=now())
    made = PaymentPromise.objects.create(
        business_id=invoice.business_id,
        customer_id=invoice.customer_id,
        document=invoice,
        amount=data.amount,
        open_after=invoice.open_amount - data.amount,
        method=data.method,
        promised_on=data.promised_on,
        reference=data.reference,
        note=data.note,
    )
    record(Event.PROMISE_MADE, made, by=by, data=_facts(made))
    return made


@transaction.atomic
def withdraw_promise(invoice: Document, *, by: Actor) -> None:
    """Take back what was promised for an invoice; again changes nothing."""
    _account, invoice = lock_document(invoice)
    open_promise = PaymentPromise.objects.filter(document=invoice, ended_at=None).select_related("document").first()
    if open_promise is None:
        return
    open_promise.ended_at = now()
    open_promise.save(update_fields=["ended_at"])
    record(Event.PROMISE_WITHDRAWN, open_promise, by=by, data=_facts(open_promise))


def _facts(row: PaymentPromise) -> dict[str, object]:
    return {
        "number": row.document.number,
        "invoice": row.document.public_id,
        "currency": row.document.currency,
        "amount": row.amount,
        "method": row.method,
        "promised_on": row.promised_on.isoformat(),
        "reference": row.reference,
    }


def _check(invoice: Document, data: PromiseInput) -> None:
    today = invoice.business.today()
    fields = []
    if data.amount <= 0:
        fields.append(FieldError("/amount", "A promise is more than zero."))
    if data.amount > invoice.open_amount:
        fields.append(FieldError("/amount", "That is more than is open on the invoice."))
    if data.promised_on < today:
        fields.append(FieldError("/promised_on", "The day has passed."))
    if data.promised_on > today + LONGEST:
        fields.append(FieldError("/promised_on", "The day is more than a year ahead."))
    offered = offline_methods(offline_accounts(invoice.business), invoice.currency, max(0, data.amount))
    if data.method in PROMISE_METHODS and data.method not in offered:
        fields.append(FieldError("/method", "The business does not take this amount this way."))
    if data.method not in PROMISE_METHODS:
        fields.append(FieldError("/method", "Give bank_transfer, check or cash."))
    if fields:
        raise Invalid(fields[0].message, fields=fields)
