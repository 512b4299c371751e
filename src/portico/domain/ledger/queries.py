"""What an account looks like on a day: open items, ageing, balances.

Every answer for a past day starts from what is open now and takes back what happened since, so that looking at today
costs no more than what is open today. `open` is signed like an entry: positive is owed by the customer.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, CharField, Count, DateField, F, Max, Min, Q, QuerySet, Sum, Value
from django.db.models.expressions import Combinable

from portico.domain.ledger.models import Account, Allocation, Entry, Item
from portico.domain.ledger.past_due import days_past_due
from portico.lib.prepared import Given, Prepared, given_key


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A fact with something left of it on a day. Amounts in minor units, signed.

    `days` is its age, which the ageing columns count by: calendar days since its due date, or since its issue date when
    it has none. `days_past_due` is 0 for what is not past due.
    """

    id: UUID
    kind: str
    number: str
    issued_on: date
    due_on: date | None
    original: int
    applied: int
    open: int
    days: int
    days_past_due: int
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class Bucket:
    """One column of an ageing: its name (`current`, `1_30`, …, `91_plus`, `unapplied`), how many items, their sum."""

    name: str
    count: int
    amount: int


_ACCOUNTS = Prepared(lambda: Account.objects.filter(customer_id=given_key("customer")).order_by("currency"))


def accounts_of(customer_id: UUID) -> list[Account]:
    """A customer's accounts, one per currency. The caller has fetched the customer as the viewer."""
    return _ACCOUNTS(customer=customer_id)


def account_of(customer_id: UUID, currency: str) -> Account | None:
    """A customer's account in one currency, or None when nothing was ever posted in it."""
    return Account.objects.filter(customer_id=customer_id, currency=currency).first()


def open_items(account: Account, as_of: date) -> list[OpenItem]:
    """Everything with an open amount on `as_of`: what is owed and what is unapplied, oldest due first."""
    return _open_items(_OPEN_OF_ACCOUNT(account=account.pk, day=as_of), as_of)


def open_items_of_business(business_id: UUID, currency: str, as_of: date) -> list[OpenItem]:
    """The open items of all of a business's customers in one currency on `as_of`."""
    return _open_items(_OPEN_OF_BUSINESS(business=business_id, currency=currency, day=as_of), as_of)


def _open_items(rows: Iterable[tuple[Any, ...]], as_of: date) -> list[OpenItem]:
    facts: dict[UUID, list[Any]] = {}
    left: dict[UUID, int] = {}
    for key, *columns, open_now, moved in rows:
        facts[key] = columns
        left[key] = left.get(key, open_now) - moved
    found = []
    for key, (kind, number, issued_on, due_on, customer_id, amount) in facts.items():
        if left[key]:
            days = (as_of - (due_on or issued_on)).days
            late = days_past_due(left[key], due_on, as_of)
            found.append(
                OpenItem(
                    key, kind, number, issued_on, due_on, amount, amount - left[key], left[key], days, late, customer_id
                )
            )
    found.sort(key=lambda item: (item.open < 0, item.due_on or item.issued_on, item.number, item.id))
    return found


def _open_now_or_moved_since(scope: Q) -> QuerySet[Item, tuple[Any, ...]]:
    """What the `day` given knew of and is open now or has moved since, with each such movement; one query."""
    day = Given("day", DateField())
    later = scope & Q(date__gt=day)
    open_now = Item.objects.filter(scope, issued_on__lte=day).exclude(open=0)
    return open_now.values_list(*_columns("", Value(0, BigIntegerField()))).union(
        Entry.objects.filter(later, item__issued_on__lte=day).values_list(*_columns("item__", F("amount"))),
        Allocation.objects.filter(later, credit__issued_on__lte=day).values_list(*_columns("credit__", F("amount"))),
        Allocation.objects.filter(later, debit__issued_on__lte=day).values_list(*_columns("debit__", -F("amount"))),
        all=True,
    )


