"""What was applied to a document, or what a payment was applied to: every dated allocation, in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from portico.domain.ledger.models import Allocation, Item
from portico.lib.l10n import Formatter
from portico.output.wording.kinds import numbered_label


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """One allocation. `undone` marks one that was taken back.

    `url` is empty for an item without a page, `receipt_url` unless the item is a payment that still stands and whose
    receipt the reader may open.
    """

    url: str
    label: str
    date: str
    amount: str
    undone: bool
    receipt_url: str


def allocations_heading(sign: int) -> str:
    """Return the heading over the allocations of a document: -1 for one that is a credit, as in `KindSpec.sign`."""
    return _("Applied to") if sign < 0 else _("Payments and credits")


def allocation_rows(
    item_id: UUID,
    allocations: Sequence[Allocation],
    currency: str,
    fmt: Formatter,
    url: Callable[[Item], str],
    receipt_url: Callable[[Item], str] | None = None,
    *,
    given: bool = False,
) -> list[AllocationRow]:
    """Return the `allocations` of an item that the viewer has fetched.

    Amounts are signed as they change what is open of a document; with `given` they read as what a credit paid.
    """
    taken_back = {(row.credit_id, row.debit_id, -row.amount) for row in allocations if row.amount < 0}
    rows = []
    for allocation in allocations:
        other = allocation.debit if allocation.credit_id == item_id else allocation.credit
        undone = allocation.amount > 0 and (allocation.credit_id, allocation.debit_id, allocation.amount) in taken_back
        stands = other.kind == "payment" and allocation.amount > 0 and not undone
        label = numbered_label(other.kind, other.number)
        rows.append(
            AllocationRow(
                url=url(other),
                label=_("%(what)s, taken back") % {"what": label} if allocation.amount < 0 else label,
                date=fmt.date(allocation.date),
                amount=fmt.money(allocation.amount if given else -allocation.amount, currency),
                undone=undone,
                receipt_url=receipt_url(other) if receipt_url and stands else "",
            )
        )
    return rows
