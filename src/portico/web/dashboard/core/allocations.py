"""Allocations with the pages and receipts that staff open."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from portico.domain.documents.models import Kind
from portico.domain.ledger.models import Allocation, Item
from portico.lib.l10n import Formatter
from portico.web.shared.allocations import AllocationRow, allocation_rows


def staff_allocations(
    item_id: UUID, allocations: Sequence[Allocation], currency: str, fmt: Formatter, *, given: bool = False
) -> list[AllocationRow]:
    """Return the allocations of an item, as in `allocation_rows`."""
    return allocation_rows(item_id, allocations, currency, fmt, _url, _receipt_url, given=given)


def _url(item: Item) -> str:
    if item.kind in Kind.values:
        return reverse("document", args=[item.ref.public_id])
    return reverse("payment", args=[item.ref.public_id]) if item.kind == "payment" else ""


def _receipt_url(payment: Item) -> str:
    return reverse("payment_receipt", args=[payment.ref.public_id])
