from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.lib.clock import now


@transaction.atomic
def archive_customer(customer: Customer, *, by: Actor) -> Customer:
    """Put a customer away: lists leave it out, and it gets no new documents. Doing it again changes nothing.

    Whatever it has stays: its documents, its links and sessions, and what it owes can still be paid.
    """
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if customer.archived_at is None:
        customer.archived_at = now()
        customer.save(update_fields=["archived_at"])
        record(Event.CUSTOMER_ARCHIVED, customer, by=by)
    return customer


@transaction.atomic
def unarchive_customer(customer: Customer, *, by: Actor) -> Customer:
    """Take a customer back from the archive. Doing it again changes nothing."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if customer.archived_at is not None:
        customer.archived_at = None
        customer.save(update_fields=["archived_at"])
        record(Event.CUSTOMER_UNARCHIVED, customer, by=by)
    return customer
