"""The Activity list as CSV: every row of the list that is asked for, whatever page it stands on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portico.output.exports.table import Amount, Cell, table
from portico.output.wording.kinds import kind_label


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """A document or payment. `kind` is its name in the domain, `status` is in words already.

    Amounts are minor units of `currency`; `open` is what is left to pay or to use, None where nothing can be.
    """

    kind: str
    number: str
    issued_on: date
    due_on: date | None
    status: str
    currency: str
    total: int
    open: int | None
    reference: str = ""


def activity_csv(rows: Iterable[ActivityRow], language: str) -> Iterator[bytes]:
    """Yield the list as CSV. `rows` may be a generator: it is read as the file is sent, under `language`."""
    return table(_header, rows, _cells, language)


def _header() -> list[Cell]:
    return [
        _("Type"), _("Number"), _("Date"), _("Due"), _("State"), _("Currency"), _("Total"), _("Open"), _("Reference"),
    ]  # fmt: skip


def _cells(row: ActivityRow) -> list[Cell]:
    return [
        kind_label(row.kind),
        row.number,
        row.issued_on,
        row.due_on,
        row.status,
        row.currency,
        Amount(row.total, row.currency),
        None if row.open is None else Amount(row.open, row.currency),
        row.reference,
    ]
