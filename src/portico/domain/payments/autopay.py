"""Which open invoices AutoPay collects, when and by which method. Nothing here changes anything."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from itertools import chain
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from portico.domain.access.viewer import CustomerViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document, Kind, Lifecycle, PaymentPlan
from portico.domain.documents.plan_queries import collected_customers, collecting, ended_plans, outstanding_plans
from portico.domain.documents.plans import PlanState
from portico.domain.ledger.models import Entry, EntryKind
from portico.domain.payments.collection_dates import LEAST_WAIT, first_collection, next_collection
from portico.domain.payments.disabled import disabled_methods
from portico.domain.payments.models import (
    AttemptPurpose,
    AttemptShare,
    AttemptState,
    AutoPay,
    DisputeState,
    MethodState,
    PaymentMethod,
    Refund,
    RefundState,
)
from portico.domain.payments.offered import Offer, offer_of
from portico.domain.payments.queries import active_shares
from portico.domain.payments.registry import gateways
from portico.lib.clock import now

_SUCCEEDED = AttemptState.SUCCEEDED
# How many customers are looked at together.
_TOGETHER = 200
_OBJECTED = (DisputeState.OPEN, DisputeState.WITHDRAWN, DisputeState.LOST)


class LeftAlone(StrEnum):
    """Why AutoPay leaves an invoice to its customer."""

    DISPUTED = "disputed"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Collection:
    """An open invoice that AutoPay collects: `amount` of it (minor units), all or the next instalment of its plan.

    `at` is when it is next tried: None once it is given up. `tries` counts what has been begun for it, `failures` what
    has failed since the customer enrolled, or since the instalment's turn came.
    """

    invoice: Document
    amount: int
    offer: Offer
    at: datetime | None
    tries: int
    failures: int


def enrolled(customer: Customer) -> QuerySet[AutoPay]:
    """A customer's AutoPay while it is enrolled. The caller has fetched the customer as the viewer."""
    return AutoPay.objects.filter(business=customer.business_id, customer=customer, enrolled_at__isnull=False)


def autopay_of(customer: Customer) -> AutoPay | None:
    """Return the row of `enrolled`."""
    return enrolled(customer).select_related("business", "customer").first()


def collector_of(customer: Customer) -> list[AutoPay]:
    """Return the row that a customer's invoices are collected by: all of them, or those with a plan that collects.

    Of who is not enrolled only the latter are; nothing without one. The caller has fetched the customer as the viewer.
    """
    row = row_of(customer)
    return [row] if row.enrolled_at is not None or collecting(customer) else []


def collector(row: AutoPay, plans: Iterable[PaymentPlan]) -> list[AutoPay]:
    """Return what `collector_of` does, of a customer's row and those of its plans that matter to the caller."""
    return [row] if row.enrolled_at is not None or any(plan.is_collecting for plan in plans) else []


def collectable_batches() -> Iterator[list[AutoPay]]:
    """Yield the rows of all customers that something is collected of, so many at a time."""
    return chain(_enrolled(), _by_plan())


def _enrolled() -> Iterator[list[AutoPay]]:
    owing = Document.objects.filter(kind=Kind.INVOICE, lifecycle=Lifecycle.ISSUED, open_amount__gt=0)
    rows = AutoPay.objects.filter(
        enrolled_at__isnull=False, business__allow_autopay=True, customer__in=owing.values("customer")
    )
    rows = rows.select_related("business", "customer").order_by("id")
    last = None
    while batch := list((rows if last is None else rows.filter(id__gt=last))[:_TOGETHER]):
        yield batch
        last = batch[-1].pk


def _by_plan() -> Iterator[list[AutoPay]]:
    """Yield the rows of customers who are not enrolled and have approved a plan that collects."""
    rows = Customer.objects.filter(pk__in=collected_customers(), business__allow_autopay=True)
    rows = rows.exclude(autopay__enrolled_at__isnull=False)
    rows = rows.select_related("business").order_by("id")
    last = None
    while batch := list((rows if last is None else rows.filter(id__gt=last))[:_TOGETHER]):
        yield [row_of(customer) for customer in batch]
        last = batch[-1].pk


def row_of(customer: Customer) -> AutoPay:
    """Return a customer's row, enrolled or not; one that is not stored when there is none."""
    rows = AutoPay.objects.filter(business=customer.business_id, customer=customer)
    found = rows.select_related("business", "customer").first()
    return found or AutoPay(business=customer.business, customer=customer)


