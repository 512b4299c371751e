from collections.abc import Collection
from datetime import date
from uuid import UUID

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
def undo_write_off(invoice: Document, *, by: Actor, reason: str = "", only: Collection[UUID] | None = None) -> Document:
    """Expect again, from today on, what was written off an invoice: all of it, or `only` these write-offs.

    That a bank kept a fee, or that a little was missing, was written off, too. Raises WrongState when nothing is.
    """
    _account, invoice = lock_document(invoice)
    undone = reverse_write_offs(invoice, invoice.business.today(), only=only)
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
    invoice: Document,
    on: date,
    kinds: Collection[WriteOffKind] = tuple(WriteOffKind),
    *,
    only: Collection[UUID] | None = None,
) -> list[WriteOff]:
    """Take the write-offs of an invoice on a locked account back, on a day but none before its own; returns them."""
    found = WriteOff.objects.filter(document=invoice, reversed_on=None, kind__in=kinds)
    rows = list((found if only is None else found.filter(pk__in=only)).order_by("id"))
    for row in rows:
        item = Item.objects.get(pk=row.pk)
        row.reversed_on = max(on, row.written_off_on)
        take_back(item, row.reversed_on)
        entry = EntryKind.SETTLEMENT_REVERSAL if row.hidden else EntryKind.WRITE_OFF_REVERSAL
        post(item, amount=row.amount, on=row.reversed_on, kind=entry)
        row.save(update_fields=["reversed_on"])
    if rows:
        settle({invoice.pk})
        invoice.written_off -= sum(row.amount for row in rows if row.kind == WriteOffKind.UNCOLLECTIBLE)
        invoice.save(update_fields=["written_off"])
        invoice.refresh_from_db(fields=["open_amount"])
    return rows
