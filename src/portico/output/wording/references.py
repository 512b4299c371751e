"""What a document calls the other documents that it refers to."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# kinds: documents of others are referred to, too, and by other words
_REFERENCES = {
    "estimate": gettext_noop("Estimate"),
    "preceding_invoice": gettext_noop("Refers to invoice"),
    "purchase_order": gettext_noop("Your order"),
    "sales_order": gettext_noop("Our order"),
    "contract": gettext_noop("Contract"),
    "project": gettext_noop("Project"),
    "despatch": gettext_noop("Delivery note"),
    "receipt": gettext_noop("Goods receipt"),
    "tender": gettext_noop("Tender"),
    "invoiced_object": gettext_noop("Object"),
    "accounting": gettext_noop("Your accounting reference"),
    "accounting_tax": gettext_noop("Tax in the accounting currency"),
    "tax_point": gettext_noop("Tax point"),
}
_OTHER = gettext_noop("Reference")


def reference_label(kind: str) -> str:
    """Return the label of a reference to another document."""
    return _(_REFERENCES.get(kind, _OTHER))
