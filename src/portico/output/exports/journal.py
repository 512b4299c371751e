"""The ledger of a period as a journal for an accountant: what happened, in the order of its days.

An invoice or credit note, and its void, has one row for each tax rate, with what is taxed and the tax; the rows of one
add up to its entry. Everything else has one row. Charges are positive, credits negative.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from portico.output.exports.table import Amount, Cell, Percent, Table
from portico.output.wording.kinds import kind_label


@dataclass(frozen=True, slots=True)
class JournalRow:
    """An entry, or the part of one that has a tax rate. Amounts are minor units of `currency`."""

    day: date
    kind: str
    number: str
    customer: str
    external_id: str
    currency: str
    amount: int
    rate: Decimal | None = None
    net: int | None = None
    tax: int | None = None


def journal_table(rows: Iterable[JournalRow], language: str) -> Table[JournalRow]:
    """Return the journal. `rows` may be a generator: it is read as the file is made."""
    return Table(_("Journal"), _header, rows, _cells, language)


def _header() -> list[str]:
    return [
        _("Date"), _("Type"), _("Number"), _("Customer"), _("External id of the customer"),
        _("Currency"), _("Amount"), _("Tax rate (%)"), _("Net"), _("Tax"),
    ]  # fmt: skip


def _cells(row: JournalRow) -> list[Cell]:
    return [
        row.day,
        kind_label(row.kind),
        row.number,
        row.customer,
        row.external_id,
        row.currency,
        Amount(row.amount, row.currency),
        None if row.rate is None else Percent(row.rate),
        None if row.net is None else Amount(row.net, row.currency),
        None if row.tax is None else Amount(row.tax, row.currency),
    ]
