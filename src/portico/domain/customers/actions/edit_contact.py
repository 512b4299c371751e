"""The people at a customer. Front ends use access's `change_customer`: who may sign in changes too."""

from collections.abc import Mapping

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.checks import check_contact, refuse
from portico.domain.customers.details import CONTACT_FIELDS, contact_details, difference, version_of
from portico.domain.customers.errors import ChangedMeanwhile, TooManyContacts
from portico.domain.customers.models import Contact, Customer

MOST_CONTACTS = 100


@transaction.atomic
def add_contact(customer: Customer, fields: Mapping[str, str], *, by: Actor) -> Contact:
    """Add a person at the customer, after the others. Raises TooManyContacts, and Invalid with what is wrong."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    _check(fields)
    last = customer.contacts.last()
    if customer.contacts.count() >= MOST_CONTACTS:
        raise TooManyContacts(f"A customer has at most {MOST_CONTACTS} contacts.")
    contact = Contact.objects.create(customer=customer, position=last.position + 1 if last else 0, **fields)
    _record(Event.CONTACT_ADDED, contact, by, {}, contact_details(contact))
    return contact


@transaction.atomic
def change_contact(contact: Contact, changes: Mapping[str, str], *, seen: str, by: Actor) -> Contact:
    """Change those of a contact's fields that `changes` names.

    `seen` is the version that the editor has read. Raises ChangedMeanwhile when it is no longer so, also when
    the contact is gone, and Invalid with the places that are wrong.
    """
    contact = _standing(contact)
    before = contact_details(contact)
    if seen != version_of(before):
        raise ChangedMeanwhile("Somebody changed the contact in the meantime.")
    after = before | {name: value for name, value in changes.items() if name in before}
    _check(after)
    if after != before:
        for name in CONTACT_FIELDS:
            setattr(contact, name, after[name])
        contact.save(update_fields=CONTACT_FIELDS)
        _record(Event.CONTACT_UPDATED, contact, by, before, after)
    return contact


@transaction.atomic
def remove_contact(contact: Contact, *, by: Actor) -> Customer:
    """Remove a person, and with them the links and sessions made for them; returns whose contact it was.

    Raises ChangedMeanwhile when they are gone already.
    """
    contact = _standing(contact)
    before = contact_details(contact)
    Contact.objects.filter(pk=contact.pk).delete()
    _record(Event.CONTACT_REMOVED, contact, by, before, dict.fromkeys(before, ""))
    return contact.customer


@transaction.atomic
def make_main_contact(contact: Contact, *, by: Actor) -> None:
    """Put a person before all others of the customer: the first one is its main contact.

    Raises ChangedMeanwhile when they are gone already.
    """
    contact = _standing(contact)
    others = contact.customer.contacts.exclude(pk=contact.pk)
    rows = [contact, *others]
    if contact.customer.contacts.first() == contact:
        return
    for position, row in enumerate(rows):
        row.position = position
    Contact.objects.bulk_update(rows, ["position"])
    record(Event.CONTACT_UPDATED, contact, by=by, data={"name": contact.name, "changed": ["position"]}, announce=False)


def _standing(contact: Contact) -> Contact:
    # The customer's row is the lock of everything below it.
    Customer.objects.select_for_update(no_key=True).get(pk=contact.customer_id)
    found = Contact.objects.select_related("customer").filter(pk=contact.pk).first()
    if found is None:
        raise ChangedMeanwhile("Somebody removed the contact in the meantime.")
    return found


def _check(fields: Mapping[str, str]) -> None:
    refuse(check_contact(fields["name"], fields["email"], ""))


def _record(event: Event, contact: Contact, by: Actor, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    record(
        event,
        contact,
        by=by,
        data={"name": after["name"] or before["name"], **difference(before, after)},
        announce=_is_notified(before.get("email", ""), after["email"], by),
    )


def _is_notified(former: str, new: str, by: Actor) -> bool:
    # The former address is told, and the customer when one of its own visitors lets somebody in.
    return former != new and (bool(former) or by.kind == "customer")
