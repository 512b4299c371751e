from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.customers.checks import check_contact, check_country, check_email, check_language, refuse
from portico.domain.customers.models import ADDRESS_FIELDS, Address, Contact, Customer
from portico.lib.errors import FieldError, Invalid
from portico.lib.money import exponent

FIELDS = ("name", "email", "phone", "language", "currency", "tax_id", "registration_number")


@dataclass(frozen=True, slots=True)
class ContactInput:
    """A person at the customer."""

    name: str
    email: str = ""
    phone: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class CustomerInput:
    """What is known of a customer. Fields that are None stay as they are; contacts and addresses replace what was."""

    external_id: str = ""
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    currency: str | None = None
    tax_id: str | None = None
    registration_number: str | None = None
    addresses: dict[str, dict[str, str]] | None = None
    contacts: Sequence[ContactInput] | None = None
    import_keys: list[str] | None = None
    disabled_methods: list[str] | None = None


def upsert_customer(business: Business, data: CustomerInput, *, by: Actor) -> tuple[Customer, bool]:
    """Create the customer with this external id, or change what differs; returns it and whether it is new.

    Without an external id a new customer is made. Raises Invalid with the places that are wrong.
    """
    try:
        return _upsert(business, data, by)
    except IntegrityError:
        # Somebody made the same customer at the same moment: it is there now, to be changed.
        return _upsert(business, data, by)


@transaction.atomic
def _upsert(business: Business, data: CustomerInput, by: Actor) -> tuple[Customer, bool]:
    customer = None
    if data.external_id:
        # Said as the partial unique index says it, or SQLite would not use it.
        named = Customer.objects.filter(business=business, external_id=data.external_id).exclude(external_id="")
        customer = named.select_for_update().first()
    _check(data, is_new=customer is None)
    is_new = customer is None
    if customer is None:
        customer = Customer(business=business, external_id=data.external_id)
    changed = _set_fields(customer, data)
    if is_new:
        customer.save(force_insert=True)
    elif changed:
        customer.save(update_fields=changed)
    if data.addresses is not None and _replace_addresses(customer, data.addresses):
        changed.append("addresses")
    if data.contacts is not None and _replace_contacts(customer, data.contacts):
        changed.append("contacts")
    if is_new or changed:
        record(Event.CUSTOMER_CREATED if is_new else Event.CUSTOMER_UPDATED, customer, by=by, data={"changed": changed})
    return customer, is_new


def _check(data: CustomerInput, *, is_new: bool) -> None:
    fields = []
    if (is_new or data.name is not None) and not (data.name or "").strip():
        fields.append(FieldError("/name", "A customer needs a name."))
    fields += check_language(data.language, "/language")
    if data.currency:
        try:
            exponent(data.currency)
        except Invalid as error:
            fields.append(FieldError("/currency", error.message))
    fields += check_email(data.email, "/email")
    for index, contact in enumerate(data.contacts or ()):
        fields += check_contact(contact.name, contact.email, f"/contacts/{index}")
    for kind, address in (data.addresses or {}).items():
        fields += check_country(address.get("country", ""), f"/addresses/{kind}/country")
    refuse(fields)


def _set_fields(customer: Customer, data: CustomerInput) -> list[str]:
    changed = []
    for name in (*FIELDS, "import_keys", "disabled_methods"):
        value: Any = getattr(data, name)
        if value is not None and value != getattr(customer, name):
            setattr(customer, name, value)
            changed.append(name)
    return changed


def _replace_addresses(customer: Customer, addresses: dict[str, dict[str, str]]) -> bool:
    rows = list(customer.addresses.order_by("kind").values("kind", *ADDRESS_FIELDS))
    wished = [
        {"kind": kind, **{name: address.get(name, "") for name in ADDRESS_FIELDS}}
        for kind, address in sorted(addresses.items())
    ]
    if rows == wished:
        return False
    customer.addresses.all().delete()
    Address.objects.bulk_create(Address(customer=customer, **fields) for fields in wished)
    return True


def _replace_contacts(customer: Customer, contacts: Sequence[ContactInput]) -> bool:
    before = list(customer.contacts.values_list("name", "email", "phone", "role"))
    if before == [(contact.name, contact.email, contact.phone, contact.role) for contact in contacts]:
        return False
    # A contact that stays keeps its row, so that links and sessions made for that person survive an update.
    kept = {(contact.email.lower(), contact.name): contact for contact in customer.contacts.all()}
    for position, data in enumerate(contacts):
        contact = kept.pop((data.email.lower(), data.name), None) or Contact(customer=customer)
        contact.name, contact.email, contact.phone, contact.role = data.name, data.email, data.phone, data.role
        contact.position = position
        contact.save()
    Contact.objects.filter(pk__in=[contact.pk for contact in kept.values()]).delete()
    return True