def delay_of(customer: Customer) -> int | None:
    """Return how many days a customer's invoices wait, where that is its own; enrolled or not."""
    rows = AutoPay.objects.filter(business=customer.business_id, customer=customer)
    return rows.values_list("delay_days", flat=True).first()


def default_method(customer: Customer) -> PaymentMethod | None:
    """Return what AutoPay would charge. The caller has fetched the customer as the viewer."""
    rows = PaymentMethod.objects.filter(business=customer.business_id, customer=customer)
    rows = rows.filter(is_default=True, state=MethodState.ACTIVE)
    return rows.select_related("gateway_account__business", "customer").first()


def collections_of(viewer: CustomerViewer) -> dict[UUID, Collection]:
    """Return what AutoPay is to collect of the viewer's invoices, by document; what was given up is left out.

    A session that reaches one document is told of that one.
    """
    only = None if viewer.has_account else viewer.session.target_id
    found = collections(collector_of(viewer.customer), only) if viewer.business.allow_autopay else []
    return {row.invoice.pk: row for row in found if row.at is not None}


@dataclass(frozen=True, slots=True)
class Preview:
    """What AutoPay collects, or would if the customer enrolled now, and how many days invoices wait."""

    days: int
    collections: list[Collection]


def preview(customer: Customer) -> Preview:
    """Return what AutoPay collects or would collect. The caller has fetched the customer as the viewer."""
    autopay = row_of(customer)
    autopay.enrolled_at = autopay.enrolled_at or now()
    return Preview(autopay.days_to_wait, collections([autopay]))


def collections(enrolled: Sequence[AutoPay], only: UUID | None = None) -> list[Collection]:
    """Return the open invoices of customers that can be collected, of one invoice when it is named.

    Left out is what no method is there for, what another payment is under way for, what the customer has disputed, and
    what the business has given money back of; what a payment plan leaves to the customer or awaits an approval for;
    and, of who is not enrolled, what no plan collects.
    """
    rows = {row.customer_id: row for row in enrolled if row.business.allow_autopay}
    methods = _default_methods(rows)
    wanted = [
        (turn, offer_of(methods[turn.invoice.customer_id], turn.invoice.currency))
        for turn in _turns(_open_invoices(list(methods), only), rows)
    ]
    wanted = [(turn, offer) for turn, offer in wanted if _takes(offer, turn.invoice, turn.amount)]
    attempts = _attempts([turn.invoice.pk for turn, _ in wanted])
    found = []
    for turn, offer in wanted:
        tried = attempts[turn.invoice.pk]
        begins = max([turn.since, *(ended for state, ended in tried if turn.is_part and state == _SUCCEEDED)])
        failed_at = [ended for state, ended in tried if state == AttemptState.FAILED and ended > begins]
        at = next_collection(turn.first, failed_at)
        found.append(Collection(turn.invoice, turn.amount, offer, at, len(tried), len(failed_at)))
    return found


def left_alone(customer: Customer, only: UUID | None = None) -> list[tuple[Document, LeftAlone]]:
    """Return the open invoices that an enrolled customer has to pay, and why; of one invoice when it is named.

    The caller has fetched the customer as the viewer.
    """
    if autopay_of(customer) is None:
        return []
    rows = _owed([customer.pk], only)
    disputed = set(rows.filter(pk__in=_disputed(rows)).values_list("pk", flat=True))
    refunded = _given_back([customer.pk])
    return [
        (row, LeftAlone.DISPUTED if row.pk in disputed else LeftAlone.REFUNDED)
        for row in rows.filter(pk__in=disputed | refunded).order_by("issued_on", "id")
    ]


@dataclass(frozen=True, slots=True)
class _Turn:
    """What of an invoice is collected next, and when first; failures count `since` a moment.

    `is_part` says that it is an instalment: those before it have had their own failures.
    """

    invoice: Document
    amount: int
    first: datetime
    since: datetime
    is_part: bool


def _turns(invoices: list[Document], rows: dict[UUID, AutoPay]) -> Iterator[_Turn]:
    keys = [invoice.pk for invoice in invoices]
    issued_at = dict(Entry.objects.filter(item__in=keys, kind=EntryKind.INVOICE).values_list("item", "created_at"))
    plans = outstanding_plans(keys) if keys else {}
    ended = ended_plans(keys) if keys else {}
    for invoice in invoices:
        autopay, plan = rows[invoice.customer_id], plans.get(invoice.pk)
        if plan is not None:
            yield from _part(invoice, plan, autopay)
        elif autopay.enrolled_at is not None:
            first = first_collection(
                issued_at=issued_at[invoice.pk],
                issued_on=invoice.issued_on,
                enrolled_at=autopay.enrolled_at,
                delay_days=autopay.days_to_wait,
                time_zone=autopay.business.time_zone,
            )
            since = autopay.enrolled_at
            if invoice.pk in ended:
                # All of it at once is more than was planned: there is time to plan it otherwise.
                since = max(since, ended[invoice.pk])
                first = max(first, since + LEAST_WAIT)
            yield _Turn(invoice, invoice.open_amount, first, since, is_part=False)


