from datetime import date

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.documents.actions.lock import lock_document
from portico.domain.documents.actions.settle import settle
from portico.domain.documents.errors import WrongState
from portico.domain.documents.models import Document, WriteOff, WriteOffKind
from portico.domain.ledger.actions.allocate import allocate
from portico.domain.ledger.actions.post import open_item
from portico.domain.ledger.closed import check_open
from portico.domain.ledger.models import Account, EntryKind, Item
from portico.lib.errors import FieldError, Invalid


@transaction.atomic
def write_off(
    invoice: Document, *, by: Actor, on: date | None = None, reason: str = "", hidden: bool = False
) -> WriteOff:
    """Stop expecting what is still open of an invoice, on a day (today unless given).

    The customer reads that it is written off or, when that is `hidden`, that it is settled.

    Raises WrongState when nothing is open, Invalid for a day before the invoice or after today.
    """
    account, invoice = lock_document(invoice)
    today = invoice.business.today()
    day = on or today
    if account is None or not invoice.is_owed:
        raise WrongState(f"Nothing is owed on {invoice}, so nothing can be written off.")
    if not invoice.issued_on <= day <= today:
        message = "A write-off is dated between the invoice and today."
        raise Invalid(message, code="invalid_date", fields=[FieldError("/on", message)])
    check_open(invoice.business, day, "/on")
    given_up = give_up(account, invoice, invoice.open_amount, day, reason=reason, hidden=hidden)
    record(
        Event.INVOICE_WRITTEN_OFF,
        invoice,
        by=by,
        data={
            "number": invoice.number,
            "amount": given_up.amount,
            "currency": invoice.currency,
            "reason": reason,
            "hidden": hidden,
        },
    )
    return given_up


def give_up(
    account: Account,
    invoice: Document,
    amount: int,
    on: date,
    *,
    kind: WriteOffKind = WriteOffKind.UNCOLLECTIBLE,
    reason: str = "",
    hidden: bool = False,
) -> WriteOff:
    """Write `amount` (minor units) off an invoice on a locked account. Raises NotEnough when less was open that day."""
    given_up = WriteOff.objects.create(
        business_id=invoice.business_id,
        document=invoice,
        kind=kind,
        amount=amount,
        written_off_on=on,
        reason=reason,
        hidden=hidden,
    )
    entry = EntryKind.SETTLEMENT if hidden else EntryKind.WRITE_OFF
    item = open_item(account, given_up.ref, amount=-amount, on=on, number=invoice.number, kind=entry)
    allocate(item, Item.objects.get(pk=invoice.pk), amount, on)
    settle({invoice.pk})
    if kind == WriteOffKind.UNCOLLECTIBLE:
        invoice.written_off += amount
        invoice.write_off_hidden = hidden
        invoice.save(update_fields=["written_off", "write_off_hidden"])
    return given_up
