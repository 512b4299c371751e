"""Postal addresses and tax numbers as a letter or a document shows them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portico.lib.l10n import Formatter

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
    """Return `Tax ID DE 811 907 980`, or "" when the party has none."""
    return _("Tax ID %(number)s") % {"number": party["tax_id"]} if party.get("tax_id") else ""
