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
    "LS": lambda _count: _("flat rate"),
    "1I": lambda _count: _("flat rate"),
    "DZN": lambda _count: _("dozen"),
    "DAY": lambda count: ngettext("day", "days", count),
    "WEE": lambda count: ngettext("week", "weeks", count),
    "MON": lambda count: ngettext("month", "months", count),
    "QAN": lambda count: ngettext("quarter", "quarters", count),
    "ANN": lambda count: ngettext("year", "years", count),
    "SET": lambda count: ngettext("set", "sets", count),
    "PR": lambda count: ngettext("pair", "pairs", count),
    "BX": lambda count: ngettext("box", "boxes", count),
    "BG": lambda count: ngettext("bag", "bags", count),
    "BO": lambda count: ngettext("bottle", "bottles", count),
    "CA": lambda count: ngettext("can", "cans", count),
    "CR": lambda count: ngettext("crate", "crates", count),
    "PK": lambda count: ngettext("pack", "packs", count),
    "PX": lambda count: ngettext("pallet", "pallets", count),
    "RO": lambda count: ngettext("roll", "rolls", count),
    "ST": lambda count: ngettext("sheet", "sheets", count),
    "E49": lambda count: ngettext("working day", "working days", count),
    "IE": lambda count: ngettext("person", "persons", count),
}
# Packages of Recommendation 21 have an X before them among units, and some have two names.
_AS_UNITS = {
    "XBX": "BX", "XCT": "BX", "CT": "BX", "CS": "BX", "XCS": "BX", "XBG": "BG", "XBO": "BO", "XCA": "CA", "XCR": "CR",
    "XPK": "PK", "PA": "PK", "XPA": "PK", "NMP": "PK", "XPX": "PX", "PF": "PX", "XPF": "PX", "XRO": "RO", "RL": "RO",
    "LEF": "ST",
}  # fmt: skip
_UNIT_SIGNS = {
    "C62": "", "H87": "", "EA": "", "XPP": "", "NAR": "", "KGM": "kg", "GRM": "g", "TNE": "t", "MTR": "m", "KMT": "km",
    "MTK": "m²", "MTQ": "m³", "LTR": "l", "KWH": "kWh", "P1": "%", "CMT": "cm", "MMT": "mm", "MLT": "ml", "MGM": "mg",
    "CMK": "cm²", "HAR": "ha", "KWT": "kW", "MWH": "MWh", "INH": "in", "FOT": "ft", "LBR": "lb", "ONZ": "oz",
    "YRD": "yd", "SMI": "mi", "GLL": "gal", "4L": "MB", "E34": "GB", "E35": "TB", "SEC": "s", "XUN": "", "PCE": "",
}  # fmt: skip


def quantity(value: Decimal, unit: str, fmt: Formatter) -> str:
    """Return `12 h`: a quantity with its unit, which may be a code of UN/ECE Recommendation 20."""
    unit = _AS_UNITS.get(unit, unit)
    word = _UNIT_WORDS.get(unit)
    name = word(_countable(value)) if word else _UNIT_SIGNS.get(unit, unit)
    return f"{fmt.number(value)}\u00a0{name}" if name else fmt.number(value)


def _countable(value: Decimal) -> int:
    # Plural rules take whole numbers; a fraction reads like a hundred in the languages here: `1.5 days`.
    return abs(int(value)) if value == value.to_integral_value() else 100


def unit_choices() -> list[tuple[str, str]]:
    """Return the codes of the units that have a word or a sign, with it, for the forms where one is chosen."""
    words = [(code, word(1)) for code, word in _UNIT_WORDS.items()]
    return words + [(code, sign or _("piece")) for code, sign in _UNIT_SIGNS.items()]
