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
from portico.output.wording.addresses import address_lines, directors_line, register_line, tax_lines

_LETTER_COUNTRIES = frozenset({"US", "CA"})
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def frame(
    business: Business, fmt: Formatter, *, title: str, day: date, seller: Mapping[str, Any], numbered: bool = False
) -> Frame:
    """Return what every page of a business's PDFs shares. `seller` is the snapshot named at its foot.

    The title of a `numbered` paper, which holds its number, stands on every page.
    """
    direction: Literal["ltr", "rtl"] = "rtl" if fmt.direction == "rtl" else "ltr"
    paper: Paper = "us-letter" if business.country in _LETTER_COUNTRIES else "a4"
    return Frame(
        language=fmt.language,
        direction=direction,
        title=title,
        business=business.name,
        day=day,
        page_label=" · ".join(filter(None, [title if numbered else "", _("Page {page} of {pages}")])),
        accent=business.accent if _HEX.fullmatch(business.accent) else DEFAULT_ACCENT,
        initial=next((character.upper() for character in business.name if character.isalnum()), ""),
        logo=logo_as_svg(business),
        typeface="Noto Sans" if business.typeface == Typeface.NOTO else "",
        paper=paper,
        footer=_footer(seller),
    )


def _footer(seller: Mapping[str, Any]) -> str:
    """Return who the seller is, what its law wants to know of it, and how it is reached: a line each."""
    lines = (
        [legal_name(seller), *address_lines(seller)],
        [register_line(seller), directors_line(seller), *tax_lines(seller)],
        [seller.get("legal_note")],
        [seller.get("phone"), seller.get("email"), seller.get("website")],
    )
    said = [" · ".join(str(part) for part in line if part) for line in lines]
    return "\n".join(line for line in said if line)


def party(label: str, who: Mapping[str, Any], fmt: Formatter, *, abroad_from: str = "") -> Party:
    """Return a party with address, numbers and contact. Its country is named when it is not `abroad_from`."""
    country = str(who.get("country") or "")
    lines = [
        who.get("trading_name"),
        who.get("name") if str(who.get("name") or "") not in legal_name(who) else "",
        *address_lines(who),
        fmt.country(country) if country and country != abroad_from else "",
        *tax_lines(who),
        register_line(who) if not who.get("directors") else "",
        who.get("legal_form"),
        who.get("contact"),
        who.get("email"),
        who.get("phone"),
    ]
    return Party(label, legal_name(who), tuple(str(line) for line in lines if line))


def legal_name(who: Mapping[str, Any]) -> str:
    """Return the name a party goes by in law."""
    return str(who.get("legal_name") or who.get("name") or "")
