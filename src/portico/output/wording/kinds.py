"""What documents, payments and ledger entries are called."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portico.domain.documents.models import Document, Kind
from portico.lib.l10n import Formatter

_KINDS = {
    "invoice": gettext_noop("Invoice"),
    "estimate": gettext_noop("Estimate"),
    "credit_note": gettext_noop("Credit note"),
    "sales_order": gettext_noop("Sales order"),
    "payment": gettext_noop("Payment"),
    "refund": gettext_noop("Refund"),
    "write_off": gettext_noop("Write-off"),
    "settlement": gettext_noop("Settlement"),
    "dispute": gettext_noop("Chargeback"),
    "credit_adjustment": gettext_noop("Credit adjustment"),
    "invoice_void": gettext_noop("Invoice voided"),
    "credit_note_void": gettext_noop("Credit note voided"),
    "payment_void": gettext_noop("Payment voided"),
    "write_off_reversal": gettext_noop("Write-off taken back"),
    "settlement_reversal": gettext_noop("Settlement taken back"),
    "refund_reversal": gettext_noop("Refund failed"),
    "dispute_reversal": gettext_noop("Chargeback returned"),
}
_PLURALS = {
    "invoice": gettext_noop("Invoices"),
    "estimate": gettext_noop("Estimates"),
    "credit_note": gettext_noop("Credit notes"),
    "sales_order": gettext_noop("Sales orders"),
    "payment": gettext_noop("Payments"),
}
_NUMBERED = {
    "invoice": gettext_noop("Invoice %(number)s"),
    "estimate": gettext_noop("Estimate %(number)s"),
    "credit_note": gettext_noop("Credit note %(number)s"),
    "sales_order": gettext_noop("Sales order %(number)s"),
    "payment": gettext_noop("Payment %(number)s"),
    "refund": gettext_noop("Refund of %(number)s"),
    "write_off": gettext_noop("Write-off of %(number)s"),
    "settlement": gettext_noop("Settlement of %(number)s"),
    "dispute": gettext_noop("Chargeback of %(number)s"),
    "credit_adjustment": gettext_noop("Credit adjustment %(number)s"),
    "invoice_void": gettext_noop("Invoice %(number)s voided"),
    "credit_note_void": gettext_noop("Credit note %(number)s voided"),
    "payment_void": gettext_noop("Payment %(number)s voided"),
    "write_off_reversal": gettext_noop("Write-off of %(number)s taken back"),
    "settlement_reversal": gettext_noop("Settlement of %(number)s taken back"),
    "refund_reversal": gettext_noop("Refund of %(number)s failed"),
    "dispute_reversal": gettext_noop("Chargeback of %(number)s returned"),
}
# By UNCL 1001: what an invoice is called that is more than one.
_TYPES = {
    "326": gettext_noop("Partial invoice"),
    "384": gettext_noop("Corrected invoice"),
    "386": gettext_noop("Prepayment invoice"),
    "389": gettext_noop("Self-billed invoice"),
}


def kind_label(kind: str) -> str:
    """Return what a document, payment or ledger entry of a kind is called: `Credit note`."""
    return _(_KINDS[kind])


def kind_plural(kind: str) -> str:
    """Return what several documents or payments of a kind are called: `Credit notes`."""
    return _(_PLURALS[kind])


def numbered_label(kind: str, number: str) -> str:
    """Return a document, payment or ledger entry by its number: `Invoice INV-2041`, `Payment PAY-0007 voided`."""
    words = _NUMBERED.get(kind)
    return (_(words) % {"number": number}).strip() if words else number


def document_title(document: Document, fmt: Formatter) -> str:
    """Return `Invoice INV-2041`; corrections, prepayments and self-billed invoices say what they are."""
    name = _(_TYPES.get(document.type_code) or _KINDS[Kind(document.kind)])
    return f"{name} {fmt.code(document.number)}".strip()
