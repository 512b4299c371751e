from datetime import date

from portico.domain.activity.actor import Actor
from portico.domain.documents.actions.issue import put_on_ledger
from portico.domain.documents.actions.link import first_link
from portico.domain.documents.actions.number import next_number
from portico.domain.documents.actions.record_issue import record_issue
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Kind, Lifecycle, Line
from portico.domain.documents.parties import buyer_snapshot, seller_snapshot
from portico.domain.ledger.models import Account
from portico.lib.errors import FieldError, Invalid
from portico.lib.ids import uuid7

_COPIED = (
    "title", "currency", "prices_include_tax", "subtotal", "discount_total", "charge_total", "tax_total", "total",
    "prepaid", "rounding", "payable", "notes", "terms", "payment_means", "buyer_reference", "purchase_order",
    "contract_reference", "project_reference", "period_start", "period_end", "delivered_on", "delivered_to",
    "allowances", "breakdown", "particulars",
)  # fmt: skip


def write_invoice(
    account: Account, estimate: Document, *, by: Actor, due_on: date | None, number: str = "", source: str = ""
) -> Document:
    """Write an invoice with the lines, totals and terms of a locked estimate, issued today on its locked account."""
    today = estimate.business.today()
    if due_on is not None and due_on < today:
        message = "The due date is before the issue date."
        raise Invalid(message, fields=[FieldError("/due_on", message)])
    invoice = Document.objects.create(
        business=estimate.business,
        customer=estimate.customer,
        kind=Kind.INVOICE,
        number=next_number(estimate.business_id, Kind.INVOICE, SPECS[Kind.INVOICE].number_prefix),
        lifecycle=Lifecycle.ISSUED,
        issued_on=today,
        due_on=due_on,
        estimate=estimate,
        seller=seller_snapshot(estimate.business, estimate.customer.language),
        buyer=buyer_snapshot(estimate.customer),
        references=[*estimate.references, {"kind": "estimate", "value": estimate.number}],
        source=source,
        **{name: getattr(estimate, name) for name in _COPIED},
    )
    lines = list(estimate.lines.all())
    for line in lines:
        line.pk, line.document = uuid7(), invoice
    Line.objects.bulk_create(lines)
    put_on_ledger(account, invoice)
    link = first_link(invoice, by=by)
    data = {"number": invoice.number, "currency": invoice.currency, "total": invoice.total, "estimate": estimate.number}
    record_issue(invoice, by=by, data=data | ({"link": link.public_id} if link else {}))
    return invoice
