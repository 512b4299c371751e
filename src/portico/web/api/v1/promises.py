from datetime import date, datetime
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict, Field

from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import document
from portico.domain.payments.actions.promise import PromiseInput, promise, withdraw_promise
from portico.domain.payments.models import PROMISE_METHODS, Method, PaymentPromise
from portico.domain.payments.queries import promise_of
from portico.lib.errors import NotFound
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.fields import Amount, Day, Input, Line, OneOf, Text
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent

router = Router(tags=["Invoices"])

METHODS = tuple(method.value for method in PROMISE_METHODS)


class PromiseIn(Input):
    """What a customer said they will pay of an invoice. It takes the place of an earlier promise."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"amount": 43522, "promised_on": "2026-12-03", "method": "bank_transfer", "reference": "INV-0001"}
            ]
        }
    )

    amount: Annotated[Amount, Field(gt=0)]
    promised_on: Day
    method: Annotated[Text, Field(min_length=1), OneOf(METHODS)] = Method.BANK_TRANSFER.value
    reference: Annotated[Line, Field(max_length=140)] = ""
    note: Annotated[Text, Field(max_length=500)] = ""


class PromiseOut(TypedDict):
    """A promise to pay whose money is awaited. It is no payment."""

    object: Literal["payment_promise"]
    id: str
    invoice: str
    number: str
    amount: int
    currency: str
    promised_on: date
    method: str
    reference: str
    note: str
    created_at: datetime


@router.get("/{path:invoice}/promise", auth=READ, response={200: PromiseOut}, summary="Read a promise to pay")
def read_promise(request: HttpRequest, invoice: str) -> HttpResponse:
    """The promise whose money is awaited; 404 when there is none, such as after the payment."""
    found = document(viewer_of(request), invoice, Kind.INVOICE)
    made = promise_of(found)
    if made is None:
        raise NotFound(f"Nothing is promised for {found.number}.")
    return answer(_out(made, found))


@router.post(
    "/{path:invoice}/promise",
    auth=WRITE,
    response={201: PromiseOut},
    openapi_extra=IDEMPOTENT,
    summary="Note a promise to pay",
)
@idempotent
def make_promise(request: HttpRequest, invoice: str, body: PromiseIn) -> HttpResponse:
    """Note what the customer said, such as on the phone. Both sides see it; no money moves."""
    viewer = viewer_of(request)
    found = document(viewer, invoice, Kind.INVOICE)
    data = PromiseInput(body.amount, body.promised_on, Method(body.method), body.reference, body.note)
    return answer(_out(promise(found, data, by=viewer.actor), found), 201)


@router.delete("/{path:invoice}/promise", auth=WRITE, response={204: None}, summary="Withdraw a promise to pay")
def withdraw(request: HttpRequest, invoice: str) -> HttpResponse:
    """Take back what was promised for an invoice. Again changes nothing."""
    viewer = viewer_of(request)
    withdraw_promise(document(viewer, invoice, Kind.INVOICE), by=viewer.actor)
    return HttpResponse(status=204)


def _out(made: PaymentPromise, invoice: Document) -> PromiseOut:
    return {
        "object": "payment_promise",
        "id": made.public_id,
        "invoice": invoice.public_id,
        "number": invoice.number,
        "amount": made.amount,
        "currency": invoice.currency,
        "promised_on": made.promised_on,
        "method": made.method,
        "reference": made.reference,
        "note": made.note,
        "created_at": made.created_at,
    }
