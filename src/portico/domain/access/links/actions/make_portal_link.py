from datetime import timedelta

from django.db import transaction

from portico.domain.access.actions.lock import lock_customers
from portico.domain.access.errors import LinkExists
from portico.domain.access.links.actions.create_grant import new_grant
from portico.domain.access.links.actions.revoke import end
from portico.domain.access.models import Grant, Purpose
from portico.domain.activity.actor import Actor
from portico.domain.customers.models import Customer
from portico.lib.clock import now

API_PORTAL_URL_LIFE = timedelta(hours=12)


@transaction.atomic
def generate_portal_link(customer: Customer, *, by: Actor) -> tuple[Grant, str]:
    """Make a customer's portal link; returns it and its secret.

    Raises LinkExists when the customer has one that works: links are replaced on purpose, by `regenerate_portal_link`.
    """
    # Before a first link there is no other row that two makers would both take.
    lock_customers(customer.pk)
    current = _current(customer)
    if current is not None and current.state == "active":
        raise LinkExists(f"{customer.name} has a portal link until {current.expires_at:%Y-%m-%d}; regenerate it.")
    if current is not None:
        end(current, "expired")
    return _new_portal_link(customer, by)


@transaction.atomic
def regenerate_portal_link(customer: Customer, *, by: Actor) -> tuple[Grant, str]:
    """Replace a customer's portal link, or make the first; the former one and its sessions end at once."""
    # Before a first link there is no other row that two makers would both take.
    lock_customers(customer.pk)
    current = _current(customer)
    if current is not None:
        end(current, "expired" if current.state == "expired" else "replaced")
    for other in Grant.objects.filter(customer=customer, purpose=Purpose.PORTAL_LINK, revoked_at=None):
        # Of a customer that was merged into this one.
        end(other, "replaced")
    return _new_portal_link(customer, by)


@transaction.atomic
def api_portal_url(customer: Customer, *, by: Actor) -> tuple[Grant, str]:
    """Make a link for a program to embed or redirect to, good for 12 hours; returns it and its secret."""
    return new_grant(customer, Purpose.API_PORTAL_URL, now() + API_PORTAL_URL_LIFE, by=by)


def _current(customer: Customer) -> Grant | None:
    return Grant.objects.filter(
        customer=customer, purpose=Purpose.PORTAL_LINK, revoked_at=None, leads_over=False
    ).first()


def _new_portal_link(customer: Customer, by: Actor) -> tuple[Grant, str]:
    life = timedelta(days=customer.business.link_life_days)
    return new_grant(customer, Purpose.PORTAL_LINK, now() + life, by=by)
