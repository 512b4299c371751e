from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from portico.domain.access import queries as access
from portico.domain.access.viewer import ApiViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document, Kind, WriteOffKind
from portico.domain.documents.queries import document
from portico.domain.ledger.queries import Applied, applied
from portico.domain.payments import queries
from portico.domain.payments.actions.record_payment import Difference, PaymentInput, record_payment
from portico.domain.payments.actions.void_payment import void_payment as void
from portico.domain.payments.early import first_expected_day
from portico.domain.payments.models import Dispute, DisputeState, Method, Payment, State
from portico.lib.errors import FieldError, NotFound
from portico.lib.ids import public_id
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.document_links import LinksOut, receipt_links_of
from portico.web.api.v1.documents import AllocationIn, AllocationOut, allocations_out, customer_named, shares_named
from portico.web.api.v1.fields import (
    MAX_ALLOCATIONS,
    Amount,
    Currency,
    Day,
    DayParameter,
    Flag,
    Input,
    Label,
    OneOf,
    Passage,
    Reference,
    Text,
    TextParameter,
    VoidIn,
)
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.pagination import Filters, page, refuse_unknown
from portico.web.api.v1.warnings import WarnedOut

router = Router(tags=["Payments"])

METHODS = tuple(Method.values)
STATES = tuple(State.values)
DISPUTE_STATES = tuple(DisputeState.values)
REASONS = (WriteOffKind.DIFFERENCE.value, WriteOffKind.BANK_FEE.value)


class WriteOffIn(AllocationIn):
    """What an invoice's payment came in short by, and why."""

    reason: Annotated[Text, Field(min_length=1), OneOf(REASONS)] = "difference"


class PaymentIn(Input):
    """A payment that was received outside Portico. What is not allocated becomes the customer's credit."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "customer": "acme",
                    "amount": 43522,
                    "currency": "EUR",
                    "paid_on": "2026-11-21",
                    "method": "bank_transfer",
                    "reference": "INV-0001 ACME",
                    "allocations": [{"invoice": "INV-0001", "amount": 43522}],
                }
            ]
        }
    )

    customer: Annotated[Reference, Field(description="Id or external id of the customer")]
    amount: Annotated[Amount, Field(gt=0)]
    currency: Currency
    paid_on: Day
    method: Annotated[Text, Field(min_length=1), OneOf(METHODS)]
    reference: Reference | None = None
    external_id: Annotated[
        Annotated[Label, Field(max_length=255)] | None, Field(description="Your own id; unique among payments")
    ] = None
    note: Passage | None = None
    estimate: Annotated[
        Reference | None, Field(description="The estimate whose deposit it is; applied once that becomes an invoice")
    ] = None
    allocations: Annotated[list[AllocationIn], Field(max_length=MAX_ALLOCATIONS)] = []
    write_offs: Annotated[
        list[WriteOffIn],
        Field(max_length=MAX_ALLOCATIONS, description="Small differences to write off the invoices in the same step"),
    ] = []


class PaymentFilters(Filters):
    """What narrows a list of payments."""

    customer: Annotated[TextParameter, Field(description="Id or external id")] = ""
    status: Annotated[TextParameter, OneOf(STATES)] = ""
    number: TextParameter = ""
    external_id: TextParameter = ""
    currency: TextParameter = ""
    paid_from: DayParameter = None
    paid_to: DayParameter = None


class DisputeOut(TypedDict):
    """A customer's objection, at the bank, to a payment. `taken` is what the bank has taken back."""

    id: str
    status: Annotated[str, Field(json_schema_extra={"enum": list(DISPUTE_STATES)})]
    amount: int
    taken: int
    opened_on: date
    closed_on: date | None


class PaymentOut(TypedDict):
    """A payment. Amounts are minor units of `currency`; `unapplied` is the customer's to use.

    `fee` was charged on top; `disputed` is what banks have taken back. `payment_attempt` is what collected it.
    """

    object: Literal["payment"]
    id: str
    number: str
    external_id: str | None
    status: Annotated[str, Field(json_schema_extra={"enum": list(STATES)})]
    customer: str
    customer_external_id: str | None
    amount: int
    currency: str
    paid_on: date
    voided_on: date | None
    method: Annotated[str, Field(json_schema_extra={"enum": list(METHODS)})]
    reference: str | None
    note: str | None
    unapplied: int
    refunded: int
    disputed: int
    disputes: list[DisputeOut]
    fee: int
    payment_attempt: str | None
    estimate: str | None
    allocations: list[AllocationOut]
    created_at: datetime


class LinkedPaymentOut(PaymentOut, LinksOut):
    """A payment with its links: its page and its receipt."""


class RecordedPaymentOut(LinkedPaymentOut, WarnedOut):
    """A payment that was just recorded."""


class PaymentVoidIn(VoidIn):
    """Why a payment is voided."""

    slip: Annotated[
        Flag,
        Field(description="It never was (typed twice, a wrong day): undone on its own day, or the first open one"),
    ] = False


class PaymentList(TypedDict):
    """One page of payments, newest first."""

    object: Literal["list"]
    data: list[PaymentOut]
    next_cursor: str | None


