from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.customers import checks
from portico.domain.customers.errors import ExternalIdTaken
from portico.domain.customers.models import ADDRESS_FIELDS, Address, Contact, Customer
from portico.lib.errors import FieldError
from portico.lib.one_line import is_blank

FIELDS = (
    "name", "legal_name", "email", "phone", "language", "currency", "tax_id", "registration_number", "staff_notes",
    "import_keys", "disabled_methods", "metadata",
)  # fmt: skip
# Of these, None is a value.
TERMS = ("payment_terms_days", "credit_limit", "credit_limit_currency", "reminders_stopped")


@dataclass(frozen=True, slots=True)
class ContactInput:
    """A person at the customer."""

    name: str
    email: str = ""
    phone: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class CustomerInput:
    """What is known of a customer. Fields that are None stay as they are; contacts and addresses replace what was.

    `terms` holds those of the columns in `TERMS` that are to be set.
    """

    external_id: str = ""
    name: str | None = None
    legal_name: str | None = None
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
    staff_notes: str | None = None
    metadata: dict[str, str] | None = None
    terms: dict[str, Any] = field(default_factory=dict)


def upsert_customer(business: Business, data: CustomerInput, *, by: Actor) -> tuple[Customer, bool]:
    """Create the customer with this external id, or change what differs; returns it and whether it is new.

    Without an external id a new customer is made. The external id of one that was merged into another leads to that
    one and changes nothing. Raises Invalid with the places that are wrong.
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
        if customer is not None and customer.merged_into is not None:
            # Its id leads to the other customer, whose record counts since: two records must not undo each other.
            return customer.merged_into, False
    is_new = customer is None
    customer = customer or Customer(business=business, external_id=data.external_id)
    changed = _write(customer, data, is_new=is_new)
    if is_new or changed:
        record(Event.CUSTOMER_CREATED if is_new else Event.CUSTOMER_UPDATED, customer, by=by, data={"changed": changed})
    return customer, is_new


def change_customer(customer: Customer, data: CustomerInput, *, by: Actor) -> Customer:
    """Change what differs of a customer, its external id too where one is given.

    Raises Invalid with the places that are wrong, ExternalIdTaken.
    """
    try:
        with transaction.atomic():
            customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
            changed = _write(customer, data, is_new=False)
            if data.external_id and data.external_id != customer.external_id:
                customer.external_id = data.external_id
                customer.save(update_fields=["external_id"])
                changed.append("external_id")
            if changed:
                record(Event.CUSTOMER_UPDATED, customer, by=by, data={"changed": changed})
            return customer
    except IntegrityError as error:
        message = f"Another customer has the external id {data.external_id}."
        raise ExternalIdTaken(message, fields=[FieldError("/external_id", message)]) from error


def _write(customer: Customer, data: CustomerInput, *, is_new: bool) -> list[str]:
    """Keep what differs in the caller's transaction, and name it."""
    _check(data, is_new=is_new)
    changed = _set_fields(customer, data)
    if is_new:
        customer.save(force_insert=True)
    elif changed:
        customer.save(update_fields=changed)
    if data.addresses is not None and _replace_addresses(customer, data.addresses):
        changed.append("addresses")
    if data.contacts is not None and _replace_contacts(customer, data.contacts):
        changed.append("contacts")
    return changed


def _check(data: CustomerInput, *, is_new: bool) -> None:
    fields = []
    if (is_new or data.name is not None) and is_blank(data.name or ""):
        fields.append(FieldError("/name", "A customer needs a name."))
    fields += checks.check_language(data.language, "/language") + checks.check_currency(data.currency, "/currency")
    fields += checks.check_email(data.email, "/email") + checks.check_metadata(data.metadata, "/metadata")
    fields += checks.check_payment_terms(data.terms.get("payment_terms_days"), "/payment_terms_days")
    for index, contact in enumerate(data.contacts or ()):
        fields += checks.check_contact(contact.name, contact.email, f"/contacts/{index}")
    for kind, address in (data.addresses or {}).items():
        fields += checks.check_country(address.get("country", ""), f"/addresses/{kind}/country")
    checks.refuse(fields)


def _set_fields(customer: Customer, data: CustomerInput) -> list[str]:
    changed = []
    given: dict[str, Any] = {name: getattr(data, name) for name in FIELDS if getattr(data, name) is not None}
    for name, value in (given | {name: data.terms[name] for name in TERMS if name in data.terms}).items():
        if value != getattr(customer, name):
            setattr(customer, name, value)
            changed.append(name)
    return changed


def _replace_addresses(customer: Customer, addresses: dict[str, dict[str, str]]) -> bool:
    rows = list(customer.addresses.order_by("kind").values("kind", *ADDRESS_FIELDS))
    given = [
        {"kind": kind, **{name: address.get(name, "") for name in ADDRESS_FIELDS}}
        for kind, address in sorted(addresses.items())
    ]
    if rows == given:
        return False
    customer.addresses.all().delete()
    Address.objects.bulk_create(Address(customer=customer, **fields) for fields in given)
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
