"""Collecting money through a provider, with a method that the customer has saved."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from portico.domain.access import queries as access
from portico.domain.access.portal_urls import portal_base
from portico.domain.access.viewer import ApiViewer
from portico.domain.customers.models import Customer
from portico.domain.documents import queries as documents
from portico.domain.documents.kinds import Kind
from portico.domain.documents.plan_queries import amount_asked
from portico.domain.payments import queries
from portico.domain.payments.actions.ask_provider import ask_provider
from portico.domain.payments.actions.start_attempt import AttemptInput, ShareInput, start_attempt
from portico.domain.payments.errors import NotPayable
from portico.domain.payments.models import AttemptPurpose, AttemptState, Method, PaymentAttempt, PaymentMethod
from portico.domain.payments.offered import offer_of
from portico.lib.errors import FieldError, Invalid, NotFound
from portico.lib.ids import uuid7
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.fields import (
    MAX_ALLOCATIONS,
    Amount,
    Currency,
    Input,
    Line,
    OneOf,
    Reference,
    TextParameter,
)
from portico.web.api.v1.idempotency import IDEMPOTENT, begin_once, begun
from portico.web.api.v1.pagination import Filters, page, refuse_unknown

router = Router(tags=["Payment attempts"])

STATES = tuple(AttemptState.values)
PURPOSES = tuple(AttemptPurpose.values)


class AttemptInvoiceIn(Input):
    """How much of an invoice is to be paid."""

    invoice: Annotated[Reference, Field(description="Id, external id or number of the invoice")]
    amount: Annotated[
        Annotated[Amount, Field(gt=0)] | None,
        Field(description="All that is open when left out, or what its payment plan asks for now", examples=[11900]),
    ] = None


class AttemptIn(Input):
    """Money to collect: for invoices, in advance, or both."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"customer": "acme", "invoices": [{"invoice": "INV-0001", "amount": 11900}]}]}
    )

    customer: Annotated[Reference, Field(description="Id or external id of the customer")]
    invoices: Annotated[list[AttemptInvoiceIn], Field(max_length=MAX_ALLOCATIONS)] = []
    advance: Annotated[
        Annotated[Amount, Field(ge=0)], Field(description="Stays as the customer's credit balance", examples=[5000])
    ] = 0
    currency: Annotated[Currency | None, Field(description="Of the invoices, else the customer's, when left out")] = (
        None
    )
    payment_method: Annotated[
        Reference | None, Field(description="Id of a saved method; the customer's default when left out")
    ] = None
    receipt_email: Annotated[Line, Field(max_length=254)] | None = None


class AttemptFilters(Filters):
    """What narrows a list of payment attempts."""

    customer: Annotated[TextParameter, Field(description="Id or external id")] = ""
    status: Annotated[TextParameter, OneOf(STATES)] = ""


class AttemptInvoiceOut(TypedDict):
    """How much of an invoice an attempt is to pay."""

    invoice: str
    number: str
    amount: int


class AttemptOut(TypedDict):
    """An attempt to collect money. `payment` is the payment it made, once `status` is `succeeded`.

    `amount` reaches the customer's account, `fee` is charged on top. A status of `created` or `processing` may still
    change; nothing has to be sent again for that.
    """

    object: Literal["payment_attempt"]
    id: str
    status: Annotated[str, Field(json_schema_extra={"enum": list(STATES)})]
    purpose: Annotated[str, Field(json_schema_extra={"enum": list(PURPOSES)})]
    customer: str
    customer_external_id: str | None
    currency: str
    amount: int
    fee: int
    invoices: list[AttemptInvoiceOut]
    gateway: str
    method: str
    payment_method: str | None
    action_url: str | None
    failure_code: str | None
    failure_message: str | None
    payment: str | None
    created_at: datetime
    finished_at: datetime | None


class AttemptList(TypedDict):
    """One page of payment attempts, newest first."""

    object: Literal["list"]
    data: list[AttemptOut]
    next_cursor: str | None


@router.post("", auth=WRITE, response={201: AttemptOut}, openapi_extra=IDEMPOTENT, summary="Collect a payment")
def create_payment_attempt(request: HttpRequest, body: AttemptIn) -> HttpResponse:
    """Charge a saved method. The answer says how far it came; one that was declined is an answer, too."""
    return collect(request, body)


