from datetime import date, datetime
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict, Field

from portico.domain.access import queries as access
from portico.domain.customers.models import Customer
from portico.domain.payments.actions.autopay import change_delay, enrol, leave
from portico.domain.payments.autopay import (
    LeftAlone,
    autopay_of,
    collections,
    collector_of,
    default_method,
    delay_of,
    left_alone,
)
from portico.domain.payments.models.autopay import MOST_DELAY_DAYS
from portico.lib.clock import local_date
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.fields import Input

router = Router(tags=["AutoPay"])


class AutoPayIn(Input):
    """How a customer's invoices are collected."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"delay_days": 7}]})

    delay_days: Annotated[
        Annotated[int, Field(strict=True, ge=0, le=MOST_DELAY_DAYS)] | None,
        Field(description="How many days its invoices wait; null for as many as the business says"),
    ] = None


class CollectionOut(TypedDict):
    """An open invoice that AutoPay collects, and when it is tried next; null once it is given up."""

    invoice: str
    number: str
    amount: Annotated[int, Field(description="What is charged, in minor units, with the fee")]
    currency: str
    collected_on: date | None
    failures: int


class LeftAloneOut(TypedDict):
    """An open invoice that AutoPay leaves to the customer: money of it was refunded, or a payment of it disputed."""

    invoice: str
    number: str
    reason: Annotated[str, Field(json_schema_extra={"enum": list(LeftAlone)})]


class AutoPayOut(TypedDict):
    """Whether a customer's invoices are collected by themselves, by what, and which are next."""

    object: Literal["autopay"]
    customer: str
    customer_external_id: str | None
    enabled: bool
    enrolled_at: datetime | None
    delay_days: Annotated[int | None, Field(description="The customer's own; null for the business's")]
    payment_method: Annotated[str | None, Field(description="Id of the default method, which is charged")]
    collections: list[CollectionOut]
    left_alone: list[LeftAloneOut]


@router.get(
    "/{path:customer}/autopay",
    auth=READ,
    response={200: AutoPayOut},
    summary="Read a customer's AutoPay",
)
def read_autopay(request: HttpRequest, customer: str) -> HttpResponse:
    """Whether a customer's invoices are collected by themselves, and what is collected when."""
    return answer(_out(access.customer(viewer_of(request), customer)))


@router.put(
    "/{path:customer}/autopay",
    auth=WRITE,
    response={200: AutoPayOut},
    summary="Enroll a customer in AutoPay",
)
def put_autopay(request: HttpRequest, customer: str, body: AutoPayIn) -> HttpResponse:
    """Collect a customer's invoices by its default method, those that are open too; needs the customer's consent."""
    viewer = viewer_of(request)
    owner = access.customer(viewer, customer)
    enrol(owner, by=viewer.actor)
    change_delay(owner, body.delay_days, by=viewer.actor)
    return answer(_out(owner))


@router.delete(
    "/{path:customer}/autopay",
    auth=WRITE,
    response={200: AutoPayOut},
    summary="End a customer's AutoPay",
)
def delete_autopay(request: HttpRequest, customer: str) -> HttpResponse:
    """Collect nothing of a customer by itself any more. Again changes nothing."""
    viewer = viewer_of(request)
    owner = access.customer(viewer, customer)
    leave(owner, by=viewer.actor)
    return answer(_out(owner))


def _out(owner: Customer) -> AutoPayOut:
    autopay, method, zone = autopay_of(owner), default_method(owner), owner.business.time_zone
    planned = collections(collector_of(owner))
    return {
        "object": "autopay",
        "customer": owner.public_id,
        "customer_external_id": owner.external_id or None,
        "enabled": autopay is not None,
        "enrolled_at": autopay.enrolled_at if autopay else None,
        "delay_days": delay_of(owner),
        "payment_method": method.public_id if method else None,
        "collections": [
            {
                "invoice": row.invoice.public_id,
                "number": row.invoice.number,
                "amount": row.amount + row.offer.fee_on(row.amount),
                "currency": row.invoice.currency,
                "collected_on": local_date(row.at, zone) if row.at else None,
                "failures": row.failures,
            }
            for row in planned
        ],
        "left_alone": [
            {"invoice": invoice.public_id, "number": invoice.number, "reason": why}
            for invoice, why in left_alone(owner)
        ],
    }
