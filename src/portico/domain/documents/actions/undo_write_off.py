from collections.abc import Collection
from datetime import date

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.documents.actions.lock import lock_document
from portico.domain.documents.actions.settle import settle
from portico.domain.documents.errors import WrongState
from portico.domain.documents.models import Document, WriteOff, WriteOffKind
from portico.domain.ledger.actions.allocate import take_back
from portico.domain.ledger.actions.post import post
from portico.domain.ledger.models import EntryKind, Item


@transaction.atomic
def undo_write_off(invoice: Document, *, by: Actor, reason: str = "") -> Document:
    """Expect again, from today on, what was written off an invoice. Raises WrongState when nothing is."""
    _account, invoice = lock_document(invoice)
    undone = reverse_write_offs(invoice, invoice.business.today())
    if not undone:
        raise WrongState(f"Nothing is written off on {invoice}.")
    record(
        Event.INVOICE_WRITE_OFF_UNDONE,
        invoice,
        by=by,
        data={
            "number": invoice.number,
            "amount": sum(row.amount for row in undone),
            "currency": invoice.currency,
            "reason": reason,
        },
    )
    return invoice


def reverse_write_offs(
    invoice: Document, on: date, kinds: Collection[WriteOffKind] = tuple(WriteOffKind)
) -> list[WriteOff]:
    """Take the write-offs of an invoice on a locked account back, on a day but none before its own; returns them."""
    rows = list(WriteOff.objects.filter(document=invoice, reversed_on=None, kind__in=kinds).order_by("id"))
    for row in rows:
        item = Item.objects.get(pk=row.pk)
        row.reversed_on = max(on, row.written_off_on)
        take_back(item, row.reversed_on)
        post(item, amount=row.amount, on=row.reversed_on, kind=EntryKind.WRITE_OFF_REVERSAL)
        row.save(update_fields=["reversed_on"])
    if rows:
        settle({invoice.pk})
        invoice.written_off = 0
        invoice.save(update_fields=["written_off"])
        invoice.refresh_from_db(fields=["open_amount"])
    return rows