@router.get("", auth=READ, response={200: AttemptList}, summary="List payment attempts")
def list_payment_attempts(request: HttpRequest, filters: Query[AttemptFilters]) -> HttpResponse:
    """Payment attempts, the newest first, also those of customers on the pay page."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    rows = queries.attempts(viewer).prefetch_related("shares__document")
    if filters.customer:
        rows = rows.filter(customer=access.customer(viewer, filters.customer))
    if filters.status:
        rows = rows.filter(state=filters.status)
    found, cursor = page(rows, filters, viewer=viewer, series="payment_attempts")
    body: AttemptList = {"object": "list", "data": [attempt_out(row) for row in found], "next_cursor": cursor}
    return answer(body)


@router.get("/{str:payment_attempt}", auth=READ, response={200: AttemptOut}, summary="Read a payment attempt")
def read_payment_attempt(request: HttpRequest, payment_attempt: str) -> HttpResponse:
    """One payment attempt, by its id: as far as it is known to have come."""
    return answer(attempt_out(queries.attempt(viewer_of(request), payment_attempt)))


def collect(request: HttpRequest, body: AttemptIn) -> HttpResponse:
    """Commit an attempt once per Idempotency-Key, let its provider collect, and answer what became of it."""
    viewer = viewer_of(request)
    name, replayed = begin_once(request, lambda: _started(viewer, body).public_id)
    attempt = queries.attempt(viewer, name)
    ask_provider(attempt, by=viewer.actor, return_url=portal_base(viewer.business))
    return begun(answer(attempt_out(queries.attempt(viewer, name)), HTTPStatus.CREATED), replayed=replayed)


def _started(viewer: ApiViewer, body: AttemptIn) -> PaymentAttempt:
    customer, shares, method = _named(viewer, body)
    currency = body.currency or (shares[0].invoice.currency if shares else customer.currency)
    currency = currency or viewer.business.currency
    amount = body.advance + sum(share.amount for share in shares)
    data = AttemptInput(
        submission=f"api-{uuid7().hex}",
        currency=currency,
        method=Method(method.kind),
        shares=shares,
        advance=body.advance,
        fee=offer_of(method, currency).fee_on(amount),
        purpose=AttemptPurpose.INVOICES if shares else AttemptPurpose.ADVANCE,
        saved_method=method,
        off_session=True,
        receipt_email=body.receipt_email or "",
    )
    return start_attempt(customer, method.gateway_account, data, by=viewer.actor)


def _named(viewer: ApiViewer, body: AttemptIn) -> tuple[Customer, list[ShareInput], PaymentMethod]:
    """Return what a body names. Raises NotFound or Invalid that points at everything that is not there."""
    wrong: list[FieldError] = []
    customer = _customer(viewer, body.customer, wrong)
    shares = _shares(viewer, body.invoices, wrong)
    method = _method(viewer, customer, body.payment_method, wrong) if customer is not None else None
    if customer is None or wrong:
        raise NotFound(wrong[0].message, fields=wrong)
    settled = [
        FieldError(f"/invoices/{index}/amount", f"{share.invoice.number} asks for no money any more.")
        for index, share in enumerate(shares)
        if share.amount <= 0
    ]
    if settled:
        raise NotPayable(settled[0].message, fields=settled)
    if method is None:
        message = "The customer has no payment method to charge."
        raise Invalid(message, code="payment_method_missing", fields=[FieldError("/payment_method", message)])
    return customer, shares, method


def _customer(viewer: ApiViewer, name: str, wrong: list[FieldError]) -> Customer | None:
    try:
        return access.customer(viewer, name)
    except NotFound as error:
        wrong.append(FieldError("/customer", error.message))
        return None


def _shares(viewer: ApiViewer, named: Sequence[AttemptInvoiceIn], wrong: list[FieldError]) -> list[ShareInput]:
    shares = []
    for index, one in enumerate(named):
        try:
            invoice = documents.document(viewer, one.invoice, Kind.INVOICE)
        except NotFound as error:
            wrong.append(FieldError(f"/invoices/{index}/invoice", error.message))
        else:
            shares.append(ShareInput(invoice, amount_asked(invoice) if one.amount is None else one.amount))
    return shares


def _method(viewer: ApiViewer, customer: Customer, name: str | None, wrong: list[FieldError]) -> PaymentMethod | None:
    if not name:
        return queries.payment_methods(viewer, customer).filter(is_default=True).first()
    try:
        return queries.payment_method(viewer, customer, name)
    except NotFound as error:
        wrong.append(FieldError("/payment_method", error.message))
        return None


def attempt_out(attempt: PaymentAttempt) -> AttemptOut:
    """Return an attempt as it reads."""
    return {
        "object": "payment_attempt",
        "id": attempt.public_id,
        "status": attempt.state,
        "purpose": attempt.purpose,
        "customer": attempt.customer.public_id,
        "customer_external_id": attempt.customer.external_id or None,
        "currency": attempt.currency,
        "amount": attempt.amount,
        "fee": attempt.fee,
        "invoices": [
            {"invoice": share.document.public_id, "number": share.document.number, "amount": share.amount}
            for share in sorted(attempt.shares.all(), key=lambda share: share.id)
        ],
        "gateway": attempt.gateway_account.gateway,
        "method": attempt.method,
        "payment_method": attempt.saved_method.public_id if attempt.saved_method else None,
        "action_url": attempt.action_url or None,
        "failure_code": attempt.failure_code or None,
        "failure_message": attempt.failure_message or None,
        "payment": attempt.payment.public_id if attempt.payment else None,
        "created_at": attempt.created_at,
        "finished_at": attempt.finished_at,
    }
