"""The words of papers in the reader's language. Call everything here under `translation.override`."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from django.utils.translation import gettext as _

from portico.domain.documents.models import Document, Kind
from portico.lib.l10n import Formatter
from portico.lib.money import exponent

# Countries whose tax on sales is not called VAT.
_OTHER_TAX = frozenset({"US", "CA", "AU", "NZ", "IN", "SG", "MY", "JP"})


def document_title(document: Document) -> str:
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
    return f"{name} {document.number}".strip()


def tax_word(country: str) -> str:
    """Return what the tax on sales is called in a country."""
    return _("Tax") if country in _OTHER_TAX else _("VAT")


def tax_category(code: str) -> str:
    """Return the name of a tax category of UNCL 5305; "" for one that needs no name."""
    return {
        "Z": _("Zero rated"),
        "E": _("Exempt"),
        "AE": _("Reverse charge"),
        "K": _("Intra-community supply"),
        "G": _("Export"),
        "O": _("Not subject to tax"),
    }.get(code, "")


def tax_remark(row: Mapping[str, Any]) -> str:
    """Return the sentence a row of the tax breakdown needs on the paper: its own reason, or the usual one."""
    usual = {
        "AE": _("Reverse charge: the recipient of the supply owes the tax."),
        "K": _("Tax-exempt supply within the European Union."),
        "G": _("Tax-exempt export."),
    }
    reason, sentence = str(row.get("reason") or ""), usual.get(str(row.get("category") or ""), "")
    if sentence and reason.startswith("VATEX-"):
        return f"{sentence} ({reason})"
    return reason or sentence


def reference_label(kind: str) -> str:
    """Return the label of a reference to another paper."""
    return {
        "preceding_invoice": _("Refers to invoice"),
        "purchase_order": _("Your order"),
        "sales_order": _("Our order"),
        "contract": _("Contract"),
        "project": _("Project"),
        "despatch": _("Delivery note"),
        "receipt": _("Goods receipt"),
        "tender": _("Tender"),
        "invoiced_object": _("Object"),
        "accounting": _("Your accounting reference"),
        "accounting_tax": _("Tax in the accounting currency"),
        "tax_point": _("Tax point"),
    }.get(kind, _("Reference"))


def method_word(method: str) -> str:
    """Return how money came in, as people name it."""
    return {
        "bank_transfer": _("Bank transfer"),
        "card": _("Card"),
        "direct_debit": _("Direct debit"),
        "check": _("Check"),
        "cash": _("Cash"),
    }.get(method, _("Other"))


def entry_words(kind: str, number: str) -> str:
    """Return what a ledger entry or open item is: `Invoice INV-2041`, `Payment PAY-0007 voided`."""
    words = {
        "invoice": _("Invoice %(number)s"),
        "credit_note": _("Credit note %(number)s"),
        "payment": _("Payment %(number)s"),
        "refund": _("Refund of %(number)s"),
        "write_off": _("Write-off of %(number)s"),
        "invoice_void": _("Invoice %(number)s voided"),
        "credit_note_void": _("Credit note %(number)s voided"),
        "payment_void": _("Payment %(number)s voided"),
        "write_off_reversal": _("Write-off of %(number)s taken back"),
    }
    return (words.get(kind, "%(number)s") % {"number": number}).strip()


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
    name = _unit(unit)
    return f"{fmt.number(value)}\u00a0{name}" if name else fmt.number(value)


def unit_price(value: Decimal, currency: str, fmt: Formatter) -> str:
    """Return a price in major units with the currency's decimals, or more where the price has more."""
    digits = max(exponent(currency), -int(value.normalize().as_tuple().exponent))
    standard = fmt.locale.currency_formats["standard"].pattern
    pattern = re.sub(r"0\.0+", f"0.{'0' * digits}" if digits else "0", standard)
    return format_currency(
        value, currency, format=pattern, locale=fmt.locale, currency_digits=False, numbering_system="latn"
    )


def _unit(code: str) -> str:
    return {
        "C62": "", "H87": "", "EA": "", "XPP": "", "NAR": "",
        "HUR": _("h"), "MIN": _("min"), "DAY": _("days"), "WEE": _("weeks"), "MON": _("months"), "ANN": _("years"),
        "KGM": "kg", "GRM": "g", "TNE": "t", "MTR": "m", "KMT": "km", "MTK": "m²", "MTQ": "m³", "LTR": "l",
        "KWH": "kWh", "P1": "%", "LS": _("flat rate"),
    }.get(code, code)  # fmt: skip