@router.post("", auth=WRITE, response={201: RecordedPaymentOut}, openapi_extra=IDEMPOTENT, summary="Record a payment")
@idempotent
def create_payment(request: HttpRequest, body: PaymentIn) -> HttpResponse:
    """Record money that was received, and put it against invoices, all or nothing."""
    viewer = viewer_of(request)
    customer = customer_named(viewer, body.customer)
    data = PaymentInput(
        amount=body.amount,
        currency=body.currency,
        paid_on=body.paid_on,
        method=Method(body.method),
        shares=shares_named(viewer, body.allocations),
        reference=body.reference or "",
        external_id=body.external_id or "",
        note=body.note or "",
        differences=_differences(viewer, body.write_offs),
        deposit_of=_estimate(viewer, body.estimate) if body.estimate else None,
    )
    recorded = linked_payment_out(record_payment(customer, data, by=viewer.actor), viewer)
    body_out: RecordedPaymentOut = {**recorded, "warnings": _warnings(customer, body.paid_on)}
    return answer(body_out, 201)


def _warnings(customer: Customer, paid_on: date) -> list[str]:
    first = first_expected_day(customer)
    if paid_on >= first:
        return []
    return [f"The day is before {first.isoformat()}, the first on which money of this customer is expected."]


@router.get("", auth=READ, response={200: PaymentList}, summary="List payments")
def list_payments(request: HttpRequest, filters: Query[PaymentFilters]) -> HttpResponse:
    """Payments by the day they were received, the newest first."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    rows = queries.payments(viewer).select_related("customer", "item", "attempt").prefetch_related("disputes")
    if filters.customer:
        rows = rows.filter(customer=access.customer(viewer, filters.customer))
    wanted = {
        "state": filters.status,
        "number": filters.number,
        "external_id": filters.external_id,
        "currency": filters.currency,
        "paid_on__gte": filters.paid_from,
        "paid_on__lte": filters.paid_to,
    }
    rows = rows.filter(**{column: value for column, value in wanted.items() if value})
    found, cursor = page(rows, filters, viewer=viewer, series="payments", day="paid_on")
    used = applied([row.item_id for row in found])
    body: PaymentList = {
        "object": "list",
        "data": [payment_out(row, used.get(row.item_id, ())) for row in found],
        "next_cursor": cursor,
    }
    return answer(body)


@router.post(
    "/{path:payment}/void",
    auth=WRITE,
    response={200: LinkedPaymentOut},
    openapi_extra=IDEMPOTENT,
    summary="Void a payment",
)
@idempotent
def void_payment(request: HttpRequest, payment: str, body: PaymentVoidIn | None = None) -> HttpResponse:
    """Take a payment back from today on, or from its own day. What it paid is owed again. Again changes nothing."""
    viewer, asked = viewer_of(request), body or PaymentVoidIn()
    found = queries.payment(viewer, payment)
    voided = void(found, by=viewer.actor, reason=asked.reason or "", is_slip=asked.slip)
    return answer(linked_payment_out(queries.payment(viewer, voided.public_id), viewer))


@router.get("/{path:payment}", auth=READ, response={200: LinkedPaymentOut}, summary="Read a payment")
def read_payment(request: HttpRequest, payment: str) -> HttpResponse:
    """One payment, by its id, external id or receipt number."""
    viewer = viewer_of(request)
    return answer(linked_payment_out(queries.payment(viewer, payment), viewer))


def _differences(viewer: ApiViewer, rows: Sequence[WriteOffIn]) -> list[Difference]:
    shares = shares_named(viewer, rows, "/write_offs")
    return [
        Difference(share.invoice, share.amount, WriteOffKind(row.reason))
        for share, row in zip(shares, rows, strict=True)
    ]


def _estimate(viewer: ApiViewer, name: str) -> Document:
    """Return the estimate a body names. Raises NotFound that points at the field."""
    try:
        return document(viewer, name, Kind.ESTIMATE)
    except NotFound as error:
        error.fields = (FieldError("/estimate", error.message),)
        raise


def payment_out(payment: Payment, used: Sequence[Applied]) -> PaymentOut:
    """Return a payment as it reads; `used` is what it stands against."""
    return {
        "object": "payment",
        "id": payment.public_id,
        "number": payment.number,
        "external_id": payment.external_id or None,
        "status": payment.state,
        "customer": payment.customer.public_id,
        "customer_external_id": payment.customer.external_id or None,
        "amount": payment.amount,
        "currency": payment.currency,
        "paid_on": payment.paid_on,
        "voided_on": payment.voided_on,
        "method": payment.method,
        "reference": payment.reference or None,
        "note": payment.note or None,
        "unapplied": payment.unapplied,
        "refunded": payment.refunded,
        "disputed": payment.disputed,
        "disputes": [_dispute_out(row) for row in payment.disputes.all()],
        "fee": payment.fee,
        "payment_attempt": payment.attempt.public_id if hasattr(payment, "attempt") else None,
        "estimate": public_id("estimate", payment.deposit_of_id) if payment.deposit_of_id else None,
        "allocations": allocations_out(used),
        "created_at": payment.created_at,
    }


def _dispute_out(dispute: Dispute) -> DisputeOut:
    return {
        "id": dispute.public_id,
        "status": dispute.state,
        "amount": dispute.amount,
        "taken": dispute.taken,
        "opened_on": dispute.opened_on,
        "closed_on": dispute.closed_on,
    }


def linked_payment_out(payment: Payment, viewer: ApiViewer) -> LinkedPaymentOut:
    """Return a payment as it reads, with its links."""
    used = applied([payment.item_id]).get(payment.item_id, ())
    return {**payment_out(payment, used), **receipt_links_of(payment, viewer)}
