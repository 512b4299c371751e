"""The ledger of a business over a period, entry by entry, with the tax of its documents."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import batched
from typing import Any

from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.documents.models import Document
from portico.domain.ledger.models import Entry, EntryKind

_CHUNK = 500

# What a tax return is made of; money that comes and goes has no tax of its own.
_TAXED = (EntryKind.INVOICE, EntryKind.CREDIT_NOTE, EntryKind.INVOICE_VOID, EntryKind.CREDIT_NOTE_VOID)


@dataclass(frozen=True, slots=True)
class Posting:
    """An entry, or the part of it that has a tax rate: `net` and `tax` are signed like the entry, in minor units.

    `category` is the part's of UNCL 5305, if the document says one. `untaxed` is a document that says nothing of tax.
    """

    entry: Entry
    amount: int
    rate: Decimal | None = None
    net: int | None = None
    tax: int | None = None
    category: str = ""
    untaxed: bool = False


def journal(viewer: Viewer, start: date, end: date) -> Iterator[Posting]:
    """Yield what was posted on the days from `start` to `end`, in their order, read as it is taken.

    A document's entry comes in one part for each tax rate, which add up to it. Nothing for customers.
    """
    if isinstance(viewer, CustomerViewer):
        return
    rows = Entry.objects.filter(business=viewer.business, date__range=(start, end))
    rows = rows.select_related("item", "account__customer").order_by("date", "id")
    for chunk in batched(rows.iterator(chunk_size=_CHUNK), _CHUNK, strict=False):
        taxed = [entry.item_id for entry in chunk if entry.kind in _TAXED]
        rows_taxed = Document.objects.filter(pk__in=taxed).values_list("pk", "breakdown", "tax_total")
        shares = {key: (breakdown, tax_total) for key, breakdown, tax_total in rows_taxed}
        for entry in chunk:
            yield from _parts(entry, *shares.get(entry.item_id, ([], None)))


def _parts(entry: Entry, shares: list[dict[str, Any]], tax_total: int | None) -> Iterator[Posting]:
    parts = [
        (Decimal(str(share["rate"] or 0)), int(share["taxable"]), int(share["tax"]), str(share.get("category") or ""))
        for share in shares
    ]
    total = sum(net + tax for _, net, tax, _category in parts)
    if not parts or total == 0 or abs(total) != abs(entry.amount):
        # Rounded, paid in advance, or imported without its taxes: the parts would not add up to what was posted.
        yield Posting(entry, entry.amount, untaxed=not shares and tax_total == 0)
        return
    sign = 1 if (total > 0) == (entry.amount > 0) else -1
    for rate, net, tax, category in parts:
        yield Posting(entry, sign * (net + tax), rate, sign * net, sign * tax, category)
