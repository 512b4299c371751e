from functools import cache

from django.utils.translation import gettext, gettext_noop, override

_KINDS = {
    "invoice": gettext_noop("Invoice"),
    "estimate": gettext_noop("Estimate"),
    "credit_note": gettext_noop("Credit note"),
    "sales_order": gettext_noop("Sales order"),
    "payment": gettext_noop("Payment"),
    "refund": gettext_noop("Refund"),
    "write_off": gettext_noop("Write-off"),
    "invoice_void": gettext_noop("Invoice voided"),
    "credit_note_void": gettext_noop("Credit note voided"),
    "payment_void": gettext_noop("Payment voided"),
    "write_off_reversal": gettext_noop("Write-off taken back"),
}


@cache
def kind_word(kind: str, language: str) -> str:
    """Return what a document, payment or ledger entry is called in a language."""
    with override(language):
        return gettext(_KINDS[kind])
