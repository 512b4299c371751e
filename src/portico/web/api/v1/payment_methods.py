from datetime import date, datetime
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict, Field

from portico.domain.access import queries as access
from portico.domain.payments import queries
from portico.domain.payments.actions.add_method import add_method
from portico.domain.payments.actions.keep_methods import make_default, remove_method
from portico.domain.payments.gateway import SavedMethodInput
from portico.domain.payments.models import Method, MethodState, PaymentMethod
from portico.lib.errors import FieldError, NotFound
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.fields import Flag, Input, OneOf, Said, Text
from portico.web.api.v1.idempotency import IDEMPOTENT, begin_once, begun

router = Router(tags=["Payment methods"])

# What is saved and charged again; the others are money that comes by itself.
TYPES = (Method.CARD.value, Method.DIRECT_DEBIT.value)
STATES = tuple(MethodState.values)


class PaymentMethodIn(Input):
    """A card or bank account that was saved at a provider before."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"gateway": "stripe", "token": "pm_1N3T00", "provider_customer": "cus_9s6XKz"}]}
    )

    gateway: Annotated[Said, Field(max_length=40, description="The gateway's name, as `portico gateway list` has it")]
    token: Annotated[Said, Field(max_length=255, description="The provider's own id of the method")]
    provider_customer: Annotated[
        Annotated[Text, Field(max_length=255)] | None, Field(description="The provider's own id of the customer")
    ] = None
    type: Annotated[Text, Field(min_length=1), OneOf(TYPES)] = "card"
    default: Annotated[Flag, Field(description="Charge it where no other is named")] = False


class PaymentMethodOut(TypedDict):
    """A saved method. Portico knows no number of it, only what the provider tells."""

    object: Literal["payment_method"]
    id: str
    customer: str
    customer_external_id: str | None
    status: Annotated[str, Field(json_schema_extra={"enum": list(STATES)})]
    gateway: str
    type: str
    brand: str | None
    last4: str | None
    holder: str | None
    expires_on: Annotated[date | None, Field(description="Its last good day")]
    is_default: bool
    created_at: datetime


class PaymentMethodList(TypedDict):
    """The methods a customer has saved: the default first, then the newest."""

    object: Literal["list"]
    data: list[PaymentMethodOut]


@router.get(
    "/{path:customer}/payment_methods",
    auth=READ,
    response={200: PaymentMethodList},
    summary="List a customer's payment methods",
)
def list_payment_methods(request: HttpRequest, customer: str) -> HttpResponse:
    """The methods a customer has saved; removed ones are left out."""
    viewer = viewer_of(request)
    rows = queries.payment_methods(viewer, access.customer(viewer, customer))
    body: PaymentMethodList = {"object": "list", "data": [payment_method_out(row) for row in rows]}
    return answer(body)


@router.post(
    "/{path:customer}/payment_methods",
    auth=WRITE,
    response={201: PaymentMethodOut},
    openapi_extra=IDEMPOTENT,
    summary="Add a payment method",
)
def add_payment_method(request: HttpRequest, customer: str, body: PaymentMethodIn) -> HttpResponse:
    """Keep a method by the token it has at its provider. Adding it again changes nothing."""
    viewer = viewer_of(request)
    owner = access.customer(viewer, customer)
    try:
        account = queries.gateway_account(viewer.business, body.gateway)
    except NotFound as error:
        error.fields = (FieldError("/gateway", error.message),)
        raise
    saved = SavedMethodInput(body.token, body.provider_customer or "")
    # Nothing is begun before the provider is asked: the key notes the request, and the token makes it the only one.
    _, replayed = begin_once(request, lambda: owner.public_id)
    method = add_method(owner, account, saved, Method(body.type), by=viewer.actor)
    if body.default:
        method = make_default(method, by=viewer.actor)
    return begun(answer(payment_method_out(method), 201), replayed=replayed)


@router.post(
    "/{path:customer}/payment_methods/{str:payment_method}/default",
    auth=WRITE,
    response={200: PaymentMethodOut},
    openapi_extra=IDEMPOTENT,
    summary="Make a payment method the default",
)
def make_payment_method_default(request: HttpRequest, customer: str, payment_method: str) -> HttpResponse:
    """Charge this method where no other is named. Again changes nothing."""
    viewer = viewer_of(request)
    found = queries.payment_method(viewer, access.customer(viewer, customer), payment_method)
    _, replayed = begin_once(request, lambda: make_default(found, by=viewer.actor).public_id)
    return begun(
        answer(payment_method_out(queries.payment_method(viewer, found.customer, found.public_id))), replayed=replayed
    )


@router.delete(
    "/{path:customer}/payment_methods/{str:payment_method}",
    auth=WRITE,
    response={200: PaymentMethodOut},
    summary="Remove a payment method",
)
def remove_payment_method(request: HttpRequest, customer: str, payment_method: str) -> HttpResponse:
    """Keep a method no longer, here and at its provider. The newest of the others becomes the default."""
    viewer = viewer_of(request)
    found = queries.payment_method(viewer, access.customer(viewer, customer), payment_method)
    return answer(payment_method_out(remove_method(found, by=viewer.actor)))


def payment_method_out(method: PaymentMethod) -> PaymentMethodOut:
    """Return a saved method as it reads."""
    return {
        "object": "payment_method",
        "id": method.public_id,
        "customer": method.customer.public_id,
        "customer_external_id": method.customer.external_id or None,
        "status": method.state,
        "gateway": method.gateway_account.gateway,
        "type": method.kind,
        "brand": method.brand or None,
        "last4": method.last4 or None,
        "holder": method.holder or None,
        "expires_on": method.expires_on,
        "is_default": method.is_default,
        "created_at": method.created_at,
    }
