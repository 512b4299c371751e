from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from portico.domain.access import queries as access
from portico.domain.access.sign_in.actions import change_customer
from portico.domain.access.viewer import ApiViewer
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput
from portico.domain.customers.checks import MOST_TERMS_DAYS
from portico.domain.customers.models import ADDRESS_FIELDS, Address, Contact, Customer
from portico.domain.documents.customer_balances import balances_of, past_due_of
from portico.domain.payments.models import Method
from portico.lib.errors import FieldError, Invalid
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.fields import (
    Amount,
    Currency,
    Flag,
    Input,
    Label,
    Line,
    Name,
    OneOf,
    Passage,
    Reference,
    Text,
    TextParameter,
    Word,
)
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
    postal_code: Annotated[Line, Field(max_length=30)] | None = None
    city: Annotated[Line, Field(max_length=120)] | None = None
    region: Annotated[Line, Field(max_length=120)] | None = None
    country: Annotated[Annotated[Line, Field(max_length=2)] | None, Field(description="ISO 3166", examples=["DE"])] = (
        None
    )


class ContactIn(Input):
    """A person at the customer."""

    name: Annotated[Name, Field(min_length=1)]
    email: Annotated[Line, Field(max_length=254)] | None = None
    phone: Word | None = None
    role: Annotated[Line, Field(max_length=100)] | None = None


class CreditLimitIn(Input):
    """How much the customer may owe in a currency, in minor units."""

    amount: Annotated[Amount, Field(gt=0)]
    currency: Currency


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
                    "payment_terms_days": 30,
                    "credit_limit": {"amount": 500000, "currency": "EUR"},
                    "metadata": {"crm": "A-17"},
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
    legal_name: Annotated[Reference | None, Field(description="What papers call it, where that is another name")] = None
    email: Annotated[Line, Field(max_length=254)] | None = None
    phone: Word | None = None
    language: Annotated[Annotated[Line, Field(max_length=10)] | None, Field(description="en, de or ar")] = None
    currency: Annotated[Annotated[Line, Field(max_length=3)] | None, Field(description="ISO 4217")] = None
    tax_id: Word | None = None
    registration_number: Word | None = None
    addresses: Annotated[list[AddressIn], Field(max_length=len(KINDS))] | None = None
    contacts: Annotated[list[ContactIn], Field(max_length=100)] | None = None
    disabled_methods: Annotated[
        list[Annotated[Text, OneOf(METHODS)]] | None,
        Field(max_length=len(METHODS), description="Ways to pay that are not offered to the customer"),
    ] = None
    payment_terms_days: Annotated[
        Annotated[int, Field(strict=True, ge=0, le=MOST_TERMS_DAYS)] | None,
        Field(description="An invoice that says no due date falls due so many days after its date"),
    ] = None
    credit_limit: Annotated[CreditLimitIn | None, Field(description="Staff are warned above it")] = None
    reminders_stopped: Annotated[Flag | None, Field(description="The customer gets no payment reminders")] = None
    staff_notes: Annotated[Passage | None, Field(description="For staff; the customer never sees it")] = None
    metadata: Annotated[
        dict[Text, Text] | None,
        Field(description="Your own texts by name, at most 50; replaces what was. The customer never sees it"),
    ] = None


class CustomerFilters(Filters):
    """What narrows a list of customers."""

    external_id: TextParameter = ""
    email: TextParameter = ""
    archived: Annotated[
        Literal["", "false", "true", "all"], Field(description="`true` for those in the archive, `all` for both")
    ] = ""
    expand: Annotated[
        Literal["", "balance"], Field(description="`balance` adds what each customer owes: `balance`, `past_due`")
    ] = ""


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
    """A person at a customer. The first one is the main contact."""

    id: str
    name: str
    email: str | None
    phone: str | None
    role: str | None


class MoneyOut(TypedDict):
    """An amount in one currency, in minor units."""

    amount: int
    currency: str


class CustomerOut(TypedDict):
    """A customer. `balance` is what it owes, credits taken off, and `past_due` what of that is late, by currency.

    Both are null in a list that is not asked to `expand` them.
    """

    object: Literal["customer"]
    id: str
    external_id: str | None
    name: str
    legal_name: str | None
    email: str | None
    phone: str | None
    language: str | None
    currency: str | None
    tax_id: str | None
    registration_number: str | None
    addresses: list[AddressOut]
    contacts: list[ContactOut]
    disabled_methods: Annotated[list[str], Field(json_schema_extra={"items": {"enum": list(METHODS)}})]
    payment_terms_days: int | None
    credit_limit: MoneyOut | None
    reminders_stopped: bool
    staff_notes: str | None
    metadata: dict[str, str]
    balance: list[MoneyOut] | None
    past_due: list[MoneyOut] | None
    archived_at: datetime | None
    created_at: datetime


class CustomerList(TypedDict):
    """One page of customers, newest first."""

    object: Literal["list"]
    data: list[CustomerOut]
    next_cursor: str | None