def _columns(item: str, moved: Combinable) -> list[str | Combinable]:
    """The columns of an item that is reached by a lookup, and what a fact moved its open amount by."""
    names = ("id", "kind", "number", "issued_on", "due_on")
    return [*(item + name for name in names), "account__customer_id", f"{item}amount", f"{item}open", moved]


_OPEN_OF_ACCOUNT = Prepared(lambda: _open_now_or_moved_since(Q(account=given_key("account"))))
_OPEN_OF_BUSINESS = Prepared(
    lambda: _open_now_or_moved_since(
        Q(business_id=given_key("business"), account__currency=Given("currency", CharField()))
    )
)


def bucket_names(edges: Sequence[int]) -> list[str]:
    """`current`, `1_30`, `31_60`, `61_90`, `91_plus`, `unapplied` for the edges 30, 60, 90."""
    starts = [1, *(edge + 1 for edge in edges)]
    middle = [f"{start}_{edge}" for start, edge in zip(starts, edges, strict=False)]
    return ["current", *middle, f"{starts[-1]}_plus", "unapplied"]


def age(items: Iterable[OpenItem], edges: Sequence[int]) -> list[Bucket]:
    """Sort open items into ageing columns by age in calendar days; credits have their own column."""
    names = bucket_names(edges)
    counts = dict.fromkeys(names, 0)
    amounts = dict.fromkeys(names, 0)
    for item in items:
        if item.open < 0:
            name = "unapplied"
        elif item.days <= 0:
            name = "current"
        else:
            name = names[1 + sum(item.days > edge for edge in edges)]
        counts[name] += 1
        amounts[name] += item.open
    return [Bucket(name, counts[name], amounts[name]) for name in names]


_ALLOCATIONS = Prepared(
    lambda: (
        Allocation.objects.filter(Q(credit_id=given_key("item")) | Q(debit_id=given_key("item")))
        .select_related("credit", "debit")
        .order_by("date", "id")
    )
)


def allocations_of(item_id: UUID) -> list[Allocation]:
    """Every allocation to or from an item, taken-back ones included, in the order they were made."""
    return _ALLOCATIONS(item=item_id)


def open_credit(customer_id: UUID, today: date) -> list[tuple[str, str, int, int]]:
    """`(currency, kind, count, amount)` of a customer's unapplied credits; amounts positive, in minor units."""
    rows = (
        Item.objects.filter(account__customer_id=customer_id, open__lt=0, issued_on__lte=today)
        # Said as the partial index says it, or SQLite would not use it.
        .exclude(open=0)
        .values_list("account__currency", "kind")
        .annotate(count=Count("id"), amount=-Sum("open"))
        .order_by("account__currency", "kind")
    )
    return list(rows)


def account_or_empty(business_id: UUID, customer_id: UUID, currency: str) -> Account:
    """A customer's account in one currency; one without entries, and not stored, when nothing was ever posted in it."""
    found = account_of(customer_id, currency)
    return found or Account(business_id=business_id, customer_id=customer_id, currency=currency)


def credits_open(customer_id: UUID, currency: str, today: date) -> list[Item]:
    """The credits of a customer with something left in a currency, the oldest first.

    The caller has fetched the customer as the viewer.
    """
    rows = Item.objects.filter(account__customer_id=customer_id, account__currency=currency, open__lt=0)
    # Said as the partial index says it, or SQLite would not use it.
    return list(rows.filter(issued_on__lte=today).exclude(open=0).order_by("issued_on", "id"))


def item_of(key: UUID) -> Item | None:
    """The item of something that the viewer has fetched, with its account; None for what was never posted."""
    return Item.objects.select_related("account").filter(pk=key).first()


def still_applied(item_id: UUID, allocations: Iterable[Allocation]) -> list[tuple[Item, int, date]]:
    """What is applied between an item and others: each other item, how much, and the day it was last applied.

    In the order it was first applied; what was taken back is left out. `allocations` are those of the item.
    """
    others: dict[UUID, Item] = {}
    amounts: defaultdict[UUID, int] = defaultdict(int)
    days: dict[UUID, date] = {}
    for row in allocations:
        other = row.debit if row.credit_id == item_id else row.credit
        others[other.id] = other
        amounts[other.id] += row.amount
        if row.amount > 0:
            days[other.id] = row.date
    return [(other, amounts[key], days[key]) for key, other in others.items() if amounts[key]]


