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
from portico.domain.documents.actions.create import DocumentInput
from portico.domain.documents.models import Document, Kind, Lifecycle, Line, Status
from portico.domain.documents.totals import LineInput
from portico.domain.ledger.queries import Applied
from portico.lib.errors import FieldError, NotFound
from portico.lib.ids import public_id
from portico.web.api.v1.fields import (
    MAX_LINES,
    Amount,
    Currency,
    Day,
    DayParameter,
    DecimalText,
    DiscountField,
    Flag,
    Input,
    Label,
    Name,
    OneOf,
    Passage,
    Percent,
    Reference,
    Said,
    Text,
    TextParameter,
)
from portico.web.api.v1.pagination import Filters

INVOICE_STATUSES = ("draft", "issued", "viewed", "partially_paid", "past_due", "paid", "written_off", "voided")
CREDIT_NOTE_STATUSES = ("draft", "open", "used", "voided")
ESTIMATE_STATUSES = ("draft", "issued", "viewed", "approved", "declined", "expired", "invoiced", "voided")


class LineIn(Input):
    """A line of a document. `amount = quantity × unit_price`, rounded, less the discount."""

    description: Annotated[Said, Field(max_length=5000)]
    quantity: Annotated[DecimalText, Field(examples=["8"])]
    unit_price: Annotated[DecimalText, Field(description="In major units of the currency", examples=["51.50"])]
    discount: DiscountField | None = None
    tax_rate: Annotated[Percent | None, Field(description="In percent: 19.5 % is 19.5", examples=["19.5"])] = None
    details: Passage | None = None
    item_number: Annotated[Text, Field(max_length=120)] | None = None
    unit: Annotated[Text, Field(max_length=20)] | None = None


class AllocationIn(Input):
    """How much of a credit goes to which invoice."""

    invoice: Annotated[Reference, Field(description="Id, external id or number of the invoice")]
    amount: Annotated[Amount, Field(gt=0, examples=[43522])]


class DocumentIn(Input):
    """A document as a program writes it."""

    customer: Annotated[Reference, Field(description="Id or external id of the customer", examples=["acme"])]
    number: Annotated[
        Annotated[Label, Field(max_length=100)] | None, Field(description="Given by Portico when left out")
    ] = None
    external_id: Annotated[
        Annotated[Label, Field(max_length=255)] | None, Field(description="Your own id; unique among its kind")
    ] = None
    issued_on: Day
    currency: Currency
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=MAX_LINES)]
    discount: Annotated[DiscountField | None, Field(description="Off what the lines leave")] = None
    tax_rate: Annotated[Percent | None, Field(description="On what the document's discount leaves")] = None
    prices_include_tax: Flag = False
    title: Name | None = None
    notes: Passage | None = None
    terms: Passage | None = None
    purchase_order: Reference | None = None
    buyer_reference: Reference | None = None
    draft: Annotated[Flag, Field(description="A draft has no number, shows to nobody and owes nothing")] = False


class DocumentFilters(Filters):
    """What narrows a list of documents."""

    customer: Annotated[TextParameter, Field(description="Id or external id")] = ""
    number: TextParameter = ""
    external_id: TextParameter = ""
    currency: TextParameter = ""
    issued_from: DayParameter = None
    issued_to: DayParameter = None
    needs_attention: Annotated[bool | None, Field(description="Only those whose customer awaits an answer, or not")] = (
        None
    )


class InvoiceFilters(DocumentFilters):
    """What narrows a list of invoices."""

    status: Annotated[TextParameter, OneOf(INVOICE_STATUSES)] = ""


class EstimateFilters(DocumentFilters):
    """What narrows a list of estimates."""

    status: Annotated[TextParameter, OneOf(ESTIMATE_STATUSES)] = ""


class CreditNoteFilters(DocumentFilters):
    """What narrows a list of credit notes."""

    status: Annotated[TextParameter, OneOf(CREDIT_NOTE_STATUSES)] = ""


class LineOut(TypedDict):
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


class TaxOut(TypedDict):
    """What is taxed at one rate, and the tax, in minor units."""

    rate: str | None
    category: str | None
    taxable: int
    tax: int


class DocumentOut(TypedDict):
    """A document. Amounts are minor units of `currency`.

    `total = subtotal - discount + charges + tax`, the tax left out when prices include it; `payable` is the total less
    what was prepaid, and `amount_due` what is still open of it.
    """

    id: str
    number: str | None
    external_id: str | None
    customer: str
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


def document_input(kind: Kind, body: DocumentIn, due_on: date | None = None) -> DocumentInput:
    """Return what the domain needs of a body."""
    return DocumentInput(
        kind=kind,
        currency=body.currency,
        issued_on=body.issued_on,
        due_on=due_on,
        lines=[_line_input(line) for line in body.lines],
        number=body.number or "",
        external_id=body.external_id or "",
        title=body.title or "",
        notes=body.notes or "",
        terms=body.terms or "",
        buyer_reference=body.buyer_reference or "",
        purchase_order=body.purchase_order or "",
        discount=body.discount,
        tax_rate=body.tax_rate,
        prices_include_tax=body.prices_include_tax,
        draft=body.draft,
        source="api",
    )


def _line_input(line: LineIn) -> LineInput:
    return LineInput(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        tax_rate=line.tax_rate,
        details=line.details or "",
        unit=line.unit or "",
        item_number=line.item_number or "",
    )


def documents_of(
    viewer: ApiViewer, kind: Kind, filters: InvoiceFilters | CreditNoteFilters | EstimateFilters
) -> QuerySet[Document]:
    """Return the documents of a kind that filters leave, with what a page of them needs in two queries."""
    rows = queries.documents(viewer).filter(kind=kind)
    if filters.customer:
        rows = rows.filter(customer=access.customer(viewer, filters.customer))
    if filters.needs_attention is not None:
        rows = rows.filter(needs_attention=filters.needs_attention)
    if filters.status:
        rows = queries.of_status(rows, Status(filters.status), viewer.business.today())
    wanted = {
        "number": filters.number,
        "external_id": filters.external_id,
        "currency": filters.currency,
        "issued_on__gte": filters.issued_from,
        "issued_on__lte": filters.issued_to,
    }
    rows = rows.filter(**{column: value for column, value in wanted.items() if value})
    return rows.select_related("customer").prefetch_related("lines")


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
    }


def _tax_out(share: dict[str, Any]) -> TaxOut:
    return {
        "rate": share.get("rate"),
        "category": share.get("category") or None,
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
