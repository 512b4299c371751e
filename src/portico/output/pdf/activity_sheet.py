"""The filtered Activity list as a sheet."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from portico.domain.customers.models import Customer
from portico.domain.documents.parties import seller_snapshot
from portico.lib.l10n import Formatter, formatter
from portico.output.pdf.parties import frame
from portico.output.pdf.sheets import Column, Fact, ListSheet, Row, Table, Total


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One row of the list. `state` is already in the reader's words; amounts are minor units, `open` None where
    nothing is ever open, as with estimates.
    """

    number: str
    day: date
    due_on: date | None
    state: str
    currency: str
    total: int
    open: int | None = None


def activity_sheet(
    customer: Customer, heading: str, filters: Sequence[tuple[str, str]], rows: Iterable[ActivityRow], language: str
) -> ListSheet:
    """Return the list of a customer, with its business, in a language.

    `heading` says what is listed ("Invoices"), `filters` are labels and values, both already translated.
    """
    fmt = formatter(language)
    with translation.override(fmt.language):
        return _sheet(customer, heading, filters, list(rows), fmt)


def _sheet(
    customer: Customer, heading: str, filters: Sequence[tuple[str, str]], rows: Sequence[ActivityRow], fmt: Formatter
) -> ListSheet:
    today = customer.business.today()
    open_shown = any(row.open is not None for row in rows)
    columns = [Column(_("Number"), grows=True), Column(_("Date")), Column(_("Status")), Column(_("Due date"))]
    columns.append(Column(_("Total"), "number"))
    if open_shown:
        columns.append(Column(_("Open"), "number"))
    return ListSheet(
        frame=frame(
            customer.business, fmt, title=heading, day=today, seller=seller_snapshot(customer.business, fmt.language)
        ),
        subtitle=fmt.long_date(today),
        facts=(Fact(_("Customer"), customer.name), *(Fact(label, value) for label, value in filters)),
        table=Table(
            tuple(columns),
            tuple(_row(row, fmt, open_shown=open_shown) for row in rows),
            empty=_("No entry fits this search and these filters."),
        ),
        totals=_totals(rows, fmt, open_shown=open_shown),
    )


def _row(row: ActivityRow, fmt: Formatter, *, open_shown: bool) -> Row:
    cells = [
        row.number,
        fmt.date(row.day),
        row.state,
        fmt.date(row.due_on) if row.due_on else "",
        fmt.money(row.total, row.currency),
    ]
    if open_shown:
        cells.append("" if row.open is None else fmt.money(row.open, row.currency))
    return Row(tuple(cells))


def _totals(rows: Sequence[ActivityRow], fmt: Formatter, *, open_shown: bool) -> tuple[Total, ...]:
    """Sum up each currency by itself."""
    total: defaultdict[str, int] = defaultdict(int)
    left: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        total[row.currency] += row.total
        left[row.currency] += row.open or 0
    sums = []
    for currency in sorted(total):
        sums.append(Total(_("Total"), fmt.money(total[currency], currency)))
        if open_shown:
            sums.append(Total(_("Open"), fmt.money(left[currency], currency), strong=True))
    return tuple(sums)
