"""Statements made ready to be shown: rows, sums and the picture of their ageing."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.businesses.models import Business
from portico.domain.ledger.queries import OpenItem
from portico.domain.ledger.statements import BalanceForward, OpenItemStatement, StatementLine
from portico.lib.l10n import Formatter
from portico.output.wording.kinds import numbered_label
from portico.web.portal.core.kind_urls import shown_item_url
from portico.web.shared.charts import AgeingBar, ageing_bar
from portico.web.shared.status import Tag
from portico.web.shared.table import Pages, make_pager, page_count

LINES_PER_PAGE = 100


# Stands for a number while a sentence is translated once for many.
_NUMBER = "\x00"


class EntryLabels:
    """The words of entries, each sentence translated once however many lines say it."""

    def __init__(self) -> None:
        self._sentences: dict[str, str] = {}

    def of(self, kind: str, number: str) -> str:
        """Return what an entry or item of this kind and number reads as."""
        if kind not in self._sentences:
            self._sentences[kind] = numbered_label(kind, _NUMBER)
        return self._sentences[kind].replace(_NUMBER, number)


@dataclass(frozen=True, slots=True)
class LineView:
    """One entry of a balance-forward statement; one of `debit` and `credit` is empty."""

    date: str
    words: str
    url: str
    debit: str
    credit: str
    balance: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One open item; `tag` says how late it is, when it is."""

    date: str
    words: str
    url: str
    due: str
    tag: Tag | None
    original: str
    applied: str
    open: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """One currency of a statement. The opening shows on the first page, the closing on the last."""

    currency: str
    heading: str
    lines: list[LineView]
    items: list[ItemView]
    opening: str
    opening_date: str
    closing: str
    closing_date: str
    debits: str
    credits: str
    ageing_heading: str
    ageing: AgeingBar
    pages: Pages


def balance_forward_view(
    statement: BalanceForward, business: Business, fmt: Formatter, page: int, url: Callable[[int], str]
) -> SectionView:
    """Return a page of a balance-forward statement; reads only the lines of that page."""
    currency = statement.account.currency
    last = page_count(statement.count, LINES_PER_PAGE)
    page = min(page, last)
    lines = statement.lines((page - 1) * LINES_PER_PAGE, LINES_PER_PAGE)
    words = EntryLabels()
    return SectionView(
        currency=currency,
        heading=_("%(currency)s, %(start)s – %(end)s")
        % {
            "currency": fmt.currency_name(currency),
            "start": fmt.date(statement.start),
            "end": fmt.date(statement.end),
        },
        lines=[_line(line, currency, business, fmt, words) for line in lines],
        items=[],
        opening=fmt.money(statement.opening, currency) if page == 1 else "",
        opening_date=fmt.date(statement.start),
        closing=fmt.money(statement.closing, currency) if page == last else "",
        closing_date=fmt.date(statement.end),
        debits=fmt.money(statement.debits, currency),
        credits=fmt.money(statement.credits, currency),
        ageing_heading=_("Open on %(date)s, by age") % {"date": fmt.date(statement.end)},
        ageing=_ageing(statement, currency, fmt),
        pages=make_pager(page, statement.count, LINES_PER_PAGE, url, fmt),
    )


def open_item_view(
    statement: OpenItemStatement, business: Business, fmt: Formatter, page: int, url: Callable[[int], str]
) -> SectionView:
    """Return a page of an open-item statement."""
    currency = statement.account.currency
    last = page_count(len(statement.items), LINES_PER_PAGE)
    page = min(page, last)
    shown = statement.items[(page - 1) * LINES_PER_PAGE : page * LINES_PER_PAGE]
    day = fmt.date(statement.as_of)
    words = EntryLabels()
    return SectionView(
        currency=currency,
        heading=_("%(currency)s, open on %(date)s") % {"currency": fmt.currency_name(currency), "date": day},
        lines=[],
        items=[_item(item, currency, business, fmt, words) for item in shown],
        opening="",
        opening_date="",
        closing=fmt.money(statement.total, currency) if page == last else "",
        closing_date=day,
        debits="",
        credits="",
        ageing_heading=_("Open on %(date)s, by age") % {"date": day},
        ageing=_ageing(statement, currency, fmt),
        pages=make_pager(page, len(statement.items), LINES_PER_PAGE, url, fmt),
    )


def _line(line: StatementLine, currency: str, business: Business, fmt: Formatter, words: EntryLabels) -> LineView:
    return LineView(
        date=fmt.date(line.day),
        words=words.of(line.kind, line.number),
        url=shown_item_url(line.item_kind, line.item_id, business),
        debit=fmt.money(line.debit, currency) if line.debit else "",
        credit=fmt.money(line.credit, currency) if line.credit else "",
        balance=fmt.money(line.balance, currency),
    )


def _item(item: OpenItem, currency: str, business: Business, fmt: Formatter, words: EntryLabels) -> ItemView:
    tag = None
    if item.open < 0:
        tag = Tag("ok", "ring", _("Credit"))
    elif item.days_past_due:
        days = item.days_past_due
        text = ngettext("%(n)s day past due", "%(n)s days past due", days) % {"n": fmt.number(days)}
        tag = Tag("bad", "alert", text)
    return ItemView(
        date=fmt.date(item.issued_on),
        words=words.of(item.kind, item.number),
        url=shown_item_url(item.kind, item.id, business),
        due=fmt.date(item.due_on) if item.due_on else "",
        tag=tag,
        original=fmt.money(item.original, currency),
        applied=fmt.money(item.applied, currency) if item.applied else "",
        open=fmt.money(item.open, currency),
    )


def _ageing(statement: BalanceForward | OpenItemStatement, currency: str, fmt: Formatter) -> AgeingBar:
    return ageing_bar([(bucket.name, bucket.amount) for bucket in statement.ageing], currency, fmt)
