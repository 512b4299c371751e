"""A statement of account as a sheet: balance forward or open item, one section per currency, each with its ageing."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portico.domain.customers.models import Customer
from portico.domain.documents.parties import buyer_snapshot, seller_snapshot
from portico.domain.ledger.queries import Bucket
from portico.domain.ledger.statements import BalanceForward, OpenItemStatement
from portico.lib.l10n import Formatter, formatter
from portico.output.pdf.parties import frame, party
from portico.output.pdf.sheets import Column, Fact, Row, StatementSection, StatementSheet, Table
from portico.output.wording.ageing import bucket_label
from portico.output.wording.kinds import numbered_label

Statement = BalanceForward | OpenItemStatement


def statement_sheet(customer: Customer, statements: Sequence[Statement], language: str) -> StatementSheet:
    """Return the statement of a customer, with its business, in a language.

    `statements` are of one type and one period or day, one per currency; there is at least one.
    """
    fmt = formatter(language)
    with translation.override(fmt.language):
        return _sheet(customer, statements, fmt)


def statement_rows(statement: Statement) -> int:
    """Return how many rows the table of a statement has, its sums counted too."""
    if isinstance(statement, BalanceForward):
        return statement.count + 2
    return len(statement.items) + 1 if statement.items else 0


def _sheet(customer: Customer, statements: Sequence[Statement], fmt: Formatter) -> StatementSheet:
    seller, buyer = seller_snapshot(customer.business, fmt.language), buyer_snapshot(customer)
    first = statements[0]
    last_day = first.end if isinstance(first, BalanceForward) else first.as_of
    if isinstance(first, BalanceForward):
        period = _("%(start)s to %(end)s") % {"start": fmt.long_date(first.start), "end": fmt.long_date(first.end)}
    else:
        period = _("Open items on %(date)s") % {"date": fmt.long_date(first.as_of)}
    several = len(statements) > 1
    return StatementSheet(
        frame=frame(customer.business, fmt, title=_("Statement of account"), day=last_day, seller=seller),
        subtitle=period,
        headline=None if several else Fact(_("Balance"), fmt.money(_closing(first), first.account.currency)),
        parties=(
            party(_("Customer"), buyer, fmt, abroad_from=str(seller.get("country") or "")),
            party(pgettext("sender", "From"), seller, fmt, abroad_from=str(buyer.get("country") or "")),
        ),
        facts=(),
        sections=tuple(_section(statement, fmt, several=several) for statement in statements),
    )


def _closing(statement: Statement) -> int:
    return statement.closing if isinstance(statement, BalanceForward) else statement.total


def _section(statement: Statement, fmt: Formatter, *, several: bool) -> StatementSection:
    currency = statement.account.currency
    entries = _balance_forward(statement, fmt) if isinstance(statement, BalanceForward) else _open_items(statement, fmt)
    return StatementSection(
        heading=f"{fmt.currency_name(currency)} ({currency})" if several else "",
        entries=entries,
        ageing=_ageing(statement.ageing, currency, fmt),
    )


def _balance_forward(statement: BalanceForward, fmt: Formatter) -> Table:
    currency = statement.account.currency
    columns = (
        Column(_("Date")),
        Column(_("Entry"), grows=True),
        Column(_("Due date")),
        Column(pgettext("statement", "Charge"), "number"),
        Column(pgettext("statement", "Credit"), "number"),
        Column(_("Balance"), "number"),
    )
    opening = Row(
        (fmt.date(statement.start), _("Balance brought forward"), "", "", "", fmt.money(statement.opening, currency))
    )
    rows = [
        Row(
            (
                fmt.date(line.day),
                numbered_label(line.kind, line.number),
                fmt.date(line.due_on) if line.due_on and line.kind == "invoice" else "",
                fmt.money(line.debit, currency) if line.debit else "",
                fmt.money(line.credit, currency) if line.credit else "",
                fmt.money(line.balance, currency),
            )
        )
        for line in statement.lines()
    ]
    sums = Row(
        (
            fmt.date(statement.end),
            _("Closing balance"),
            "",
            fmt.money(statement.debits, currency),
            fmt.money(statement.credits, currency),
            fmt.money(statement.closing, currency),
        ),
        strong=True,
    )
    return Table(columns, (opening, *rows, sums))


def _open_items(statement: OpenItemStatement, fmt: Formatter) -> Table:
    currency = statement.account.currency
    columns = (
        Column(_("Date")),
        Column(_("Item"), grows=True),
        Column(_("Due date")),
        Column(_("Days past due"), "number"),
        Column(_("Total"), "number"),
        Column(_("Applied"), "number"),
        Column(_("Open"), "number"),
    )
    rows = [
        Row(
            (
                fmt.date(item.issued_on),
                numbered_label(item.kind, item.number),
                fmt.date(item.due_on) if item.due_on else "",
                fmt.number(item.days_past_due) if item.days_past_due else "",
                fmt.money(item.original, currency),
                fmt.money(item.applied, currency),
                fmt.money(item.open, currency),
            )
        )
        for item in statement.items
    ]
    if not rows:
        return Table(columns, (), empty=_("Nothing is open."))
    total = Row(("", _("Total"), "", "", "", "", fmt.money(statement.total, currency)), strong=True)
    return Table(columns, (*rows, total))


def _ageing(buckets: Sequence[Bucket], currency: str, fmt: Formatter) -> Table:
    return Table(
        tuple(Column(bucket_label(bucket.name), "number", grows=True) for bucket in buckets),
        (Row(tuple(fmt.money(bucket.amount, currency) for bucket in buckets)),),
        heading=_("By age"),
    )
