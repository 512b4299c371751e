"""Statements as tables: one row per entry or open item, and one for each sum that the printed statement shows.

A statement of several currencies is one table; every row names its own.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portico.domain.ledger.statements import BalanceForward, OpenItemStatement
from portico.output.exports.table import Amount, Cell, Table
from portico.output.wording.kinds import kind_label

type Row = list[Cell]


def statement_table(statements: Sequence[BalanceForward | OpenItemStatement], language: str) -> Table[Row]:
    """Return statements of one kind, at least one.

    Balance forward has the opening balance, entries with the running balance, and the closing one; open items have
    every item, credits negative, and the total.
    """
    title = _("Statement")
    if isinstance(statements[0], BalanceForward):
        forward = (one for one in statements if isinstance(one, BalanceForward))
        return Table(title, _entries_header, chain.from_iterable(map(_entries, forward)), _same, language)
    items = (one for one in statements if isinstance(one, OpenItemStatement))
    return Table(title, _items_header, chain.from_iterable(map(_items, items)), _same, language)


def _entries_header() -> list[str]:
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


def _items_header() -> list[str]:
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
            item.days_past_due or None,
            currency,
            Amount(item.original, currency),
            Amount(item.applied, currency),
            Amount(item.open, currency),
        ]
    total = Amount(statement.total, currency)
    yield [statement.as_of, _("Total"), None, None, None, currency, None, None, total]


def _same(row: list[Cell]) -> list[Cell]:
    return row
