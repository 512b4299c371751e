"""Postal addresses and tax numbers as a letter or a document shows them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portico.lib.l10n import Formatter
from portico.output.wording.tax import tax_id_label

_STATE_BEFORE_CODE = frozenset({"US", "CA", "AU"})


def address_lines(parts: Mapping[str, Any]) -> list[str]:
    """Return street and town as written in the address's country, without the country."""
    street = [str(parts.get(key) or "") for key in ("line1", "line2", "line3")]
    city, region, code = (str(parts.get(key) or "") for key in ("city", "region", "postal_code"))
    if parts.get("country") in _STATE_BEFORE_CODE:
        town = ", ".join(filter(None, [city, f"{region} {code}".strip()]))
        return [line for line in (*street, town) if line]
    if parts.get("country") == "GB":
        return [line for line in (*street, city, region, code) if line]
    return [line for line in (*street, f"{code} {city}".strip(), region) if line]


def postal_lines(parts: Mapping[str, Any], fmt: Formatter) -> list[str]:
    """Return an address as written in its country, the country in the reader's language."""
    country = str(parts.get("country") or "")
    return [*address_lines(parts), *([fmt.country(country)] if country else [])]


def tax_line(party: Mapping[str, Any]) -> str:
    """Return `VAT number DE811907980`, as the party's country calls it, or "" when the party has none."""
    number = party.get("tax_id")
    if not number:
        return ""
    label = tax_id_label(str(party.get("country") or ""))
    return f"{label} {number}" if label else _("Tax ID %(number)s") % {"number": number}


def tax_lines(party: Mapping[str, Any]) -> list[str]:
    """Return the party's VAT number and the number of its tax office, each under its own name."""
    number = _("Tax number %(number)s") % {"number": party["tax_number"]} if party.get("tax_number") else ""
    return [line for line in (tax_line(party), number) if line]


def register_line(party: Mapping[str, Any]) -> str:
    """Return `Amtsgericht Hamburg HRB 107221`, or "" when the party stands in no register."""
    court, number = str(party.get("registration_court") or ""), str(party.get("registration_number") or "")
    if court or not number:
        return f"{court} {number}".strip()
    return _("Registration number %(number)s") % {"number": number}


def directors_line(party: Mapping[str, Any]) -> str:
    """Return `Directors: Ida Lund`, or "" when the party names none."""
    return _("Directors: %(names)s") % {"names": party["directors"]} if party.get("directors") else ""
