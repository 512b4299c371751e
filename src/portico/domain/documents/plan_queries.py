"""What a viewer may see of payment plans."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document, PaymentPlan
from portico.domain.documents.plans import PlanState
from portico.domain.documents.queries import documents

_APPROVED = Q(needs_approval=False) | Q(approval__isnull=False)


def _whole(rows: QuerySet[PaymentPlan]) -> list[PaymentPlan]:
    rows = rows.select_related("document__customer", "document__business", "approval")
    found = list(rows.prefetch_related("instalments"))
    for row in found:
        # A plan belongs to its document's business, which is wide: it is not joined twice.
        row.business = row.document.business
    return found


def in_force(keys: Iterable[UUID]) -> list[PaymentPlan]:
    """Return the plans that say when these documents are due, whole; the caller has fetched or locked the documents."""
    return _whole(PaymentPlan.objects.filter(_APPROVED, document__in=list(keys), ended_at=None))


def plan_of(document: Document) -> PaymentPlan | None:
    """Return the payment plan of a document that the viewer has fetched, whole; None where it has none any more."""
    found = _whole(PaymentPlan.objects.filter(document=document, ended_at=None))
    return next((row for row in found if row.state != PlanState.CANCELED), None)


def open_plans(viewer: Viewer, customer: Customer | None = None) -> QuerySet[PaymentPlan]:
    """The payment plans that have not ended, of invoices with something open, of one customer where it is given.

    In the portal those of documents that the viewer may see.
    """
    rows = PaymentPlan.objects.filter(business=viewer.business, ended_at=None, document__open_amount__gt=0)
    if customer is not None:
        rows = rows.filter(customer=customer)
    if isinstance(viewer, CustomerViewer):
        rows = rows.filter(customer=viewer.customer, document__in=documents(viewer))
    return rows


def plans_of(viewer: Viewer, customer: Customer | None = None) -> list[PaymentPlan]:
    """Return the open plans that are awaited or running, the oldest first."""
    found = _whole(open_plans(viewer, customer).order_by("id"))
    return [row for row in found if row.state in (PlanState.AWAITING_APPROVAL, PlanState.ACTIVE)]


def outstanding_plans(keys: Iterable[UUID]) -> dict[UUID, PaymentPlan]:
    """Return the plans of open invoices, approved or not, by invoice; the caller has fetched the invoices."""
    rows = PaymentPlan.objects.filter(document__in=list(keys), ended_at=None)
    return {row.document_id: row for row in _whole(rows)}


def ended_plans(keys: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return when the last plan of an invoice was canceled or replaced; the caller has fetched the invoices."""
    rows = PaymentPlan.objects.filter(document__in=list(keys), ended_at__isnull=False).values("document")
    return dict(rows.annotate(at=Max("ended_at")).values_list("document", "at"))


def collected_customers() -> QuerySet[PaymentPlan, UUID]:
    """Return the keys of the customers of all businesses who have approved a plan that collects, as a subquery."""
    rows = PaymentPlan.objects.filter(collects=True, ended_at=None, approval__isnull=False, document__open_amount__gt=0)
    return rows.values_list("customer", flat=True)


def amount_asked(invoice: Document) -> int:
    """Return what an invoice asks for now, in minor units: all that is open, or what its running plan asks for."""
    plan = outstanding_plans([invoice.pk]).get(invoice.pk) if invoice.instalment_due_on else None
    return plan.asked(plan.business.today()) if plan else invoice.open_amount


def plan_keys(invoice: Document) -> list[UUID]:
    """Return the keys of all plans that an invoice ever had; the viewer has fetched the invoice."""
    return list(PaymentPlan.objects.filter(document=invoice).values_list("pk", flat=True))


def collecting_plans(customer: Customer) -> QuerySet[PaymentPlan]:
    """The approved plans that collect by a customer's payment method and have not ended; the viewer has fetched it."""
    return PaymentPlan.objects.filter(_APPROVED, customer=customer, collects=True, ended_at=None)


def collecting(customer: Customer) -> list[PaymentPlan]:
    """Return the running ones of `collecting_plans`."""
    return [row for row in _whole(collecting_plans(customer)) if row.is_collecting]
