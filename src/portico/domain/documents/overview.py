"""What an account looks like at a glance: sums over the documents a viewer may see, each one query."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce

from portico.domain.access.viewer import Viewer
from portico.domain.documents.models import Document, Kind, Lifecycle
from portico.domain.documents.queries import documents, outstanding
from portico.domain.ledger.queries import bucket_names


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed on invoices in one currency on a day, in minor units.

    `columns` are the ageing columns of it in order, `next_on` the next due date from that day on, if any.
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

    An invoice without a due date is due on the day it was issued.
    """
    rows = (
        outstanding(viewer)
        .filter(issued_on__lte=today)
        .order_by()
        .values_list("currency", Coalesce("due_on", "issued_on"))
        .annotate(owed=Sum("open_amount"), number_of=Count("pk"))
    )
    by_currency: defaultdict[str, list[tuple[date, int, int]]] = defaultdict(list)
    for currency, due_on, owed, number_of in rows:
        by_currency[currency].append((due_on, owed, number_of))
    found = [_due(currency, days, today, edges) for currency, days in by_currency.items()]
    return sorted(found, key=lambda due: (-due.count, due.currency))


def _due(currency: str, days: list[tuple[date, int, int]], today: date, edges: Sequence[int]) -> Due:
    columns = dict.fromkeys(bucket_names(edges)[:-1], 0)
    names = list(columns)
    for due_on, owed, _number_of in days:
        late = (today - due_on).days
        columns[names[1 + bisect_left(edges, late)] if late > 0 else names[0]] += owed
    past = [(owed, number_of) for due_on, owed, number_of in days if due_on < today]
    return Due(
        currency=currency,
        amount=sum(owed for _due_on, owed, _number_of in days),
        count=sum(number_of for _due_on, _owed, number_of in days),
        past_due=sum(owed for owed, _number_of in past),
        past_due_count=sum(number_of for _owed, number_of in past),
        next_on=min((due_on for due_on, _owed, _number_of in days if due_on >= today), default=None),
        columns=list(columns.items()),
    )


def invoiced_by_month(viewer: Viewer, since: date, today: date) -> list[Month]:
    """Return the standing invoices issued from `since` to `today`, by currency and month.

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


def open_amounts(rows: QuerySet[Document]) -> list[tuple[str, int]]:
    """Return `(currency, amount)` of what is owed on these invoices, in minor units, by currency."""
    owed = rows.filter(open_amount__gt=0).order_by().values_list("currency").annotate(left=Sum("open_amount"))
    return list(owed.order_by("currency"))


def counts(viewer: Viewer) -> dict[Kind, int]:
    """Return how many documents of each kind a viewer may see; kinds without any are left out."""
    rows = documents(viewer).order_by().values_list("kind").annotate(number_of=Count("pk"))
    return {Kind(kind): number_of for kind, number_of in rows}
