"""The ledger of a period as DATEV reads it: a batch of bookings (Buchungsstapel), EXTF 700, format version 13.

https://developer.datev.de/datev/platform/de/dtvf/formate describes it: a header of 31 fields, a line with the names of
125 columns, then a line for each booking; CP1252, semicolons, CRLF, decimal commas. An amount is never negative: `S`
(debit) and `H` (credit) say how it counts for `Konto`, which is the customer's here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.utils import translation

from portico.domain.businesses.datev import DatevSettings, Use, revenue_use
from portico.domain.documents.journal import Posting
from portico.domain.ledger.models import EntryKind
from portico.lib.money import exponent
from portico.output.wording.kinds import kind_label

CURRENCY = "EUR"
MOST_BOOKINGS = 99_999
_LARGEST = 10**12
_LONGEST_NUMBER, _LONGEST_TEXT = 36, 60
# What `Belegfeld 1` may not hold.
_NOT_IN_NUMBERS = re.compile(r"[^A-Za-z0-9$&%*+\-/]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# Where a customer of its own has its number in the accountant's books: a field of its metadata.
ACCOUNT_FIELD = "datev_account"


def _pairs(first: str, second: str, count: int) -> list[str]:
    return [f"{name} {index}" for index in range(1, count + 1) for name in (first, second)]


COLUMNS = (
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz", "WKZ Basis-Umsatz",
    "Konto", "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto",
    "Buchungstext", "Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt", "Zinssperre",
    "Beleglink", *_pairs("Beleginfo - Art", "Beleginfo - Inhalt", 8), "KOST1 - Kostenstelle", "KOST2 - Kostenstelle",
    "Kost-Menge", "EU-Land u. UStID (Bestimmung)", "EU-Steuersatz (Bestimmung)", "Abw. Versteuerungsart",
    "Sachverhalt L+L", "Funktionsergänzung L+L", "BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer",
    "BU 49 Funktionsergänzung", *_pairs("Zusatzinformation - Art", "Zusatzinformation- Inhalt", 20), "Stück", "Gewicht",
    "Zahlweise", "Forderungsart", "Veranlagungsjahr", "Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer",
    "Buchungstyp", "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)", "Sachverhalt L+L (Anzahlungen)",
    "EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID", "KOST-Datum",
    "SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername", "Beteiligtennummer", "Identifikationsnummer",
    "Zeichnernummer", "Postensperre bis", "Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung",
    "Festschreibung", "Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit", "Generalumkehr (GU)", "Steuersatz",
    "Land", "Abrechnungsreferenz", "BVV-Position", "EU-Land u. UStID (Ursprung)", "EU-Steuersatz (Ursprung)",
    "Abw. Skontokonto",
)  # fmt: skip

_MONEY = (
    EntryKind.PAYMENT, EntryKind.REFUND, EntryKind.DISPUTE, EntryKind.PAYMENT_VOID, EntryKind.REFUND_REVERSAL,
    EntryKind.DISPUTE_REVERSAL,
)  # fmt: skip
_WRITE_OFFS = (
    EntryKind.WRITE_OFF, EntryKind.SETTLEMENT, EntryKind.WRITE_OFF_REVERSAL, EntryKind.SETTLEMENT_REVERSAL,
)  # fmt: skip
# What stands against the customer's account; a document's part is told by its tax.
_USES = (
    dict.fromkeys(_MONEY, Use.MONEY)
    | dict.fromkeys(_WRITE_OFFS, Use.WRITE_OFFS)
    | {EntryKind.CREDIT_ADJUSTMENT: Use.OTHER}
)


class Obstacle(StrEnum):
    """Why DATEV can't hold a posting."""

    CURRENCY = "currency"
    NO_TAX = "no_tax"
    RATE = "rate"
    AMOUNT = "amount"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Refused:
    """A posting that can't be written, by its number, and why; `detail` is the currency, rate or account."""

    obstacle: Obstacle
    number: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a batch, all in one fiscal year, and when it is written, by the business's clock."""

    start: date
    end: date
    written_at: datetime


