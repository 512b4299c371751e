"""What was put against a document or taken from a payment, as dated rows."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from portico.domain.documents.models import Kind
from portico.domain.ledger.models import Item
from portico.domain.ledger.queries import allocations_of
from portico.lib.l10n import Formatter
from portico.output.wording.kinds import numbered_label


@dataclass(frozen=True, slots=True)
class AppliedRow:
    """One allocation seen from one side; `taken_back` ones count against an earlier one."""

    words: str
    url: str
    date: str
    amount: str
    taken_back: bool


def applied_rows(item_id: UUID, currency: str, fmt: Formatter) -> list[AppliedRow]:
    """Return every allocation of an item with the other side of it, in the order they were made."""
    rows = []
    for row in allocations_of(item_id):
        other = row.debit if row.credit_id == item_id else row.credit
        rows.append(
            AppliedRow(
                words=numbered_label(other.kind, other.number),
                url=_url(other),
                date=fmt.date(row.date),
                amount=fmt.money(row.amount, currency),
                taken_back=row.amount < 0,
            )
        )
    return rows


def _url(item: Item) -> str:
    if item.kind in Kind.values:
        return reverse("document", args=[item.ref.public_id])
    return reverse("payment", args=[item.ref.public_id]) if item.kind == "payment" else ""