@dataclass(frozen=True, slots=True)
class Applied:
    """How much of a credit is applied to one debit, in minor units; `day` is the day it was last applied."""

    debit_id: UUID
    kind: str
    number: str
    amount: int
    day: date


def applied(credit_ids: Sequence[UUID]) -> dict[UUID, list[Applied]]:
    """What credits are applied to, by credit, in the order it was applied. What was taken back is left out.

    The caller has fetched the credits as the viewer.
    """
    rows = (
        Allocation.objects.filter(credit_id__in=credit_ids)
        .values_list("credit_id", "debit_id", "debit__kind", "debit__number")
        .annotate(sum=Sum("amount"), day=Max("date", filter=Q(amount__gt=0)), first=Min("created_at"))
        .filter(sum__gt=0)
        .order_by("first", "debit_id")
    )
    found: defaultdict[UUID, list[Applied]] = defaultdict(list)
    for credit_id, debit_id, kind, number, amount, day, _ in rows:
        found[credit_id].append(Applied(debit_id, kind, number, amount, day))
    return found


@dataclass(frozen=True, slots=True)
class Received:
    """How much of a credit is applied to a debit, in minor units, and on which day that was last so."""

    credit_id: UUID
    kind: str
    number: str
    amount: int
    day: date


def received(debit_ids: Sequence[UUID]) -> dict[UUID, list[Received]]:
    """What is applied to debits, by debit, in the order it was applied. What was taken back is left out.

    The caller has fetched the debits as the viewer.
    """
    rows = (
        Allocation.objects.filter(debit_id__in=debit_ids)
        .values_list("debit_id", "credit_id", "credit__kind", "credit__number")
        .annotate(sum=Sum("amount"), day=Max("date", filter=Q(amount__gt=0)), first=Min("created_at"))
        .filter(sum__gt=0)
        .order_by("first", "credit_id")
    )
    found: defaultdict[UUID, list[Received]] = defaultdict(list)
    for debit_id, credit_id, kind, number, amount, day, _ in rows:
        found[debit_id].append(Received(credit_id, kind, number, amount, day))
    return found


def last_moved(item_ids: Iterable[UUID]) -> dict[UUID, date]:
    """The last day anything was posted or put against each of these items, of those that ever moved; one query."""
    keys = list(item_ids)
    entries = Entry.objects.filter(item__in=keys).values_list("item_id", "date")
    given = Allocation.objects.filter(credit__in=keys).values_list("credit_id", "date")
    received = Allocation.objects.filter(debit__in=keys).values_list("debit_id", "date")
    found: dict[UUID, date] = {}
    for key, day in entries.union(given, received):
        found[key] = max(day, found.get(key, day))
    return found


# What an item's open amount was moved by, and on which day.
_MOVEMENTS = Prepared(
    lambda: (
        Entry.objects.filter(item_id=given_key("item"))
        .values_list("date", "amount")
        .union(
            Allocation.objects.filter(credit_id=given_key("item")).values_list("date", "amount"),
            Allocation.objects.filter(debit_id=given_key("item")).values_list("date", -F("amount")),
            all=True,
        )
    )
)


def least_open(item: Item, since: date, *, sign: int) -> int:
    """Return the least that was open of an item on `since` and every later day, in minor units.

    `sign` is 1 for a debit and -1 for a credit, so that the answer is positive when something is open.
    """
    changes: defaultdict[date, int] = defaultdict(int)
    for day, amount in _MOVEMENTS(item=item.pk):
        changes[day] += amount
    open_now = sum(amount for day, amount in changes.items() if day <= since)
    least = sign * open_now
    for day in sorted(day for day in changes if day > since):
        open_now += changes[day]
        least = min(least, sign * open_now)
    return least
