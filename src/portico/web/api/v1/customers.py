from datetime import datetime
from typing import Annotated, Any, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from portico.domain.access import queries as access
from portico.domain.access.sign_in.actions.change_customer import save_customer
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput
from portico.domain.customers.models import ADDRESS_FIELDS, Address, Customer
from portico.domain.payments.models import Method
from portico.lib.errors import FieldError, Invalid
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import viewer_of
from portico.web.api.v1.errors import PROBLEMS
from portico.web.api.v1.fields import Input, Label, Name, OneOf, Reference, Text, TextParameter, Word
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.pagination import Filters, page, refuse_unknown

router = Router(tags=["Customers"])

KINDS = tuple(Address.Kind.values)
METHODS = tuple(Method.values)


class AddressIn(Input):
    """A customer's address; at most one of each kind."""

    kind: Annotated[Text, Field(min_length=1), OneOf(KINDS)] = "billing"
    line1: Name | None = None
    line2: Name | None = None
    postal_code: Annotated[Text, Field(max_length=30)] | None = None
    city: Annotated[Text, Field(max_length=120)] | None = None
    region: Annotated[Text, Field(max_length=120)] | None = None
    country: Annotated[Annotated[Text, Field(max_length=2)] | None, Field(description="ISO 3166", examples=["DE"])] = (
        None
    )


class ContactIn(Input):
    """A person at the customer."""

    name: Annotated[Name, Field(min_length=1)]
    email: Annotated[Text, Field(max_length=254)] | None = None
    phone: Word | None = None
    role: Annotated[Text, Field(max_length=100)] | None = None


class CustomerIn(Input):
    """A customer as a program knows it.

    Fields that are left out stay as they are; null or "" empties them. Addresses and contacts replace what was.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "external_id": "acme",
                    "name": "Acme GmbH",
                    "email": "ap@acme.example",
                    "language": "de",
                    "currency": "EUR",
                    "tax_id": "DE123456789",
                    "addresses": [
                        {
                            "kind": "billing",
                            "line1": "Hauptstr. 1",
                            "postal_code": "10115",
                            "city": "Berlin",
                            "country": "DE",
                        }
                    ],
                    "contacts": [{"name": "Eva Klein", "email": "eva@acme.example", "role": "Accounts payable"}],
                }
            ]
        }
    )

    external_id: Annotated[
        Annotated[Label, Field(max_length=255)] | None,
        Field(description="Your own id; a customer that has it is changed, not made"),
    ] = None
    name: Annotated[Reference | None, Field(description="Required for a new customer")] = None
    email: Annotated[Text, Field(max_length=254)] | None = None
    phone: Word | None = None
    language: Annotated[Annotated[Text, Field(max_length=10)] | None, Field(description="en, de or ar")] = None
    currency: Annotated[Annotated[Text, Field(max_length=3)] | None, Field(description="ISO 4217")] = None
    tax_id: Word | None = None
    registration_number: Word | None = None
    addresses: Annotated[list[AddressIn], Field(max_length=len(KINDS))] | None = None
    contacts: Annotated[list[ContactIn], Field(max_length=100)] | None = None
    disabled_methods: Annotated[
        list[Annotated[Text, OneOf(METHODS)]] | None,
        Field(max_length=len(METHODS), description="Ways to pay that are not offered to the customer"),
    ] = None


class CustomerFilters(Filters):
    """What narrows a list of customers."""

    external_id: TextParameter = ""
    email: TextParameter = ""


class AddressOut(TypedDict):
    """An address of a customer."""

    kind: Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})]
    line1: str | None
    line2: str | None
    postal_code: str | None
    city: str | None
    region: str | None
    country: str | None


class ContactOut(TypedDict):
    """A person at a customer."""

    name: str
    email: str | None
    phone: str | None
    role: str | None


class CustomerOut(TypedDict):
    """A customer."""

    object: Literal["customer"]
    id: str
    external_id: str | None
    name: str
    email: str | None
    phone: str | None
    language: str | None
    currency: str | None
    tax_id: str | None
    registration_number: str | None
    addresses: list[AddressOut]
    contacts: list[ContactOut]
    disabled_methods: Annotated[list[str], Field(json_schema_extra={"items": {"enum": list(METHODS)}})]
    created_at: datetime


class CustomerList(TypedDict):
    """One page of customers, newest first."""

    object: Literal["list"]
    data: list[CustomerOut]
    next_cursor: str | None


@router.post(
    "",
    response={200: CustomerOut, 201: CustomerOut, **PROBLEMS},
    openapi_extra=IDEMPOTENT,
    summary="Create or change a customer",
)
@idempotent
def upsert(request: HttpRequest, body: CustomerIn) -> HttpResponse:
    """Create the customer with this external id (201), or change what differs (200)."""
    viewer = viewer_of(request)
    try:
        customer, is_new = save_customer(viewer.business, _to_input(body), by=viewer.actor)
    except Invalid as error:
        error.fields = tuple(_placed(field, body) for field in error.fields)
        raise
    return answer(customer_out(access.customer(viewer, customer.public_id)), 201 if is_new else 200)


@router.get("", response={200: CustomerList, **PROBLEMS}, summary="List customers")
def list_customers(request: HttpRequest, filters: Query[CustomerFilters]) -> HttpResponse:
    """Customers, the newest first."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    wanted = {"external_id": filters.external_id, "email__iexact": filters.email}
    rows = access.customers(viewer).filter(**{column: value for column, value in wanted.items() if value})
    rows = rows.prefetch_related("addresses", "contacts")
    found, cursor = page(rows, filters, viewer=viewer, series="customers")
    body: CustomerList = {"object": "list", "data": [customer_out(row) for row in found], "next_cursor": cursor}
    return answer(body)


