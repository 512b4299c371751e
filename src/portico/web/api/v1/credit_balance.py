from datetime import date, datetime
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from portico.domain.access import queries as access
from portico.domain.payments import queries
from portico.domain.payments.actions.adjust_credit import AdjustmentInput, adjust_credit
from portico.domain.payments.models import CreditAdjustment
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.fields import Amount, Currency, Day, Input, Said
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.pagination import Filters, page, refuse_unknown

router = Router(tags=["Credit balance"])


class AdjustmentIn(Input):
    """A change of a customer's credit balance."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"amount": 5000, "currency": "EUR", "reason": "Goodwill for the late delivery"}]
        }
    )

    amount: Annotated[Amount, Field(description="What the customer gets, in minor units; below zero takes it away")]
    currency: Currency
    reason: Annotated[Said, Field(max_length=255)]
    adjusted_on: Annotated[Day | None, Field(description="Today when left out; not in the future")] = None


class BalanceOut(TypedDict):
    """What of a customer's money in one currency is not used yet, in minor units."""

    currency: str
    amount: int


class CreditBalanceOut(TypedDict):
    """A customer's credit balance, by currency: payments not applied yet and adjustments. Credit notes are apart."""

    object: Literal["credit_balance"]
    customer: str
    customer_external_id: str | None
    balances: list[BalanceOut]


class AdjustmentOut(TypedDict):
    """A change of a credit balance. `unapplied` is what of it is left to be used."""

    object: Literal["credit_adjustment"]
    id: str
    number: str
    customer: str
    customer_external_id: str | None
    amount: int
    currency: str
    reason: str
    adjusted_on: date
    unapplied: int
    created_at: datetime


class AdjustmentList(TypedDict):
    """One page of adjustments, newest first."""

    object: Literal["list"]
    data: list[AdjustmentOut]
    next_cursor: str | None


@router.get(
    "/{path:customer}/credit_balance",
    auth=READ,
    response={200: CreditBalanceOut},
    summary="Read a customer's credit balance",
)
def read_credit_balance(request: HttpRequest, customer: str) -> HttpResponse:
    """What of a customer's money is not used yet, by currency."""
    viewer = viewer_of(request)
    owner = access.customer(viewer, customer)
    balances = queries.credit_balances(owner, viewer.business.today())
    body: CreditBalanceOut = {
        "object": "credit_balance",
        "customer": owner.public_id,
        "customer_external_id": owner.external_id or None,
        "balances": [{"currency": currency, "amount": amount} for currency, amount in sorted(balances.items())],
    }
    return answer(body)


@router.post(
    "/{path:customer}/credit_balance/adjustments",
    auth=WRITE,
    response={201: AdjustmentOut},
    openapi_extra=IDEMPOTENT,
    summary="Adjust a credit balance",
)
@idempotent
def adjust_credit_balance(request: HttpRequest, customer: str, body: AdjustmentIn) -> HttpResponse:
    """Give a customer credit, or take some of the credit balance away; no more than there is."""
    viewer = viewer_of(request)
    data = AdjustmentInput(body.amount, body.currency, body.reason, body.adjusted_on)
    adjustment = adjust_credit(access.customer(viewer, customer), data, by=viewer.actor)
    return answer(adjustment_out(adjustment), 201)


@router.get(
    "/{path:customer}/credit_balance/adjustments",
    auth=READ,
    response={200: AdjustmentList},
    summary="List the adjustments of a credit balance",
)
def list_adjustments(request: HttpRequest, customer: str, filters: Query[Filters]) -> HttpResponse:
    """How a customer's credit balance was changed, the newest first."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    rows = queries.credit_adjustments(viewer, access.customer(viewer, customer))
    found, cursor = page(rows, filters, viewer=viewer, series="credit_adjustments", day="adjusted_on")
    body: AdjustmentList = {"object": "list", "data": [adjustment_out(row) for row in found], "next_cursor": cursor}
    return answer(body)


def adjustment_out(adjustment: CreditAdjustment) -> AdjustmentOut:
    """Return an adjustment as it reads."""
    return {
        "object": "credit_adjustment",
        "id": adjustment.public_id,
        "number": adjustment.number,
        "customer": adjustment.customer.public_id,
        "customer_external_id": adjustment.customer.external_id or None,
        "amount": adjustment.amount,
        "currency": adjustment.currency,
        "reason": adjustment.reason,
        "adjusted_on": adjustment.adjusted_on,
        "unapplied": max(0, -adjustment.item.open),
        "created_at": adjustment.created_at,
    }
