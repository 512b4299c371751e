"""Allocations with the pages and receipts that a customer may open."""

from collections.abc import Sequence
from uuid import UUID

from portico.domain.access.viewer import CustomerViewer
from portico.domain.ledger.models import Allocation, Item
from portico.lib.l10n import Formatter
from portico.web.portal.core.kind_urls import shown_item_url
from portico.web.portal.core.urls import item_url
from portico.web.shared.allocations import AllocationRow, allocation_rows


def customer_allocations(
    item_id: UUID,
    allocations: Sequence[Allocation],
    currency: str,
    viewer: CustomerViewer,
    fmt: Formatter,
    *,
    given: bool = False,
) -> list[AllocationRow]:
    """Return the allocations of an item that the viewer has fetched, as in `allocation_rows`."""

    def page(item: Item) -> str:
        return shown_item_url(item.kind, item.id, viewer.business)

    def receipt(item: Item) -> str:
        return item_url("receipt", item.ref.public_id) if viewer.has_account else ""

    return allocation_rows(item_id, allocations, currency, fmt, page, receipt, given=given)
