"""Statements as CSV: one row per entry or open item, and one for each sum that the printed statement shows.

A statement of several currencies is one table; every row names its own.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portico.domain.ledger.statements import BalanceForward, OpenItemStatement
from portico.output.exports.table import Amount, Cell, table
from portico.output.wording.kinds import kind_label


def balance_forward_csv(statements: Iterable[BalanceForward], language: str) -> Iterator[bytes]:
    """Yield balance-forward statements as CSV: opening, entries with the running balance, closing."""
    rows = (row for statement in statements for row in _entries(statement))
    return table(_entries_header, rows, _same, language)


def open_item_csv(statements: Iterable[OpenItemStatement], language: str) -> Iterator[bytes]:
    """Yield open-item statements as CSV: every open item, credits negative, and the total."""
    rows = (row for statement in statements for row in _items(statement))
    return table(_items_header, rows, _same, language)


def _entries_header() -> list[Cell]:
    return [
        _("Date"), _("Type"), _("Number"), _("Due"), _("Currency"),
        pgettext("statement", "Charges"), pgettext("statement", "Credits"), _("Balance"),
    ]  # fmt: skip


def _entries(statement: BalanceForward) -> Iterator[list[Cell]]:
    currency = statement.account.currency

    def amount(minor: int) -> Amount | None:
        return Amount(minor, currency) if minor else None

    def total(day: date, label: str, minor: int) -> list[Cell]:
        return [day, label, None, None, currency, None, None, Amount(minor, currency)]

    yield total(statement.start, _("Balance brought forward"), statement.opening)
    for line in statement.lines():
        yield [
            line.day,
            kind_label(line.kind),
            line.number,
            line.due_on if line.kind == line.item_kind else None,
            currency,
            amount(line.debit),
            amount(line.credit),
            Amount(line.balance, currency),
        ]
    yield total(statement.end, _("Closing balance"), statement.closing)


def _items_header() -> list[Cell]:
    return [
        _("Date"), _("Type"), _("Number"), _("Due"), _("Days past due"), _("Currency"), _("Amount"), _("Applied"),
        _("Open"),
    ]  # fmt: skip


def _items(statement: OpenItemStatement) -> Iterator[list[Cell]]:
    currency = statement.account.currency
    for item in statement.items:
        yield [
            item.issued_on,
            kind_label(item.kind),
            item.number,
            item.due_on,
            str(item.days_past_due) if item.days_past_due else None,
            currency,
            Amount(item.original, currency),
            Amount(item.applied, currency),
            Amount(item.open, currency),
        ]
    total = Amount(statement.total, currency)
    yield [statement.as_of, _("Total"), None, None, None, currency, None, None, total]


def _same(row: list[Cell]) -> list[Cell]:
    return row
