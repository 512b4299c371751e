"""Seller, buyer and the frame of the page, from the snapshots a document keeps."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _

from portico.domain.branding.queries import logo_as_svg
from portico.domain.businesses.models import DEFAULT_ACCENT, Business, Typeface
from portico.lib.l10n import Formatter
from portico.output.pdf.sheets import Frame, Paper, Party
from portico.output.wording.addresses import address_lines, tax_line

_LETTER_COUNTRIES = frozenset({"US", "CA"})
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def frame(business: Business, fmt: Formatter, *, title: str, day: date, seller: Mapping[str, Any]) -> Frame:
    """Return what every page of a business's paper shares. `seller` is the snapshot named at its foot."""
    direction: Literal["ltr", "rtl"] = "rtl" if fmt.direction == "rtl" else "ltr"
    paper: Paper = "us-letter" if business.country in _LETTER_COUNTRIES else "a4"
    return Frame(
        language=fmt.language,
        direction=direction,
        title=title,
        business=business.name,
        day=day,
        page_label=_("Page {page} of {pages}"),
        accent=business.accent if _HEX.fullmatch(business.accent) else DEFAULT_ACCENT,
        initial=next((character.upper() for character in business.name if character.isalnum()), ""),
        logo=logo_as_svg(business),
        typeface="Noto Sans" if business.typeface == Typeface.NOTO else "",
        paper=paper,
        footer=" · ".join(filter(None, [legal_name(seller), *address_lines(seller), tax_line(seller)])),
    )


def party(label: str, who: Mapping[str, Any], fmt: Formatter, *, abroad_from: str = "") -> Party:
    """Return a party with address, numbers and contact. Its country is named when it is not `abroad_from`."""
    country = str(who.get("country") or "")
    lines = [
        who.get("trading_name"),
        who.get("name") if str(who.get("name") or "") not in legal_name(who) else "",
        *address_lines(who),
        fmt.country(country) if country and country != abroad_from else "",
        tax_line(who),
        _("Tax number %(number)s") % {"number": who["tax_number"]} if who.get("tax_number") else "",
        _("Registration number %(number)s") % {"number": who["registration_number"]}
        if who.get("registration_number")
        else "",
        who.get("legal_form"),
        who.get("contact"),
        who.get("email"),
        who.get("phone"),
    ]
    return Party(label, legal_name(who), tuple(str(line) for line in lines if line))


def legal_name(who: Mapping[str, Any]) -> str:
    """Return the name a party goes by in law."""
    return str(who.get("legal_name") or who.get("name") or "")
