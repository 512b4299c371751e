"""Quantities with their units."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.lib.l10n import Formatter

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


def quantity(value: Decimal, unit: str, fmt: Formatter) -> str:
    """Return `12 h`: a quantity with its unit, which may be a code of UN/ECE Recommendation 20."""
    word = _UNIT_WORDS.get(unit)
    name = word(_countable(value)) if word else _UNIT_SIGNS.get(unit, unit)
    return f"{fmt.number(value)}\u00a0{name}" if name else fmt.number(value)


def _countable(value: Decimal) -> int:
    # Plural rules take whole numbers; a fraction reads like a hundred in the languages here: `1.5 days`.
    return abs(int(value)) if value == value.to_integral_value() else 100
