"""What invoices and credit notes have in common: how they are written and how they read."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypedDict
from uuid import UUID

from django.db.models import QuerySet
from pydantic import Field

from portico.domain.access import queries as access
from portico.domain.access.viewer import ApiViewer
from portico.domain.customers.models import Customer
from portico.domain.documents import queries
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.models import Document, Kind, Lifecycle, Line, Status
from portico.domain.ledger.queries import Applied
from portico.lib.errors import FieldError, NotFound
from portico.lib.ids import public_id
from portico.web.api.v1.customers import CustomerOut
from portico.web.api.v1.document_parts import (
    PartsOut,
    parts_out,
)
from portico.web.api.v1.expansions import EXPANSIONS, ExpandedOut
from portico.web.api.v1.fields import (
    Amount,
    DayParameter,
    Input,
    MomentParameter,
    OneOf,
    Reference,
    SomeOf,
    TextParameter,
)
from portico.web.api.v1.line_parts import LinePartsOut, line_parts_out
from portico.web.api.v1.pagination import Filters

INVOICE_STATUSES = ("draft", "issued", "viewed", "partially_paid", "past_due", "paid", "written_off", "voided")
CREDIT_NOTE_STATUSES = ("draft", "open", "used", "voided")
ESTIMATE_STATUSES = ("draft", "issued", "viewed", "approved", "declined", "expired", "invoiced", "voided")

SORTS = tuple(f"{sign}{name}" for name in ("issued_on", "due_on", "created_at", "updated_at") for sign in ("", "-"))
SALES_ORDER_STATUSES = ("draft", "issued", "viewed", "invoiced", "voided")


class AllocationIn(Input):
    """How much of a credit goes to which invoice."""

    invoice: Annotated[Reference, Field(description="Id, external id or number of the invoice")]
    amount: Annotated[Amount, Field(gt=0, examples=[43522])]


class DocumentFilters(Filters):
    """What narrows a list of documents."""

    customer: Annotated[TextParameter, Field(description="Id or external id")] = ""
    number: TextParameter = ""
    external_id: TextParameter = ""
    currency: TextParameter = ""
    issued_from: DayParameter = None
    issued_to: DayParameter = None
    due_from: DayParameter = None
    due_to: DayParameter = None
    created_from: Annotated[MomentParameter, Field(description="Written since this instant")] = None
    updated_from: Annotated[MomentParameter, Field(description="Written, changed, paid or seen since then")] = None
    sort: Annotated[TextParameter, OneOf(SORTS), Field(description="By what, backwards with `-`")] = ""
    expand: Annotated[TextParameter, SomeOf(EXPANSIONS), Field(description="What comes along, parted by commas")] = ""
    needs_attention: Annotated[bool | None, Field(description="Only those whose customer awaits an answer, or not")] = (
        None
    )


class InvoiceFilters(DocumentFilters):
    """What narrows a list of invoices."""

    status: Annotated[TextParameter, SomeOf(INVOICE_STATUSES)] = ""


class EstimateFilters(DocumentFilters):
    """What narrows a list of estimates."""

    status: Annotated[TextParameter, SomeOf(ESTIMATE_STATUSES)] = ""


class CreditNoteFilters(DocumentFilters):
    """What narrows a list of credit notes."""

    status: Annotated[TextParameter, SomeOf(CREDIT_NOTE_STATUSES)] = ""


class SalesOrderFilters(DocumentFilters):
    """What narrows a list of sales orders."""

    status: Annotated[TextParameter, SomeOf(SALES_ORDER_STATUSES)] = ""


class LineOut(LinePartsOut):
    """A line. Amounts are minor units: `amount` is after its discount, and `tax` is on that."""

    description: str
    details: str | None
    item_number: str | None
    quantity: str
    unit: str | None
    unit_price: str
    base_quantity: Annotated[str, Field(description="The quantity that `unit_price` is for")]
    discount: int
    amount: int
    tax_rate: str | None
    tax: int
    tax_category: str | None
    tax_exemption_reason: str | None
    tax_exemption_code: str | None
    period_start: date | None
    period_end: date | None


class TaxOut(TypedDict):
    """What is taxed at one rate in one category, and the tax, in minor units; or why nothing is taxed."""

    rate: str | None
    category: str | None
    reason: str | None
    reason_code: str | None
    taxable: int
    tax: int


class DocumentOut(PartsOut, ExpandedOut):
    """A document. Amounts are minor units of `currency`.

    `total = subtotal - discount + charges + tax`, the tax left out when prices include it; `payable` is the total less
    what was prepaid, and `amount_due` what is still open of it.
    """

    id: str
    number: str | None
    external_id: str | None
    customer: Annotated[str | CustomerOut, Field(description="Its id; with `expand=customer` the customer itself")]
    customer_external_id: str | None
    issued_on: date
    due_on: date | None
    voided_on: date | None
    currency: str
    prices_include_tax: bool
    subtotal: int
    discount: int
    charges: int
    tax: int
    total: int
    prepaid: int
    rounding: int
    payable: int
    amount_due: int
    taxes: list[TaxOut]
    title: str | None
    notes: str | None
    terms: str | None
    purchase_order: str | None
    buyer_reference: str | None
    needs_attention: Annotated[bool, Field(description="Whether its customer awaits an answer")]
    lines: list[LineOut]
    created_at: datetime
    updated_at: datetime


class AllocationOut(TypedDict):
    """How much of a credit stands against an invoice, and since which day."""

    invoice: str
    number: str
    amount: int
    date: date


def customer_named(viewer: ApiViewer, name: str) -> Customer:
    """Return the customer a body names. Raises NotFound that points at the field."""
    try:
        return access.customer(viewer, name)
    except NotFound as error:
        error.fields = (FieldError("/customer", error.message),)
        raise


def shares_named(viewer: ApiViewer, allocations: Sequence[AllocationIn], place: str = "/allocations") -> list[Share]:
    """Return the invoices that allocations name, with their amounts. Raises NotFound that points at each not there."""
    shares, wrong = [], []
    for index, allocation in enumerate(allocations):
        try:
            shares.append(Share(queries.document(viewer, allocation.invoice, Kind.INVOICE), allocation.amount))
        except NotFound as error:
            wrong.append(FieldError(f"{place}/{index}/invoice", error.message))
    if wrong:
        raise NotFound(wrong[0].message, fields=wrong)
    return shares


def documents_of(
    viewer: ApiViewer, kind: Kind, filters: InvoiceFilters | CreditNoteFilters | EstimateFilters | SalesOrderFilters
) -> QuerySet[Document]:
    """Return the documents of a kind that filters leave, with what a page of them needs in two queries."""
    rows = queries.documents(viewer).filter(kind=kind)
    if filters.customer:
        rows = rows.filter(customer=access.customer(viewer, filters.customer))
    if filters.needs_attention is not None:
        rows = rows.filter(needs_attention=filters.needs_attention)
    if filters.status:
        states = [Status(word) for word in filters.status.split(",")]
        rows = queries.of_statuses(rows, states, viewer.business.today())
    wanted = {
        "number": filters.number,
        "external_id": filters.external_id,
        "currency": filters.currency,
        "issued_on__gte": filters.issued_from,
        "issued_on__lte": filters.issued_to,
        "due_on__gte": filters.due_from,
        "due_on__lte": filters.due_to,
        "created_at__gte": filters.created_from,
        "updated_at__gte": filters.updated_from,
    }
    rows = rows.filter(**{column: value for column, value in wanted.items() if value})
    rows = rows.select_related("customer").prefetch_related("lines")
    if "customer" in filters.expand.split(","):
        rows = rows.prefetch_related("customer__addresses", "customer__contacts")
    return rows


def document_out(document: Document, lines: Sequence[Line] | None = None) -> DocumentOut:
    """Return a document as it reads; its customer and lines are fetched by the caller, or the lines given."""
    is_draft = document.lifecycle == Lifecycle.DRAFT
    return {
        "id": document.public_id,
        "number": document.number or None,
        "external_id": document.external_id or None,
        "customer": document.customer.public_id,
        "customer_external_id": document.customer.external_id or None,
        "issued_on": document.issued_on,
        "due_on": document.due_on,
        "voided_on": document.voided_on,
        "currency": document.currency,
        "prices_include_tax": document.prices_include_tax,
        "subtotal": document.subtotal,
        "discount": document.discount_total,
        "charges": document.charge_total,
        "tax": document.tax_total,
        "total": document.total,
        "prepaid": document.prepaid,
        "rounding": document.rounding,
        "payable": document.payable,
        "amount_due": document.payable if is_draft else document.open_amount,
        "taxes": [_tax_out(share) for share in document.breakdown],
        "title": document.title or None,
        "notes": document.notes or None,
        "terms": document.terms or None,
        "purchase_order": document.purchase_order or None,
        "buyer_reference": document.buyer_reference or None,
        "needs_attention": document.needs_attention,
        "lines": [_line_out(line) for line in (document.lines.all() if lines is None else lines)],
        "created_at": document.created_at,
        "updated_at": document.updated_at,
        **parts_out(document),  # type: ignore[typeddict-item]  # what comes along by `expand` is put there later
    }


def _tax_out(share: dict[str, Any]) -> TaxOut:
    return {
        "rate": share.get("rate"),
        "category": share.get("category") or None,
        "reason": share.get("reason") or None,
        "reason_code": share.get("reason_code") or None,
        "taxable": share["taxable"],
        "tax": share["tax"],
    }


def _line_out(line: Line) -> LineOut:
    return {
        "description": line.description,
        "details": line.details or None,
        "item_number": line.item_number or None,
        "quantity": decimal_text(line.quantity),
        "unit": line.unit or None,
        "unit_price": decimal_text(line.unit_price),
        "base_quantity": decimal_text(line.base_quantity),
        "discount": line.discount,
        "amount": line.amount,
        "tax_rate": None if line.tax_rate is None else decimal_text(line.tax_rate),
        "tax": line.tax,
        "tax_category": line.tax_category or None,
        "tax_exemption_reason": line.exemption_reason or None,
        "tax_exemption_code": line.exemption_code or None,
        "period_start": line.period_start,
        "period_end": line.period_end,
        **line_parts_out(line),
    }


def decimal_text(value: Decimal) -> str:
    """Return a decimal as it is sent: plain, without an exponent."""
    return f"{value:f}"


def allocations_out(applied: Iterable[Applied]) -> list[AllocationOut]:
    """Return what a credit stands against, as it reads; refunds are no allocations."""
    return [
        {"invoice": _invoice_id(one.debit_id), "number": one.number, "amount": one.amount, "date": one.day}
        for one in applied
        # kinds: credits are allocated to invoices only
        if one.kind == Kind.INVOICE
    ]


def _invoice_id(key: UUID) -> str:
    return public_id(Kind.INVOICE, key)
