"""IBAN and BIC: written in one way, and known to be wrong when they are."""

from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

# Institution numbers that Switzerland and Liechtenstein keep for QR-IBANs.
_QR_INSTITUTIONS = range(30000, 32000)


def compact(number: str) -> str:
    """Return a number as it is kept: without spaces, in capitals."""
    return "".join(number.split()).upper()


def is_iban(number: str) -> bool:
    """Tell whether a compact IBAN has its country's form and the right check digits."""
    try:
        return bool(IBAN(number))
    except SchwiftyException:
        return False


def is_bic(number: str) -> bool:
    """Tell whether a compact BIC has the right form."""
    try:
        return bool(BIC(number))
    except SchwiftyException:
        return False


def spaced(iban: str) -> str:
    """Return an IBAN in groups of four, as people read it."""
    return " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))


def is_qr_iban(iban: str) -> bool:
    """Tell whether a compact IBAN is one that takes transfers with a QR reference alone."""
    return iban[:2] in {"CH", "LI"} and iban[4:9].isdecimal() and int(iban[4:9]) in _QR_INSTITUTIONS
