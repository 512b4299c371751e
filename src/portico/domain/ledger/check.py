"""Recomputes every cached amount of the ledger from its facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from portico.domain.ledger.models import Account, Allocation, Entry, Item


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored amount that is not what the facts add up to, in minor units."""

    kind: str
    id: UUID
    label: str
    stored: int
    computed: int


def differences() -> Iterator[Difference]:
    """Yield every item and account whose cached amount differs from its entries and allocations."""
    items = Item.objects.annotate(
        posted=_sum(Entry.objects.filter(item=OuterRef("pk")), "item"),
        sent=_sum(Allocation.objects.filter(credit=OuterRef("pk")), "credit"),
        got=_sum(Allocation.objects.filter(debit=OuterRef("pk")), "debit"),
    ).annotate(computed=F("posted") + F("sent") - F("got"))
    for item in items.exclude(open=F("computed")).iterator():
        yield Difference(item.kind, item.pk, item.number, item.open, item.computed)
    accounts = Account.objects.annotate(
        computed=_sum(Entry.objects.filter(account=OuterRef("pk")), "account"),
    )
    for account in accounts.exclude(balance=F("computed")).iterator():
        yield Difference("account", account.pk, str(account), account.balance, account.computed)


def _sum(rows: QuerySet[Entry] | QuerySet[Allocation], by: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(by).annotate(sum=Sum("amount")).values("sum")), 0)
