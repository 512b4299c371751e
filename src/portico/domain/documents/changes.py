"""What differs between a document and what somebody says of it now."""

from typing import Any

from portico.domain.customers.models import Customer
from portico.domain.documents.document_input import DocumentInput, checked_totals
from portico.domain.documents.models import Document, Line
from portico.domain.documents.new_rows import new_document, new_lines

# What is said, by the column that keeps it. The numbers that are worked out follow from these.
_COLUMNS = {
    "title": "title", "issued_on": "issued_on", "due_on": "due_on", "expires_on": "expires_on", "currency": "currency",
    "prices_include_tax": "prices_include_tax", "notes": "notes", "terms": "terms",
    "buyer_reference": "buyer_reference", "purchase_order": "purchase_order",
    "contract_reference": "contract_reference", "project_reference": "project_reference", "references": "references",
    "delivered_on": "delivered_on", "delivered_to": "delivered_to", "period_start": "period_start",
    "period_end": "period_end", "deposit_amount": "deposit", "deposit_percent": "deposit", "allowances": "discount",
    "particulars": "notes",
}  # fmt: skip
_LINE = (
    "description", "details", "item_number", "quantity", "unit", "unit_price", "gross", "discount", "amount",
    "tax_rate", "tax_category", "tax", "exemption_reason", "exemption_code", "period_start", "period_end",
)  # fmt: skip


def changed_fields(document: Document, customer: Customer, data: DocumentInput) -> set[str]:
    """Return the fields of `data` by which it says something else than a document does.

    A number that is left out is whatever the document has; the ways to pay that staff switch off later don't count
    once it is issued. Raises Invalid for input that makes no document.
    """
    totals = checked_totals(document.business, data)
    new = new_document(document.business, customer, data, totals, data.number)
    changed = {name for column, name in _COLUMNS.items() if getattr(document, column) != getattr(new, column)}
    if customer.pk != document.customer_id:
        changed.add("customer")
    if data.number and data.number != document.number:
        changed.add("number")
    if data.draft != (document.lifecycle == "draft"):
        changed.add("draft")
    if document.lifecycle == "draft" and list(data.disabled_methods) != document.disabled_methods:
        changed.add("disabled_methods")
    lines = list(document.lines.all())
    if [_said(line) for line in lines] != [_said(line) for line in new_lines(new, data, totals)]:
        changed.add("lines")
    elif (new.total, new.tax_total) != (document.total, document.tax_total):
        changed.add("tax_rate")
    return changed


def _said(line: Line) -> list[Any]:
    return [getattr(line, name) for name in _LINE]
