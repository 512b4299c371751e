"""Balances of customers: what is owed and past due, customer by customer, in lists of many."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from portico.domain.access.viewer import Viewer
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.documents.queries import late, outstanding, past_due_amount
from portico.domain.ledger.models import Account, Item


def past_due_of(viewer: Viewer, customer_ids: Iterable[UUID], today: date) -> dict[UUID, list[tuple[str, int]]]:
    """Return `(currency, amount)` of what is past due of each of these customers, in minor units, by currency."""
    rows = (
        _late(viewer, today)
        .filter(customer__in=list(customer_ids))
        .order_by("currency")
        .values_list("customer_id", "currency")
        .annotate(amount=Sum(past_due_amount(today)))
    )
    found: defaultdict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for customer_id, currency, amount in rows:
        found[customer_id].append((currency, amount))
    return found


def balances_of(viewer: Viewer, customer_ids: Iterable[UUID]) -> dict[UUID, list[tuple[str, int]]]:
    """Return `(currency, balance)` of each of these customers' accounts that are not even, by currency."""
    rows = Account.objects.filter(business=viewer.business, customer__in=list(customer_ids)).exclude(balance=0)
    found: defaultdict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for customer_id, currency, balance in rows.order_by("currency").values_list("customer_id", "currency", "balance"):
        found[customer_id].append((currency, balance))
    return found


def balances_and_credit(viewer: Viewer, customer: Customer, today: date) -> dict[str, tuple[int, int]]:
    """Return `(balance, credit)` of each of a customer's accounts that is not even or has a credit, by currency.

    The credit, which the balance holds already, is what no invoice was settled with yet; positive, in minor units.
    """
    # Said as the partial index says it, or SQLite would not use it.
    credits_ = Item.objects.filter(account=OuterRef("pk"), open__lt=0, issued_on__lte=today).exclude(open=0)
    sums = credits_.values("account").annotate(sum=-Sum("open")).values("sum")
    rows = Account.objects.filter(business=viewer.business, customer=customer).order_by("currency")
    found = rows.annotate(credit=Coalesce(Subquery(sums), 0)).values_list("currency", "balance", "credit")
    return {currency: (balance, credit) for currency, balance, credit in found if balance or credit}


def with_past_due(rows: QuerySet[Customer], viewer: Viewer, today: date) -> QuerySet[Customer]:
    """Narrow customers to those that have an invoice past due."""
    return rows.filter(pk__in=_late(viewer, today).order_by().values("customer"))


def with_balance(rows: QuerySet[Customer], viewer: Viewer) -> QuerySet[Customer]:
    """Narrow customers to those whose account is not even, in any currency."""
    uneven = Account.objects.filter(business=viewer.business).exclude(balance=0)
    return rows.filter(pk__in=uneven.values("customer"))


def rank_by_balance(rows: QuerySet[Customer], currency: str) -> QuerySet[Customer]:
    """Give customers a `rank` to sort by: their balance in one currency."""
    accounts = Account.objects.filter(customer=OuterRef("pk"), currency=currency)
    return rows.annotate(rank=Coalesce(Subquery(accounts.values("balance")[:1]), 0))


def rank_by_past_due(rows: QuerySet[Customer], viewer: Viewer, currency: str, today: date) -> QuerySet[Customer]:
    """Give customers a `rank` to sort by: what is past due in one currency."""
    rows_late = _late(viewer, today).filter(customer=OuterRef("pk"), currency=currency).order_by()
    sums = rows_late.values("customer").annotate(sum=Sum(past_due_amount(today))).values("sum")
    return rows.annotate(rank=Coalesce(Subquery(sums), 0))


def _late(viewer: Viewer, today: date) -> QuerySet[Document]:
    return outstanding(viewer).filter(late(today))
