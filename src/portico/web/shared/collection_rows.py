"""The invoices that AutoPay collects next, as rows of a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portico.domain.businesses.models import Business
from portico.domain.documents.models import Document
from portico.domain.payments.autopay import Collection
from portico.lib.clock import local_date
from portico.lib.l10n import Formatter


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """An invoice that AutoPay collects, or has just tried to."""

    number: str
    url: str
    amount: str
    words: str


def collection_rows(
    planned: Sequence[Collection], business: Business, fmt: Formatter, url: Callable[[Document], str]
) -> list[CollectionRow]:
    """Return the invoices that are collected, the first ones first; then what was given up."""
    today, zone = business.today(), business.time_zone
    rows = sorted(planned, key=lambda row: (row.at is None, row.at.isoformat() if row.at else ""))
    return [
        CollectionRow(
            row.invoice.number,
            url(row.invoice),
            fmt.money(row.amount + row.offer.fee_on(row.amount), row.invoice.currency),
            fmt.date(max(today, local_date(row.at, zone))) if row.at else _("not tried again"),
        )
        for row in rows
    ]
