"""The two statements of account, reconstructed for any day from dated facts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Count, DateField, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from portico.domain.ledger.models import Account, Entry
from portico.domain.ledger.queries import Bucket, OpenItem, age, open_items
from portico.lib.prepared import Given, Prepared, given_key


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One row of a balance-forward statement. One of `debit` and `credit` is zero; all in minor units."""

    day: date
    kind: str
    item_kind: str
    item_id: UUID
    number: str
    due_on: date | None
    debit: int
    credit: int
    balance: int


@dataclass(frozen=True, slots=True)
class BalanceForward:
    """A period of one account: what was brought forward, what moved, what it came to and how old that is.

    `opening + debits - credits = closing`, and the ageing adds up to `closing`. `count` is the number of lines.
    """

    account: Account
    start: date
    end: date
    opening: int
    debits: int
    credits: int
    closing: int
    count: int
    ageing: list[Bucket]

    def lines(self, offset: int = 0, limit: int | None = None) -> Iterator[StatementLine]:
        """Yield lines in order (date, debits before credits, number) with the running balance."""
        entries = _in_order(self.account, self.start, self.end)
        balance = self.opening
        if offset:
            balance += entries[:offset].aggregate(moved=Coalesce(Sum("amount"), 0))["moved"]
        rows: Iterable[tuple[Any, ...]]
        if limit is None:
            rows = entries[offset:].values_list(*_COLUMNS).iterator(chunk_size=2000)
        else:
            window = slice(offset, offset + limit)
            rows = _WITHIN(account=self.account.pk, start=self.start, end=self.end, window=window)
        for day, kind, item_kind, item_id, number, due_on, amount in rows:
            balance += amount
            yield StatementLine(day, kind, item_kind, item_id, number, due_on, max(amount, 0), max(-amount, 0), balance)


@dataclass(frozen=True, slots=True)
class OpenItemStatement:
    """Everything open on a day. `total` is the sum of the items and of the ageing."""

    account: Account
    as_of: date
    items: list[OpenItem]
    total: int
    ageing: list[Bucket]


def balance_forward(account: Account, start: date, end: date, *, today: date, edges: Sequence[int]) -> BalanceForward:
    """Return the balance-forward statement from `start` to `end`, both included.

    Days after `today` have not happened: what is dated there does not count yet.
    """
    last = min(end, today)
    first = min(start, today + timedelta(days=1))
    sums = _SUMS(account=account.pk, first=first, start=start, end=last)
    since, debits, credits, count = sums[0] if sums else (0, 0, 0, 0)
    opening = account.balance - since
    ageing = age(open_items(account, last), edges)
    return BalanceForward(account, start, last, opening, debits, credits, opening + debits - credits, count, ageing)


def open_item(account: Account, as_of: date, *, today: date, edges: Sequence[int]) -> OpenItemStatement:
    """Return the open-item statement as of a day; a day after `today` reads like today."""
    day = min(as_of, today)
    items = open_items(account, day)
    return OpenItemStatement(account, day, items, sum(item.open for item in items), age(items, edges))


_START, _END = Given("start", DateField()), Given("end", DateField())
_COLUMNS = ("date", "kind", "item__kind", "item_id", "item__number", "item__due_on", "amount")


def _in_order(account: Any, start: Any, end: Any) -> QuerySet[Entry]:
    is_credit = Case(When(amount__lt=0, then=True), default=False, output_field=BooleanField())
    return Entry.objects.filter(account=account, date__gte=start, date__lte=end).order_by(
        "date", is_credit, "item__number", "id"
    )


def _sums() -> QuerySet[Entry, tuple[Any, ...]]:
    """What moved since `first`, then from `start` to `end` the debits, the credits and how many; one row or none."""
    within = Q(date__gte=_START, date__lte=_END)
    return (
        Entry.objects.filter(account=given_key("account"), date__gte=Given("first", DateField()))
        .values("account")
        .annotate(
            since=Sum("amount"),
            debits=Coalesce(Sum("amount", filter=within & Q(amount__gt=0)), 0),
            credits=Coalesce(-Sum("amount", filter=within & Q(amount__lt=0)), 0),
            count=Count("pk", filter=within),
        )
        .values_list("since", "debits", "credits", "count")
    )


_SUMS = Prepared(_sums)
_WITHIN = Prepared(lambda: _in_order(given_key("account"), _START, _END).values_list(*_COLUMNS))
