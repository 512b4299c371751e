"""Payments and credits applied to something, or what something was applied to: every dated fact, in order."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.ledger.queries import allocations_of
from portico.lib.l10n import Formatter
from portico.output.wording.kinds import numbered_label
from portico.web.portal.core.kind_urls import item_url
from portico.web.portal.core.kinds import PAYMENT
from portico.web.portal.core.urls import item_address


@dataclass(frozen=True, slots=True)
class AppliedRow:
    """One allocation. `undone` marks one that was taken back, and the taking back itself.

    `receipt_url` is set for a payment that stands against the item and whose receipt the viewer may open.
    """

    url: str
    words: str
    sub: str
    amount: str
    undone: bool
    receipt_url: str


def applied_rows(
    item_id: UUID, currency: str, viewer: CustomerViewer, fmt: Formatter, *, given: bool = False
) -> list[AppliedRow]:
    """Return the allocations of an item the viewer has fetched; one query.

    Amounts are signed as they change what is open of a document; with `given` they read as what a credit paid.
    """
    allocations = allocations_of(item_id)
    taken_back = {(row.credit_id, row.debit_id, -row.amount) for row in allocations if row.amount < 0}
    rows = []
    for allocation in allocations:
        is_credit = allocation.credit_id == item_id
        other = allocation.debit if is_credit else allocation.credit
        amount = allocation.amount if given else -allocation.amount
        undone = allocation.amount > 0 and (allocation.credit_id, allocation.debit_id, allocation.amount) in taken_back
        has_receipt = viewer.has_account and other.kind == PAYMENT and allocation.amount > 0 and not undone
        words = numbered_label(other.kind, other.number)
        if allocation.amount < 0:
            words = _("%(what)s, taken back") % {"what": words}
        rows.append(
            AppliedRow(
                url=item_url(other.kind, other.id, viewer.business),
                words=words,
                sub=fmt.date(allocation.date),
                amount=fmt.money(amount, currency),
                undone=undone,
                receipt_url=item_address("receipt", other.ref.public_id) if has_receipt else "",
            )
        )
    return rows
