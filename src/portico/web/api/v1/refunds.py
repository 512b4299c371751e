from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict, Field

from portico.domain.access.viewer import ApiViewer
from portico.domain.payments import queries
from portico.domain.payments.actions.ask_refund import ask_refund
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.start_refund import start_refund
from portico.domain.payments.models import Payment, Refund, RefundState
from portico.lib.errors import FieldError, Invalid
from portico.lib.ids import uuid7
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.fields import Amount, Day, Flag, Input, Reference
from portico.web.api.v1.idempotency import IDEMPOTENT, begin_once, begun

router = Router(tags=["Payments"])

STATES = tuple(RefundState.values)


class RefundIn(Input):
    """Money to give back of a payment."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"amount": 5000, "reason": "Returned goods"}]})

    amount: Annotated[
        Annotated[Amount, Field(gt=0)] | None, Field(description="All that is left of it when left out")
    ] = None
    reason: Reference | None = None
    by_hand: Annotated[
        Flag, Field(description="You have given the money back yourself: it is noted, and no provider is asked")
    ] = False
    refunded_on: Annotated[Day | None, Field(description="With `by_hand`: the day you did; today when left out")] = None


class RefundOut(TypedDict):
    """Money given back. It counts once `status` is `succeeded`; `created` and `processing` may still change."""

    object: Literal["refund"]
    id: str
    payment: str
    status: Annotated[str, Field(json_schema_extra={"enum": list(STATES)})]
    amount: int
    currency: str
    by_hand: bool
    refunded_on: date
    reason: str | None
    failure_message: str | None
    created_at: datetime


class RefundList(TypedDict):
    """The refunds of a payment, in the order they were asked for."""

    object: Literal["list"]
    data: list[RefundOut]


@router.post(
    "/{path:payment}/refunds",
    auth=WRITE,
    response={201: RefundOut},
    openapi_extra=IDEMPOTENT,
    summary="Refund a payment",
)
def create_refund(request: HttpRequest, payment: str, body: RefundIn | None = None) -> HttpResponse:
    """Give a payment back, whole or in part, through the provider that collected it, or note that you did by hand."""
    viewer, data = viewer_of(request), body or RefundIn()
    found = queries.payment(viewer, payment)
    name, replayed = begin_once(request, lambda: _started(viewer, found, data).public_id)
    given = ask_refund(queries.refund(viewer, name), by=viewer.actor)
    return begun(answer(refund_out(given), HTTPStatus.CREATED), replayed=replayed)


@router.get(
    "/{path:payment}/refunds",
    auth=READ,
    response={200: RefundList},
    summary="List the refunds of a payment",
)
def list_refunds(request: HttpRequest, payment: str) -> HttpResponse:
    """What was given back of a payment, or is about to be."""
    found = queries.payment(viewer_of(request), payment)
    body: RefundList = {"object": "list", "data": [refund_out(row) for row in queries.refunds_of(found)]}
    return answer(body)


def _started(viewer: ApiViewer, payment: Payment, data: RefundIn) -> Refund:
    amount = payment.kept if data.amount is None else data.amount
    submission, reason = f"api-{uuid7().hex}", data.reason or ""
    if data.by_hand:
        return refund(payment, amount, by=viewer.actor, on=data.refunded_on, reason=reason, submission=submission)
    if data.refunded_on is not None:
        message = "Only a refund by hand has a day of its own."
        raise Invalid(message, fields=[FieldError("/refunded_on", message)])
    return start_refund(payment, amount, by=viewer.actor, reason=reason, submission=submission)


def refund_out(given: Refund) -> RefundOut:
    """Return a refund as it reads."""
    return {
        "object": "refund",
        "id": given.public_id,
        "payment": given.payment.public_id,
        "status": given.state,
        "amount": given.amount,
        "currency": given.payment.currency,
        "by_hand": given.gateway_account is None,
        "refunded_on": given.refunded_on,
        "reason": given.reason or None,
        "failure_message": given.failure_message or None,
        "created_at": given.created_at,
    }
