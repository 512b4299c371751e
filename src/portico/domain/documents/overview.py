"""What an account looks like at a glance: sums over the documents a viewer may see, each one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Coalesce, TruncMonth

from portico.domain.access.viewer import Viewer
from portico.domain.documents.models import Kind, Lifecycle
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
    """Return what is owed per currency, the largest number of invoices first. Future-dated invoices do not count."""
    names = bucket_names(edges)[:-1]
    late = Q(effective__lt=today)
    sums = {f"column_{index}": _sum(within) for index, within in enumerate(_buckets(today, edges))}
    rows = (
        outstanding(viewer)
        .order_by()
        .filter(issued_on__lte=today)
        .annotate(effective=Coalesce("due_on", "issued_on"))
        .values_list("currency")
        .annotate(
            owed=Sum("open_amount"),
            number_of=Count("pk"),
            late=_sum(late),
            number_late=Count("pk", filter=late),
            next_on=Min("due_on", filter=Q(due_on__gte=today)),
            **sums,
        )
        .order_by("-number_of", "currency")
    )
    return [
        Due(currency, owed, number_of, past_due, number_late, next_on, list(zip(names, columns, strict=True)))
        for currency, owed, number_of, past_due, number_late, next_on, *columns in rows
    ]


def invoiced_by_month(viewer: Viewer, since: date, today: date) -> list[Month]:
    """Return the standing invoices issued from `since` to `today`, by currency and month."""
    rows = (
        documents(viewer)
        .filter(kind=Kind.INVOICE, lifecycle=Lifecycle.ISSUED, issued_on__gte=since, issued_on__lte=today)
        .values("currency", month=TruncMonth("issued_on"))
        .annotate(paid=Sum(F("payable") - F("written_off") - F("open_amount")), left=Sum("open_amount"))
        .order_by("currency", "month")
    )
    return [Month(row["currency"], row["month"], row["paid"], row["left"]) for row in rows]


def counts(viewer: Viewer) -> dict[Kind, int]:
    """Return how many documents of each kind a viewer may see; kinds without any are left out."""
    rows = documents(viewer).order_by().values_list("kind").annotate(number_of=Count("pk"))
    return {Kind(kind): number_of for kind, number_of in rows}


def _buckets(today: date, edges: Sequence[int]) -> list[Q]:
    """The conditions of the ageing columns, current first, by days past due."""
    limits = [today - timedelta(days=edge) for edge in edges]
    starts = [today, *limits]
    within = [Q(effective__lt=start, effective__gte=limit) for start, limit in zip(starts, limits, strict=False)]
    return [Q(effective__gte=today), *within, Q(effective__lt=limits[-1])]


def _sum(condition: Q) -> Coalesce:
    return Coalesce(Sum("open_amount", filter=condition), 0)
