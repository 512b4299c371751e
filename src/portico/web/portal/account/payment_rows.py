"""Payments as short rows: how each came, and what it paid."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import ngettext

from portico.domain.ledger.queries import Applied
from portico.domain.payments.models import Payment, State
from portico.lib.l10n import Formatter
from portico.output.wording.methods import method_label
from portico.web.portal.core.kinds import PAYMENT
from portico.web.portal.core.urls import item_url
from portico.web.shared.status import Tag, payment_tag


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment in a short list."""

    url: str
    date: str
    words: str
    tag: Tag
    amount: str
    receipt_url: str


def payment_rows(rows: list[Payment], paid: dict[UUID, list[Applied]], fmt: Formatter) -> list[PaymentRow]:
    """Return short rows saying how each payment came and what it paid; `paid` is by ledger item."""
    return [
        PaymentRow(
            url=item_url(PAYMENT, row.public_id),
            date=fmt.date(row.paid_on),
            words=" · ".join(filter(None, [method_label(row.method), _paid(paid.get(row.item_id, []), fmt)])),
            tag=payment_tag(row),
            amount=fmt.money(row.amount, row.currency),
            receipt_url=item_url("receipt", row.public_id) if row.state == State.SUCCEEDED else "",
        )
        for row in rows
    ]


def _paid(parts: list[Applied], fmt: Formatter) -> str:
    invoices = [part for part in parts if part.kind == "invoice"]
    if len(invoices) == 1:
        return fmt.code(invoices[0].number)
    count = len(invoices)
    return ngettext("%(count)s invoice", "%(count)s invoices", count) % {"count": count} if count else ""
