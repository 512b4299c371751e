"""Which open invoices AutoPay collects, when and by which method. Nothing here changes anything."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portico.domain.access.viewer import CustomerViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document, Kind, Lifecycle
from portico.domain.ledger.models import Entry, EntryKind
from portico.domain.payments.collection_dates import first_collection, next_collection
from portico.domain.payments.models import (
    AttemptPurpose,
    AttemptShare,
    AttemptState,
    AutoPay,
    DisputeState,
    Method,
    MethodState,
    PaymentMethod,
)
from portico.domain.payments.offered import Offer
from portico.domain.payments.registry import gateways
from portico.lib.clock import now

_OBJECTED = (DisputeState.OPEN, DisputeState.WITHDRAWN, DisputeState.LOST)


@dataclass(frozen=True, slots=True)
class Collection:
    """An open invoice that AutoPay collects whole. `at` is when it is next tried: None once it is given up.

    `tries` counts what has been begun for it, `failures` what has failed since the customer enrolled.
    """

    invoice: Document
    offer: Offer
    at: datetime | None
    tries: int
    failures: int


def autopay_of(customer: Customer) -> AutoPay | None:
    """Return a customer's AutoPay while it is enrolled. The caller has fetched the customer as the viewer."""
    rows = AutoPay.objects.filter(business=customer.business_id, customer=customer, enrolled_at__isnull=False)
    return rows.select_related("business", "customer").first()


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
    enrolled = autopay_of(viewer.customer) if viewer.business.allow_autopay else None
    only = None if viewer.has_account else viewer.session.target_id
    found = collections([enrolled], only) if enrolled else []
    return {row.invoice.pk: row for row in found if row.at is not None}


@dataclass(frozen=True, slots=True)
class Preview:
    """What AutoPay collects, or would if the customer enrolled now, and how many days invoices wait."""

    days: int
    collections: list[Collection]


def preview(customer: Customer) -> Preview:
    """Return what AutoPay collects or would collect. The caller has fetched the customer as the viewer."""
    rows = AutoPay.objects.filter(business=customer.business_id, customer=customer)
    autopay = rows.select_related("business", "customer").first()
    autopay = autopay or AutoPay(business=customer.business, customer=customer)
    autopay.enrolled_at = autopay.enrolled_at or now()
    return Preview(autopay.days_to_wait, collections([autopay]))


def collections(enrolled: Sequence[AutoPay], only: UUID | None = None) -> list[Collection]:
    """Return the open invoices of enrolled customers that can be collected, of one invoice when it is named.

    Left out is what no method is there for, what another payment is under way for, and what the customer has disputed.
    """
    rows = {row.customer_id: row for row in enrolled if row.business.allow_autopay}
    methods = _default_methods(rows)
    offered = [(row, _offer(methods[row.customer_id], row)) for row in _open_invoices(list(methods), only)]
    invoices = [(row, offer) for row, offer in offered if _takes(offer, row)]
    keys = [invoice.pk for invoice, _ in invoices]
    issued_at = dict(Entry.objects.filter(item__in=keys, kind=EntryKind.INVOICE).values_list("item", "created_at"))
    attempts = _attempts(keys)
    found = []
    for invoice, offer in invoices:
        autopay, tried = rows[invoice.customer_id], attempts[invoice.pk]
        assert autopay.enrolled_at is not None, "only those who are enrolled are asked for"
        first = first_collection(
            issued_at=issued_at[invoice.pk],
            issued_on=invoice.issued_on,
            enrolled_at=autopay.enrolled_at,
            delay_days=autopay.days_to_wait,
            time_zone=autopay.business.time_zone,
        )
        failed_at = [ended for state, ended in tried if state == AttemptState.FAILED and ended > autopay.enrolled_at]
        at = next_collection(first, failed_at)
        found.append(Collection(invoice, offer, at, len(tried), len(failed_at)))
    return found


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


def _open_invoices(customers: list[UUID], only: UUID | None) -> list[Document]:
    rows = Document.objects.filter(
        customer__in=customers, kind=Kind.INVOICE, lifecycle=Lifecycle.ISSUED, open_amount__gt=0
    )
    rows = rows if only is None else rows.filter(pk=only)
    under_way = AttemptShare.objects.filter(document__in=rows, active=True, credit=None).values("document")
    # What the customer objected to at the bank is not taken again without them.
    disputed = AttemptShare.objects.filter(document__in=rows, attempt__payment__disputes__state__in=_OBJECTED)
    rows = rows.exclude(pk__in=disputed.values("document"))
    return list(rows.exclude(pk__in=under_way).select_related("customer__business").order_by("issued_on", "id"))


def _offer(method: PaymentMethod, invoice: Document) -> Offer:
    return Offer(method.gateway_account, Method(method.kind), invoice.currency, method)


def _takes(offer: Offer, invoice: Document) -> bool:
    """Tell whether an invoice can be collected whole by a method."""
    can = gateways()[offer.account.gateway].capabilities()
    most = offer.maximum or invoice.open_amount
    return can.takes(offer.method, invoice.currency) and offer.minimum <= invoice.open_amount <= most


def _attempts(documents: list[UUID]) -> defaultdict[UUID, list[tuple[str, datetime]]]:
    """Return the state and end of every attempt that AutoPay has made for documents."""
    shares = AttemptShare.objects.filter(document__in=documents, attempt__purpose=AttemptPurpose.AUTOPAY)
    found: defaultdict[UUID, list[tuple[str, datetime]]] = defaultdict(list)
    for document, state, ended in shares.values_list("document", "attempt__state", "attempt__finished_at"):
        if ended is not None:
            found[document].append((state, ended))
    return found