@router.post(
    "",
    auth=WRITE,
    response={200: CustomerOut, 201: CustomerOut},
    openapi_extra=IDEMPOTENT,
    summary="Create or change a customer",
)
@idempotent
def upsert(request: HttpRequest, body: CustomerIn) -> HttpResponse:
    """Create the customer with this external id (201), or change what differs (200)."""
    viewer = viewer_of(request)
    try:
        customer, is_new = change_customer.save_customer(viewer.business, _to_input(body), by=viewer.actor)
    except Invalid as error:
        error.fields = tuple(_placed(field, body) for field in error.fields)
        raise
    return answered(viewer, customer.public_id, 201 if is_new else 200)


@router.get("", auth=READ, response={200: CustomerList}, summary="List customers")
def list_customers(request: HttpRequest, filters: Query[CustomerFilters]) -> HttpResponse:
    """Customers, the newest first."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    wanted = {"external_id": filters.external_id, "email__iexact": filters.email}
    rows = access.customers(viewer).filter(**{column: value for column, value in wanted.items() if value})
    if filters.archived != "all":
        rows = rows.filter(archived_at__isnull=filters.archived != "true")
    rows = rows.prefetch_related("addresses", "contacts")
    found, cursor = page(rows, filters, viewer=viewer, series="customers")
    owed = _owed(viewer, found) if filters.expand else {}
    data = [customer_out(row, *owed.get(row.pk, (None, None))) for row in found]
    body: CustomerList = {"object": "list", "data": data, "next_cursor": cursor}
    return answer(body)


@router.get("/{path:customer}", auth=READ, response={200: CustomerOut}, summary="Read a customer")
def read_customer(request: HttpRequest, customer: str) -> HttpResponse:
    """One customer, by its id or external id."""
    return answered(viewer_of(request), customer)


@router.patch(
    "/{path:customer}",
    auth=WRITE,
    response={200: CustomerOut},
    summary="Change a customer",
)
def patch_customer(request: HttpRequest, customer: str, body: CustomerIn) -> HttpResponse:
    """Change what is given of a customer, by its id or external id. An external id is another one, or left out."""
    viewer = viewer_of(request)
    found = access.customer(viewer, customer)
    try:
        change_customer.patch_customer(found, _to_input(body), by=viewer.actor)
    except Invalid as error:
        error.fields = tuple(_placed(field, body) for field in error.fields)
        raise
    return answered(viewer, found.public_id)


def answered(viewer: ApiViewer, name: str, status: int = 200) -> HttpResponse:
    """Answer with a customer as it is now, by its id or external id."""
    found = access.customer(viewer, name)
    return answer(customer_out(found, *_owed(viewer, [found])[found.pk]), status)


def _owed(viewer: ApiViewer, rows: Sequence[Customer]) -> dict[UUID, tuple[list[MoneyOut], list[MoneyOut]]]:
    """Return the balances and what is past due of customers, by their keys."""
    keys = [row.pk for row in rows]
    balances, late = balances_of(viewer, keys), past_due_of(viewer, keys, viewer.business.today())
    return {key: (_money(balances.get(key, [])), _money(late.get(key, []))) for key in keys}


def _money(amounts: Sequence[tuple[str, int]]) -> list[MoneyOut]:
    return [{"amount": amount, "currency": currency} for currency, amount in amounts]


def customer_out(customer: Customer, balance: list[MoneyOut] | None, past_due: list[MoneyOut] | None) -> CustomerOut:
    """Return a customer as it reads; its addresses and contacts are fetched by the caller."""
    limit = customer.credit_limit
    return {
        "object": "customer",
        "id": customer.public_id,
        "external_id": customer.external_id or None,
        "name": customer.name,
        "legal_name": customer.legal_name or None,
        "email": customer.email or None,
        "phone": customer.phone or None,
        "language": customer.language or None,
        "currency": customer.currency or None,
        "tax_id": customer.tax_id or None,
        "registration_number": customer.registration_number or None,
        "addresses": [
            _address_out(address) for address in sorted(customer.addresses.all(), key=lambda address: address.kind)
        ],
        "contacts": [contact_out(contact) for contact in customer.contacts.all()],
        "disabled_methods": customer.disabled_methods,
        "payment_terms_days": customer.payment_terms_days,
        "credit_limit": None if limit is None else {"amount": limit, "currency": customer.credit_limit_currency},
        "reminders_stopped": customer.reminders_stopped,
        "staff_notes": customer.staff_notes or None,
        "metadata": customer.metadata,
        "balance": balance,
        "past_due": past_due,
        "archived_at": customer.archived_at,
        "created_at": customer.created_at,
    }


def contact_out(contact: Contact) -> ContactOut:
    """Return a contact as it reads."""
    return {
        "id": contact.public_id,
        "name": contact.name,
        "email": contact.email or None,
        "phone": contact.phone or None,
        "role": contact.role or None,
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
    terms: dict[str, Any] = {}
    if "payment_terms_days" in given:
        del given["payment_terms_days"]
        terms["payment_terms_days"] = body.payment_terms_days
    if "reminders_stopped" in given:
        terms["reminders_stopped"] = bool(given.pop("reminders_stopped"))
    if "credit_limit" in given:
        del given["credit_limit"]
        limit = body.credit_limit
        terms["credit_limit"] = limit.amount if limit else None
        terms["credit_limit_currency"] = limit.currency if limit else ""
    if "metadata" in given:
        given["metadata"] = body.metadata or {}
    return CustomerInput(**given, terms=terms)


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
