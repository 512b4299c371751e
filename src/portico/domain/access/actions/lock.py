"""Locks of everything that changes who may come in, always in this order, so that no two changes wait crosswise:

1. the business's signing key, or the verification of a sign-in;
2. the customers, in the order of their keys;
3. the links, then the sessions, then what was asked in them.

The history bumps the customer's version, so its row is written by nearly all of them in any case.
"""

from uuid import UUID

from portico.domain.access.models import Grant
from portico.domain.customers.models import Customer


def lock_customers(*keys: UUID) -> None:
    """Lock customers until the caller's transaction ends."""
    # Weaker than FOR UPDATE, which would wait for everybody who has just added a row that points to the customer.
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))


def lock_customer(key: UUID) -> Customer:
    """Return a customer as it is now, locked until the caller's transaction ends."""
    return Customer.objects.select_for_update(no_key=True).get(pk=key)


def lock_grant(grant: Grant) -> Grant:
    """Return a link as it is now, locked after its customer until the caller's transaction ends."""
    lock_customers(grant.customer_id)
    rows = Grant.objects.select_for_update(of=("self",)).select_related("business", "customer", "contact")
    return rows.get(pk=grant.pk)
