"""The words of papers in the reader's language. Call everything here under `translation.override`."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from portico.domain.documents.models import Document, Kind
from portico.lib.l10n import Formatter

# Countries whose tax on sales is not called VAT.
_OTHER_TAX = frozenset({"US", "CA", "AU", "NZ", "IN", "SG", "MY", "JP"})

_REMARKS = {
    "AE": gettext_noop("Reverse charge: the recipient of the supply owes the tax."),
    "K": gettext_noop("Tax-exempt supply within the European Union."),
    "G": gettext_noop("Tax-exempt export."),
}
_REFERENCES = {
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
_METHODS = {
    "bank_transfer": gettext_noop("Bank transfer"),
    "card": gettext_noop("Card"),
    "direct_debit": gettext_noop("Direct debit"),
    "check": gettext_noop("Check"),
    "cash": gettext_noop("Cash"),
}
_OTHER_METHOD = gettext_noop("Other")
_ENTRIES = {
    "invoice": gettext_noop("Invoice %(number)s"),
    "credit_note": gettext_noop("Credit note %(number)s"),
    "payment": gettext_noop("Payment %(number)s"),
    "refund": gettext_noop("Refund of %(number)s"),
    "write_off": gettext_noop("Write-off of %(number)s"),
    "invoice_void": gettext_noop("Invoice %(number)s voided"),
    "credit_note_void": gettext_noop("Credit note %(number)s voided"),
    "payment_void": gettext_noop("Payment %(number)s voided"),
    "write_off_reversal": gettext_noop("Write-off of %(number)s taken back"),
}
# Units of UN/ECE Recommendation 20: words, and signs that read the same everywhere. A piece needs neither.
_UNIT_WORDS: dict[str, Callable[[int], str]] = {
    "HUR": lambda _count: _("h"),
    "MIN": lambda _count: _("min"),
    "DAY": lambda count: ngettext("day", "days", count),
    "WEE": lambda count: ngettext("week", "weeks", count),
    "MON": lambda count: ngettext("month", "months", count),
    "ANN": lambda count: ngettext("year", "years", count),
    "SET": lambda count: ngettext("set", "sets", count),
    "LS": lambda _count: _("flat rate"),
}
_UNIT_SIGNS = {
    "C62": "", "H87": "", "EA": "", "XPP": "", "NAR": "", "KGM": "kg", "GRM": "g", "TNE": "t", "MTR": "m", "KMT": "km",
    "MTK": "m²", "MTQ": "m³", "LTR": "l", "KWH": "kWh", "P1": "%",
}  # fmt: skip


def document_title(document: Document, fmt: Formatter) -> str:
    """Return `Invoice INV-2041`; corrections, prepayments and self-billed invoices say what they are."""
    names = {
        Kind.INVOICE: _("Invoice"),
        Kind.ESTIMATE: _("Estimate"),
        Kind.CREDIT_NOTE: _("Credit note"),
        Kind.SALES_ORDER: _("Sales order"),
    }
    by_type_code = {
        "326": _("Partial invoice"),
        "384": _("Corrected invoice"),
        "386": _("Prepayment invoice"),
        "389": _("Self-billed invoice"),
    }
    name = by_type_code.get(document.type_code) or names[Kind(document.kind)]
    return f"{name} {fmt.code(document.number)}".strip()


def tax_word(country: str) -> str:
    """Return what the tax on sales is called in a country."""
    return _("Tax") if country in _OTHER_TAX else _("VAT")


def tax_category(code: str) -> str:
    """Return the name of a tax category of UNCL 5305; "" for one that needs no name."""
    names = {
        "Z": _("Zero rated"),
        "E": _("Exempt"),
        "AE": _("Reverse charge"),
        "K": _("Intra-community supply"),
        "G": pgettext("tax category", "Export"),
        "O": _("Not subject to tax"),
    }
    return names.get(code, "")


def tax_remark(row: Mapping[str, Any]) -> str:
    """Return the sentence a row of the tax breakdown needs on the paper: its own reason, or the usual one."""
    reason, usual = str(row.get("reason") or ""), _REMARKS.get(str(row.get("category") or ""))
    if usual and reason.startswith("VATEX-"):
        return f"{_(usual)} ({reason})"
    return reason or (_(usual) if usual else "")


def reference_label(kind: str) -> str:
    """Return the label of a reference to another paper."""
    return _(_REFERENCES.get(kind, gettext_noop("Reference")))


def method_word(method: str) -> str:
    """Return how money came in, as people name it."""
    return _(_METHODS.get(method, _OTHER_METHOD))


def entry_words(kind: str, number: str) -> str:
    """Return what a ledger entry or open item is: `Invoice INV-2041`, `Payment PAY-0007 voided`."""
    words = _ENTRIES.get(kind)
    return (_(words) % {"number": number}).strip() if words else number


def bucket_label(name: str) -> str:
    """Return the heading of an ageing column named like `current`, `1_30` or `91_plus`."""
    first, _separator, last = name.partition("_")
    if name == "current":
        return _("Not yet due")
    if name == "unapplied":
        return _("Credits")
    if last == "plus":
        return _("%(first)s days and more") % {"first": first}
    return _("%(first)s to %(last)s days") % {"first": first, "last": last}


def quantity(value: Decimal, unit: str, fmt: Formatter) -> str:
    """Return `12 h`: a quantity with its unit, which may be a code of UN/ECE Recommendation 20."""
    word = _UNIT_WORDS.get(unit)
    name = word(_countable(value)) if word else _UNIT_SIGNS.get(unit, unit)
    return f"{fmt.number(value)}\u00a0{name}" if name else fmt.number(value)


def _countable(value: Decimal) -> int:
    # Plural rules take whole numbers; a fraction reads like a hundred in the languages here: `1.5 days`.
    return abs(int(value)) if value == value.to_integral_value() else 100
