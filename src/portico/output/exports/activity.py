"""The Activity list as a table: every row of the list that is asked for, whatever page it stands on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portico.output.exports.table import Amount, Cell, Table
from portico.output.wording.kinds import kind_label, kind_plural


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """A document or payment. `kind` is its name in the domain, `status` and `method` are in words already.

    Amounts are minor units of `currency`; `open` is what is left to pay or to use, None where nothing can be. `days`
    says for how many it is past due.
    """

    kind: str
    number: str
    issued_on: date
    due_on: date | None
    status: str
    currency: str
    total: int
    open: int | None
    order: str = ""
    days: int | None = None
    method: str = ""
    reference: str = ""


def activity_table(kind: str, rows: Iterable[ActivityRow], language: str) -> Table[ActivityRow]:
    """Return the list of a kind. `rows` may be a generator: it is read as the file is made, under `language`."""
    return Table(kind_plural(kind), _header, rows, _cells, language)


def _header() -> list[str]:
    return [
        _("Type"), _("Number"), _("Order number"), _("Date"), _("Due"), _("State"), _("Days past due"), _("Method"),
        _("Reference"), _("Currency"), _("Total"), _("Open"),
    ]  # fmt: skip


def _cells(row: ActivityRow) -> list[Cell]:
    return [
        kind_label(row.kind),
        row.number,
        row.order,
        row.issued_on,
        row.due_on,
        row.status,
        row.days,
        row.method,
        row.reference,
        row.currency,
        Amount(row.total, row.currency),
        None if row.open is None else Amount(row.open, row.currency),
    ]
