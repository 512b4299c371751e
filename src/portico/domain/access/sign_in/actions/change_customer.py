"""Changing who stands for a customer: what is on file, and with it who may come in, in one transaction."""

from collections.abc import Mapping

from django.db import transaction

from portico.domain.access.sign_in.actions.change_email import close_email_changes
from portico.domain.access.sign_in.actions.end_outdated_access import end_outdated_access
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.actions import edit_contact, upsert
from portico.domain.customers.actions import edit_customer as staff
from portico.domain.customers.checks import check_tax_id, refuse
from portico.domain.customers.models import Contact, Customer


@transaction.atomic
def save_customer(business: Business, data: upsert.CustomerInput, *, by: Actor) -> tuple[Customer, bool]:
    """Create or change a customer as `upsert_customer` does; a person no longer on file is signed out at once.

    An address that the business gives ends what its customer asked for or could take back.
    """
    _check_tax_id(data)
    customer, is_new = upsert.upsert_customer(business, data, by=by)
    if not is_new and data.external_id == customer.external_id:
        _follow(customer, data)
    return customer, is_new


@transaction.atomic
def patch_customer(customer: Customer, data: upsert.CustomerInput, *, by: Actor) -> None:
    """Change a customer as `upsert.change_customer` does, with what `save_customer` does of who may come in."""
    _check_tax_id(data)
    _follow(upsert.change_customer(customer, data, by=by), data)


def _check_tax_id(data: upsert.CustomerInput) -> None:
    # An import takes it as the file says it.
    refuse(check_tax_id(data.tax_id, "/tax_id"))


def _follow(customer: Customer, data: upsert.CustomerInput) -> None:
    end_outdated_access(customer)
    if data.email is not None:
        close_email_changes(customer)


@transaction.atomic
def edit_customer(customer: Customer, changes: Mapping[str, str], *, seen: str, by: Actor) -> None:
    """Change a customer as staff's `edit_customer` does; sessions opened by a former address end at once.

    An address that staff give ends what the customer asked for or could take back.
    """
    staff.edit_customer(customer, changes, seen=seen, by=by)
    if changes.get("email", customer.email) != customer.email:
        customer = Customer.objects.get(pk=customer.pk)
        end_outdated_access(customer)
        close_email_changes(customer)


@transaction.atomic
def change_contact(contact: Contact, changes: Mapping[str, str], *, seen: str, by: Actor) -> None:
    """Change a contact as `edit_contact.change_contact` does; sessions opened by a former address end at once."""
    end_outdated_access(edit_contact.change_contact(contact, changes, seen=seen, by=by).customer)


@transaction.atomic
def remove_contact(contact: Contact, *, by: Actor) -> None:
    """Remove a contact; their links and sessions, and those opened by their address, end at once."""
    end_outdated_access(edit_contact.remove_contact(contact, by=by))