def _part(invoice: Document, plan: PaymentPlan, autopay: AutoPay) -> Iterator[_Turn]:
    """Yield the next instalment of a plan that collects, once the customer has agreed to be charged."""
    part = plan.next_part
    agreed = [plan.given_approval.at] if plan.given_approval else [autopay.enrolled_at] if autopay.enrolled_at else []
    # What came back onto the invoice was never agreed on.
    if not agreed or part is None or not plan.collects or plan.state != PlanState.ACTIVE:
        return
    if invoice.open_amount > plan.total:
        return
    day = datetime.combine(part.due_on, time.min, ZoneInfo(autopay.business.time_zone)).astimezone(UTC)
    first = max(day, plan.created_at + LEAST_WAIT, agreed[0] + LEAST_WAIT)
    yield _Turn(invoice, part.left, first, first, is_part=True)


def _default_methods(rows: dict[UUID, AutoPay]) -> dict[UUID, PaymentMethod]:
    """Return what each customer is charged by, where its gateway is switched on and offers it."""
    methods = PaymentMethod.objects.filter(
        customer__in=rows, is_default=True, state=MethodState.ACTIVE, gateway_account__enabled=True
    )
    return {
        row.customer_id: row
        for row in methods.select_related("gateway_account__business")
        if row.kind in row.gateway_account.methods and row.gateway_account.gateway in gateways()
    }


def _owed(customers: list[UUID], only: UUID | None) -> QuerySet[Document]:
    rows = Document.objects.filter(
        customer__in=customers, kind=Kind.INVOICE, lifecycle=Lifecycle.ISSUED, open_amount__gt=0
    )
    return rows if only is None else rows.filter(pk=only)


def _open_invoices(customers: list[UUID], only: UUID | None) -> list[Document]:
    rows = _owed(customers, only)
    # What the customer objected to at the bank is not taken again without them.
    rows = rows.exclude(pk__in=_disputed(rows))
    rows = rows.exclude(pk__in=_given_back(customers))
    under_way = active_shares(rows.values("pk")).values("pays")
    return list(rows.exclude(pk__in=under_way).select_related("customer__business").order_by("issued_on", "id"))


def _given_back(customers: list[UUID]) -> set[UUID]:
    """Return the invoices that the business has given money back of: it does not take that again by itself."""
    refunds = Refund.objects.filter(payment__customer__in=customers, state=RefundState.SUCCEEDED)
    taken = {UUID(key) for parts in refunds.values_list("taken_from", flat=True) for key in parts or ()}
    # Refunds once did not keep what they took from which invoice.
    unknown = refunds.filter(taken_from__isnull=True).values("payment")
    return taken | set(AttemptShare.objects.filter(attempt__payment__in=unknown).values_list("document", flat=True))


def _disputed(rows: QuerySet[Document]) -> QuerySet[AttemptShare, Any]:
    shares = AttemptShare.objects.filter(document__in=rows, attempt__payment__disputes__state__in=_OBJECTED)
    return shares.values("document")


def _takes(offer: Offer, invoice: Document, amount: int) -> bool:
    """Tell whether an amount of an invoice can be collected by a method."""
    can = gateways()[offer.account.gateway].capabilities()
    if offer.method in disabled_methods(invoice.customer, [invoice]):
        return False
    return can.takes(offer.method, invoice.currency) and offer.minimum <= amount <= (offer.maximum or amount)


def _attempts(documents: list[UUID]) -> defaultdict[UUID, list[tuple[str, datetime]]]:
    """Return the state and end of every attempt that AutoPay has made for documents."""
    shares = AttemptShare.objects.filter(document__in=documents, attempt__purpose=AttemptPurpose.AUTOPAY)
    found: defaultdict[UUID, list[tuple[str, datetime]]] = defaultdict(list)
    for document, state, ended in shares.values_list("document", "attempt__state", "attempt__finished_at"):
        if ended is not None:
            found[document].append((state, ended))
    return found
