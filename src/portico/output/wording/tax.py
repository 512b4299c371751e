"""What taxes on sales, their categories and the reasons for paying none are called."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

# Countries whose tax on sales is not called VAT.
_OTHER_TAX = frozenset({"US", "CA", "AU", "NZ", "IN", "SG", "MY", "JP"})

_REMARKS = {
    "AE": gettext_noop("Reverse charge: the recipient of the supply owes the tax."),
    "K": gettext_noop("Tax-exempt supply within the European Union."),
    "G": gettext_noop("Tax-exempt export."),
}


def tax_label(country: str) -> str:
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
    """Return the sentence a row of the tax breakdown needs on the document: its own reason, or the usual one."""
    reason, usual = str(row.get("reason") or ""), _REMARKS.get(str(row.get("category") or ""))
    if usual and reason.startswith("VATEX-"):
        return f"{_(usual)} ({reason})"
    return reason or (_(usual) if usual else "")
