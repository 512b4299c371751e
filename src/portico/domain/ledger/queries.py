"""What an account looks like on a day: open items, ageing, balances.

Every answer for a past day starts from what is open now and takes back what happened since, so that looking at today
costs no more than what is open today. `open` is signed like an entry: positive is owed by the customer.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from portico.domain.ledger.models import Account, Allocation, Entry, Item

_ITEM_COLUMNS = ("id", "kind", "number", "issued_on", "due_on", "amount", "open", "account__customer_id")

# Databases limit how many keys one query may name.
_KEYS_PER_QUERY = 5000


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A fact with something left of it on a day. Amounts in minor units, signed; `days` is as-of minus due."""

    id: UUID
    kind: str
    number: str
    issued_on: date
    due_on: date | None
    original: int
    applied: int
    open: int
    days: int
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class Bucket:
    """One column of an ageing: its name (`current`, `1_30`, …, `91_plus`, `unapplied`), how many items, their sum."""

    name: str
    count: int
    amount: int


def accounts_of(customer_id: UUID) -> QuerySet[Account]:
    """A customer's accounts, one per currency. The caller has fetched the customer as the viewer."""
    return Account.objects.filter(customer_id=customer_id).order_by("currency")


def account_of(customer_id: UUID, currency: str) -> Account | None:
    """A customer's account in one currency, or None when nothing was ever posted in it."""
    return Account.objects.filter(customer_id=customer_id, currency=currency).first()


def open_items(account: Account, as_of: date) -> list[OpenItem]:
    """Everything with an open amount on `as_of`: what is owed and what is unapplied, oldest due first."""
    scope = Q(account=account)
    return _open_items(scope, scope, as_of)


def open_items_of_business(business_id: UUID, currency: str, as_of: date) -> list[OpenItem]:
    """The open items of all of a business's customers in one currency on `as_of`."""
    scope = Q(business_id=business_id, account__currency=currency)
    return _open_items(scope, scope, as_of)


def _open_items(items: Q, events: Q, as_of: date) -> list[OpenItem]:
    since = _changes_since(events, as_of)
    known = Item.objects.filter(items, issued_on__lte=as_of)
    rows = list(known.exclude(open=0).values_list(*_ITEM_COLUMNS))
    closed_since = since.keys() - {row[0] for row in rows}
    for keys in batched(closed_since, _KEYS_PER_QUERY, strict=False):
        rows += known.filter(open=0, pk__in=keys).values_list(*_ITEM_COLUMNS)
    found = []
    for key, kind, number, issued_on, due_on, amount, open_now, customer_id in rows:
        left = open_now - since.get(key, 0)
        if left:
            days = (as_of - (due_on or issued_on)).days
            found.append(OpenItem(key, kind, number, issued_on, due_on, amount, amount - left, left, days, customer_id))
    found.sort(key=lambda item: (item.open < 0, item.due_on or item.issued_on, item.number, item.id))
    return found


def _changes_since(events: Q, day: date) -> dict[UUID, int]:
    """How much each item's open amount moved after `day`."""
    moved: defaultdict[UUID, int] = defaultdict(int)
    later = Q(date__gt=day) & events
    for key, amount in Entry.objects.filter(later).values_list("item_id", "amount"):
        moved[key] += amount
    rows = Allocation.objects.filter(later).values_list("credit_id", "debit_id", "amount")
    for credit_id, debit_id, amount in rows:
        moved[credit_id] += amount
        moved[debit_id] -= amount
    return moved


def balance_on(account: Account, day: date) -> int:
    """The account's balance at the end of `day`, in minor units."""
    later = Entry.objects.filter(account=account, date__gt=day).aggregate(moved=Coalesce(Sum("amount"), 0))
    return account.balance - int(later["moved"])


def bucket_names(edges: Sequence[int]) -> list[str]:
    """`current`, `1_30`, `31_60`, `61_90`, `91_plus`, `unapplied` for the edges 30, 60, 90."""
    starts = [1, *(edge + 1 for edge in edges)]
    middle = [f"{start}_{edge}" for start, edge in zip(starts, edges, strict=False)]
    return ["current", *middle, f"{starts[-1]}_plus", "unapplied"]


def age(items: Iterable[OpenItem], edges: Sequence[int]) -> list[Bucket]:
    """Sort open items into ageing columns by calendar days past due; credits have their own column."""
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


def allocations_of(item_id: UUID) -> QuerySet[Allocation]:
    """Every allocation to or from an item, taken-back ones included, in the order they were made."""
    return (
        Allocation.objects.filter(Q(credit_id=item_id) | Q(debit_id=item_id))
        .select_related("credit", "debit")
        .order_by("date", "id")
    )


def open_credit(customer_id: UUID, today: date) -> list[tuple[str, str, int, int]]:
    """`(currency, kind, count, amount)` of a customer's unapplied credits; amounts positive, in minor units."""
    rows = (
        Item.objects.filter(account__customer_id=customer_id, open__lt=0, issued_on__lte=today)
        .values_list("account__currency", "kind")
        .annotate(count=Count("id"), amount=-Sum("open"))
        .order_by("account__currency", "kind")
    )
    return list(rows)


def account_or_empty(business_id: UUID, customer_id: UUID, currency: str) -> Account:
    """A customer's account in one currency; one without entries, and not stored, when nothing was ever posted in it."""
    found = account_of(customer_id, currency)
    return found or Account(business_id=business_id, customer_id=customer_id, currency=currency)


@dataclass(frozen=True, slots=True)
class Applied:
    """What of a credit stands against one debit, in minor units; `day` is the day it was last applied."""

    debit_id: UUID
    kind: str
    number: str
    amount: int
    day: date


def applied(credit_ids: Sequence[UUID]) -> dict[UUID, list[Applied]]:
    """What credits stand against, by credit, in the order it was applied. What was taken back is left out.

    The caller has fetched the credits as the viewer.
    """
    rows = (
        Allocation.objects.filter(credit_id__in=credit_ids)
        .values_list("credit_id", "debit_id", "debit__kind", "debit__number")
        .annotate(standing=Sum("amount"), day=Max("date", filter=Q(amount__gt=0)), first=Min("created_at"))
        .filter(standing__gt=0)
        .order_by("first", "debit_id")
    )
    found: defaultdict[UUID, list[Applied]] = defaultdict(list)
    for credit_id, debit_id, kind, number, amount, day, _ in rows:
        found[credit_id].append(Applied(debit_id, kind, number, amount, day))
    return found
