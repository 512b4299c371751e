"""Overview of an account: sums over the documents a viewer may see, each one query."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce

from portico.domain.access.viewer import Viewer
from portico.domain.documents.models import Document, Kind, Lifecycle
from portico.domain.documents.queries import documents, outstanding, past_due_amount
from portico.domain.ledger.past_due import days_past_due
from portico.domain.ledger.queries import bucket_names


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed on invoices in one currency on a day, in minor units.

    `columns` are the ageing columns of it by age in order, `next_on` the next due date from that day on, if any.
    """

    currency: str
    amount: int
    count: int
    past_due: int
    past_due_count: int
    next_on: date | None
    columns: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Month:
    """The invoices of one month in one currency: what of them is paid and what is open, in minor units."""

    currency: str
    first_day: date
    paid: int
    open: int


def dues(viewer: Viewer, today: date, edges: Sequence[int]) -> list[Due]:
    """Return what is owed per currency, the largest number of invoices first. Future-dated invoices do not count.

    An invoice without a due date ages from the day it was issued, and is never past due. What is past due, and next,
    of one with a payment plan follows its instalments; it ages from its own due date all the same.
    """
    rows = (
        outstanding(viewer)
        .filter(issued_on__lte=today)
        .order_by()
        .values_list("currency", Coalesce("instalment_due_on", "due_on"), Coalesce("due_on", "issued_on"))
        .annotate(owed=Sum("open_amount"), missed=Sum(past_due_amount(today)), number_of=Count("pk"))
    )
    by_currency: defaultdict[str, list[_Day]] = defaultdict(list)
    for currency, *day in rows:
        by_currency[currency].append(_Day(*day))
    found = [_due(currency, days, today, edges) for currency, days in by_currency.items()]
    return sorted(found, key=lambda due: (-due.count, due.currency))


class _Day(NamedTuple):
    """The outstanding invoices in one currency that are due next on one day, and age since one day.

    `missed` is what is past due of them where they are.
    """

    due_on: date | None
    since: date
    owed: int
    missed: int
    number_of: int


def _due(currency: str, days: list[_Day], today: date, edges: Sequence[int]) -> Due:
    columns = dict.fromkeys(bucket_names(edges)[:-1], 0)
    names = list(columns)
    for day in days:
        age = (today - day.since).days
        columns[names[1 + bisect_left(edges, age)] if age > 0 else names[0]] += day.owed
    past = [day for day in days if days_past_due(day.owed, day.due_on, today)]
    return Due(
        currency=currency,
        amount=sum(day.owed for day in days),
        count=sum(day.number_of for day in days),
        past_due=sum(day.missed for day in past),
        past_due_count=sum(day.number_of for day in past),
        next_on=min((day.due_on for day in days if day.due_on is not None and day.due_on >= today), default=None),
        columns=list(columns.items()),
    )


def invoiced_by_month(viewer: Viewer, since: date, today: date) -> list[Month]:
    """Return the invoices that are not voided, issued from `since` to `today`, by currency and month.

    The database adds up days: cutting dates into months is a function call per row on SQLite.
    """
    rows = (
        documents(viewer)
        .filter(kind=Kind.INVOICE, lifecycle=Lifecycle.ISSUED, issued_on__gte=since, issued_on__lte=today)
        .order_by()
        .values_list("currency", "issued_on")
        .annotate(billed=Sum("payable"), written_off=Sum("written_off"), left=Sum("open_amount"))
    )
    months: defaultdict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0])
    for currency, day, billed, written_off, left in rows:
        sums = months[currency, day.replace(day=1)]
        sums[0] += billed - written_off - left
        sums[1] += left
    return [Month(currency, first_day, *sums) for (currency, first_day), sums in sorted(months.items())]


def open_amounts(rows: QuerySet[Document], today: date) -> list[tuple[str, int]]:
    """Return `(currency, amount)` of what is owed on these invoices by `today`, in minor units, by currency."""
    owed = (
        rows.filter(open_amount__gt=0, issued_on__lte=today)
        .order_by()
        .values_list("currency")
        .annotate(left=Sum("open_amount"))
    )
    return list(owed.order_by("currency"))


def counts(viewer: Viewer) -> dict[Kind, int]:
    """Return how many documents of each kind a viewer may see; kinds without any are left out."""
    rows = documents(viewer).order_by().values_list("kind").annotate(number_of=Count("pk"))
    return {Kind(kind): number_of for kind, number_of in rows}
