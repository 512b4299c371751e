"""What taxes on sales, their categories and the reasons for paying none are called."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from portico.domain.businesses.legal import EU
from portico.lib.l10n import current_language

# Countries whose tax on sales is not called VAT.
_OTHER_TAX = frozenset({"US", "CA", "AU", "NZ", "IN", "SG", "MY", "JP"})

_REMARKS = {
    "AE": gettext_noop("Reverse charge: the recipient of the supply owes the tax."),
    "K": gettext_noop("Tax-exempt supply within the European Union."),
    "G": gettext_noop("Tax-exempt export."),
}


# What it is called where the language alone does not tell.
_NAMES_OF_TAX = {("CH", "de"): "MWST", ("LI", "de"): "MWST"}


def tax_label(country: str) -> str:
    """Return what the tax on sales is called in a country."""
    own = _NAMES_OF_TAX.get((country, current_language()))
    if own:
        return own
    return _("Tax") if country in _OTHER_TAX else _("VAT")


# What the number is called, on papers in any language, that a business has for the tax on its sales.
_TAX_IDS = {
    "AE": "TRN", "AT": "UID", "AU": "ABN", "BH": "TRN", "CA": "GST/HST", "CH": "UID", "FR": "TVA intracommunautaire",
    "IN": "GSTIN", "IT": "P. IVA", "LI": "UID", "NZ": "GST", "OM": "TRN", "SA": "TRN", "SG": "GST", "US": "EIN",
}  # fmt: skip
_VAT = EU | {"GB", "NO"}


def tax_id_label(country: str) -> str:
    """Return what papers call the number that a country knows a seller by: `VAT number`, `TRN`; "" for no such name."""
    return _TAX_IDS.get(country) or (_("VAT number") if country in _VAT else "")


def tax_id_field(country: str) -> str:
    """Return what a form calls that number: `VAT number`, `Tax ID (TRN)`, or `Tax ID`."""
    own = _TAX_IDS.get(country)
    return _("Tax ID (%(name)s)") % {"name": own} if own else tax_id_label(country) or _("Tax ID")


def tax_number_label() -> str:
    """Return what the number of a tax office is called that is no VAT number."""
    return _("Tax number")


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
    """Return the sentence a row of the tax breakdown needs on the document: its own reason, or the usual one."""
    reason, code = str(row.get("reason") or ""), str(row.get("reason_code") or "")
    if reason.startswith("VATEX-"):
        reason, code = "", reason
    usual = _REMARKS.get(str(row.get("category") or ""))
    words = reason or (_(usual) if usual else "")
    if words and code:
        return f"{words} ({code})"
    return words or code
