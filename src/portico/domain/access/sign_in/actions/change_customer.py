"""Changing who stands for a customer: what is on file, and with it who may come in, in one transaction."""

from collections.abc import Mapping

from django.db import transaction

from portico.domain.access.sign_in.actions.change_email import close_email_changes
from portico.domain.access.sign_in.actions.end_outdated_access import end_outdated_access
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.actions import edit_contact, upsert
from portico.domain.customers.models import Contact, Customer


@transaction.atomic
def save_customer(business: Business, data: upsert.CustomerInput, *, by: Actor) -> tuple[Customer, bool]:
    """Create or change a customer as `upsert_customer` does; whoever is no longer on file is out at once.

    An address that the business gives ends what its customer asked for or could take back.
    """
    customer, is_new = upsert.upsert_customer(business, data, by=by)
    if not is_new:
        end_outdated_access(customer)
        if data.email is not None:
            close_email_changes(customer)
    return customer, is_new


@transaction.atomic
def change_contact(contact: Contact, changes: Mapping[str, str], *, seen: str, by: Actor) -> None:
    """Change a contact as `edit_contact.change_contact` does; sessions opened by a former address end at once."""
    end_outdated_access(edit_contact.change_contact(contact, changes, seen=seen, by=by).customer)


@transaction.atomic
def remove_contact(contact: Contact, *, by: Actor) -> None:
    """Remove a contact; their links and sessions, and those opened by their address, end at once."""
    end_outdated_access(edit_contact.remove_contact(contact, by=by))