def booking(posting: Posting, settings: DatevSettings) -> list[str] | Refused | None:
    """Return the fields of a posting's line, or why there is none; None for one over nothing."""
    entry, number = posting.entry, posting.entry.item.number
    if not posting.amount:
        return None
    if entry.account.currency != CURRENCY:
        return Refused(Obstacle.CURRENCY, number, entry.account.currency)
    if abs(posting.amount) >= _LARGEST:
        return Refused(Obstacle.AMOUNT, number)
    use = _USES.get(EntryKind(entry.kind))
    if use is None:
        rate = Decimal(0) if posting.untaxed else posting.rate
        if rate is None:
            return Refused(Obstacle.NO_TAX, number)
        use = revenue_use(rate, posting.category)
        if use is None:
            return Refused(Obstacle.RATE, number, f"{rate.normalize():f}")
    customer = entry.account.customer
    account = str(customer.metadata.get(ACCOUNT_FIELD) or settings.account(Use.CUSTOMERS))
    if not (account.isascii() and account.isdigit() and len(account) == settings.account_length + 1):
        return Refused(Obstacle.ACCOUNT, number, account)
    with translation.override("de"):
        text = f"{kind_label(entry.kind)} {customer.name}"
    values = {
        "Umsatz (ohne Soll/Haben-Kz)": _amount(posting.amount),
        "Soll/Haben-Kennzeichen": _quoted("S" if posting.amount > 0 else "H"),
        "WKZ Umsatz": _quoted(CURRENCY),
        "Konto": account,
        "Gegenkonto (ohne BU-Schlüssel)": settings.account(use),
        "BU-Schlüssel": _quoted(settings.key(use)) if settings.key(use) else "",
        "Belegdatum": entry.date.strftime("%d%m"),
        "Belegfeld 1": _quoted(_NOT_IN_NUMBERS.sub("-", number)[:_LONGEST_NUMBER]),
        "Buchungstext": _quoted(_CONTROL.sub(" ", text)[:_LONGEST_TEXT]),
        "Festschreibung": "0",
    }
    return [values.get(column, "") for column in COLUMNS]


def datev_file(lines: Iterable[list[str]], settings: DatevSettings, period: Period) -> Iterator[bytes]:
    """Yield the file: what CP1252 has no character for becomes a question mark."""
    for fields in (_header(settings, period), list(COLUMNS), *lines):
        yield (";".join(fields) + "\r\n").encode("cp1252", "replace")


def datev_filename(period: Period) -> str:
    """Return the name, which DATEV tells the file by."""
    return f"EXTF_Buchungsstapel_{period.start:%Y%m%d}-{period.end:%Y%m%d}.csv"


def _header(settings: DatevSettings, period: Period) -> list[str]:
    written = f"{period.written_at:%Y%m%d%H%M%S}{period.written_at.microsecond // 1000:03}"
    return [
        _quoted("EXTF"), "700", "21", _quoted("Buchungsstapel"), "13", written, "", _quoted("RE"), _quoted("Portico"),
        _quoted(""), str(settings.consultant), str(settings.client), f"{settings.fiscal_year(period.start):%Y%m%d}",
        str(settings.account_length), f"{period.start:%Y%m%d}", f"{period.end:%Y%m%d}",
        _quoted(f"Portico {period.start:%d.%m.%Y}"), _quoted(""), "1", "0", "0", _quoted(CURRENCY), "", _quoted(""), "",
        "", _quoted(settings.chart), "", "", _quoted(""), _quoted(""),
    ]  # fmt: skip


def _amount(minor: int) -> str:
    digits = exponent(CURRENCY)
    text = str(abs(minor)).rjust(digits + 1, "0")
    return f"{text[:-digits]},{text[-digits:]}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