@router.get("/{path:customer}", response={200: CustomerOut, **PROBLEMS}, summary="Read a customer")
def read_customer(request: HttpRequest, customer: str) -> HttpResponse:
    """One customer, by its id or external id."""
    return answer(customer_out(access.customer(viewer_of(request), customer)))


def customer_out(customer: Customer) -> CustomerOut:
    """Return a customer as it reads; its addresses and contacts are fetched by the caller."""
    return {
        "object": "customer",
        "id": customer.public_id,
        "external_id": customer.external_id or None,
        "name": customer.name,
        "email": customer.email or None,
        "phone": customer.phone or None,
        "language": customer.language or None,
        "currency": customer.currency or None,
        "tax_id": customer.tax_id or None,
        "registration_number": customer.registration_number or None,
        "addresses": [
            _address_out(address) for address in sorted(customer.addresses.all(), key=lambda address: address.kind)
        ],
        "contacts": [
            {
                "name": contact.name,
                "email": contact.email or None,
                "phone": contact.phone or None,
                "role": contact.role or None,
            }
            for contact in customer.contacts.all()
        ],
        "disabled_methods": customer.disabled_methods,
        "created_at": customer.created_at,
    }


def _address_out(address: Address) -> AddressOut:
    return {
        "kind": address.kind,
        "line1": address.line1 or None,
        "line2": address.line2 or None,
        "postal_code": address.postal_code or None,
        "city": address.city or None,
        "region": address.region or None,
        "country": address.country or None,
    }


def _to_input(body: CustomerIn) -> CustomerInput:
    """Return what the domain needs; what was given as null is emptied, what was left out stays None."""
    given: dict[str, Any] = {name: getattr(body, name) or "" for name in body.model_fields_set}
    if "addresses" in given:
        given["addresses"] = _addresses(body.addresses or [])
    if "contacts" in given:
        given["contacts"] = [
            ContactInput(contact.name, contact.email or "", contact.phone or "", contact.role or "")
            for contact in body.contacts or ()
        ]
    if "disabled_methods" in given:
        given["disabled_methods"] = [method for method in METHODS if method in (body.disabled_methods or [])]
    return CustomerInput(**given)


def _addresses(addresses: list[AddressIn]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for index, address in enumerate(addresses):
        if address.kind in found:
            message = f"There is a {address.kind} address already."
            raise Invalid(message, fields=[FieldError(f"/addresses/{index}/kind", message)])
        found[address.kind] = {name: getattr(address, name) or "" for name in ADDRESS_FIELDS}
    return found


def _placed(field: FieldError, body: CustomerIn) -> FieldError:
    """Point into the list of addresses as it was sent; the domain names them by kind."""
    for index, address in enumerate(body.addresses or ()):
        start = f"/addresses/{address.kind}/"
        if field.pointer.startswith(start):
            return FieldError(f"/addresses/{index}/{field.pointer.removeprefix(start)}", field.message)
    return field
