"""What the law of a business's country wants to know of it on an invoice.

It is what can be told from the country and the legal form in the name: enough to warn before the first invoice, and
no legal advice. Sources: § 14 UStG and § 35a GmbHG (DE), § 11 UStG and § 14 UGB (AT), Art. 26 MWSTG (CH), art. 242
nonies A annexe II CGI and R123-237 Code de commerce (FR), VAT Regulations 1995 reg. 14 and SI 2015/17 (GB), Directive
2006/112/EC art. 226 (EU), Federal Decree-Law 8/2017 (AE), VAT Implementing Regulations art. 53 (SA).
"""

import re

from portico.domain.businesses.models import Business

EU = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
        "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
GULF_VAT = frozenset({"AE", "SA", "BH", "OM"})

# Where an invoice needs the number that the business is registered under for VAT.
_TAX_ID = EU | GULF_VAT | {"CH", "LI", "NO", "GB"}
# A national tax number does as well, and small businesses may have no other.
_TAX_NUMBER_DOES = frozenset({"DE"})
_WITHOUT_POSTAL_CODES = frozenset({"AE", "HK", "QA", "OM", "BH", "IE"})

# Legal forms that stand in a register, by the countries that know them.
_REGISTERED = {
    "DE": r"GmbH|UG|AG|KGaA|KG|OHG|SE|eG|e\.\s?K\.|e\.\s?Kfm\.|e\.\s?Kfr\.",
    "AT": r"GmbH|Ges\.?m\.?b\.?H\.?|FlexCo|AG|KG|OG|SE|e\.\s?U\.",
    "CH": r"GmbH|AG|SA|Sàrl|Sagl|KG",
    "FR": r"SARL|SAS|SASU|SA|EURL|SNC|SCA|SE",
    "GB": r"Ltd\.?|Limited|PLC|LLP",
}
# Those of them that name who leads them.
_LED = {"DE": r"GmbH|UG|AG|KGaA|SE"}
# A French company says its share capital.
_NOTED = frozenset({"FR"})


def missing_for_invoices(business: Business) -> tuple[str, ...]:
    """Return the fields of the business, in the order of its page, that its invoices should name and do not."""
    country = business.country
    registered = _is_form(business, _REGISTERED)
    wanted = {
        "line1": True,
        "postal_code": country not in _WITHOUT_POSTAL_CODES,
        "city": True,
        "tax_id": country in _TAX_ID and not (country in _TAX_NUMBER_DOES and business.tax_number),
        "registration_court": registered and country in {"DE", "AT"},
        "registration_number": registered or country == "FR",
        "directors": _is_form(business, _LED),
        "legal_note": registered and country in _NOTED,
    }
    return tuple(name for name, is_wanted in wanted.items() if is_wanted and not getattr(business, name))


def asks_for_reasons(country: str) -> bool:
    """Tell whether an invoice of a country has to say why there is no tax on something."""
    return country in _TAX_ID


def _is_form(business: Business, forms: dict[str, str]) -> bool:
    """Tell whether the name in law ends with, or has, one of the country's legal forms."""
    form = forms.get(business.country)
    return bool(form and re.search(rf"(?<!\w)(?:{form})(?!\w)", business.legal_name or business.name))
