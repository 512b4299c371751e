"""Recomputes every cached amount of the ledger from its facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from portico.domain.ledger.models import Account, Allocation, Entry, EntryKind, Item
from portico.lib.ids import public_id

_ORIGINALS = (
    EntryKind.INVOICE,
    EntryKind.CREDIT_NOTE,
    EntryKind.PAYMENT,
    EntryKind.REFUND,
    EntryKind.WRITE_OFF,
    EntryKind.SETTLEMENT,
    EntryKind.DISPUTE,
    EntryKind.CREDIT_ADJUSTMENT,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored amount that is not what the facts add up to, in minor units of `currency`; or a day, or none.

    `row` and `column` say where it is stored, when it is a cache that `repair` may set; without them it is a fact
    itself that contradicts another one, and somebody has to look.
    """

    what: str
    public_id: str
    label: str
    currency: str
    stored: int | date | None
    computed: int | date | None
    row: Model | None = None
    column: str = ""

    def __str__(self) -> str:
        name = f"{self.public_id} ({self.label})" if self.label else self.public_id
        if not isinstance(self.stored, int):
            return f"{name}: {self.what} is stored as {self.stored or 'none'} and is {self.computed or 'none'}"
        return f"{name}: {self.what} is stored as {self.stored} and adds up to {self.computed} {self.currency}"

    def repair(self) -> bool:
        """Store what the facts add up to, and tell whether that could be done. The caller locks the accounts."""
        if self.row is None:
            return False
        type(self.row)._base_manager.filter(pk=self.row.pk).update(**{self.column: self.computed})
        return True


def extent(business_id: UUID | None = None) -> tuple[int, int]:
    """Return how many accounts and items there are, of one business or of all."""
    scope = Q(business_id=business_id) if business_id else Q()
    return Account.objects.filter(scope).count(), Item.objects.filter(scope).count()


def differences(business_id: UUID | None = None) -> Iterator[Difference]:
    """Yield every account and item, of one business or of all, whose cached amounts differ from their facts."""
    scope = Q(business_id=business_id) if business_id else Q()
    accounts = Account.objects.filter(scope).annotate(
        computed=_sum(Entry.objects.filter(account=OuterRef("pk")), "account")
    )
    for account in accounts.exclude(balance=F("computed")).iterator():
        name = public_id("customer", account.customer_id)
        yield Difference("balance", name, "", account.currency, account.balance, account.computed, account, "balance")
    entries = Entry.objects.filter(item=OuterRef("pk"))
    items = (
        Item.objects.filter(scope)
        .select_related("account")
        .annotate(
            first=_sum(entries.filter(kind__in=_ORIGINALS), "item"),
            posted=_sum(entries, "item"),
            sent=_sum(Allocation.objects.filter(credit=OuterRef("pk")), "credit"),
            got=_sum(Allocation.objects.filter(debit=OuterRef("pk")), "debit"),
        )
        .annotate(computed=F("posted") + F("sent") - F("got"))
    )
    for item in items.exclude(open=F("computed"), amount=F("first")).iterator():
        where = (item.ref.public_id, item.number, item.account.currency)
        if item.open != item.computed:
            yield Difference("the ledger's open amount", *where, item.open, item.computed, item, "open")
        if item.amount != item.first:
            yield Difference("the ledger's amount", *where, item.amount, item.first, item, "amount")


def _sum(rows: QuerySet[Entry] | QuerySet[Allocation], by: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(by).annotate(sum=Sum("amount")).values("sum")), 0)
