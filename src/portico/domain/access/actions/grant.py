"""Making and ending links. Only whoever calls these sees a secret, and only once."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from portico.domain.access.errors import LinkExists
from portico.domain.access.models import Grant, PortalSession, Purpose
from portico.domain.access.secrets import derived, stored_form
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.ids import new_secret, uuid7

PREFIXES = {
    Purpose.PORTAL_LINK: "pl",
    Purpose.API_PORTAL_URL: "pu",
    Purpose.SIGN_IN_MAIL: "si",
    Purpose.MAGIC_LINK: "ml",
    Purpose.DOCUMENT_LINK: "dl",
    Purpose.MANAGE_SUBSCRIPTION: "ms",
    Purpose.SIGN_UP: "up",
}
API_PORTAL_URL_LIFE = timedelta(hours=12)

# How long after its end a link still knows what it pointed at, so that a fresh one can take its place.
RECOVERY = timedelta(days=365)


@transaction.atomic
def generate_portal_link(customer: Customer, *, by: Actor) -> tuple[Grant, str]:
    """Make a customer's portal link; returns it and its secret.

    Raises LinkExists when the customer has one that works: links are replaced on purpose, by `regenerate_portal_link`.
    """
    standing = _standing(customer)
    if standing is not None and standing.state == "active":
        raise LinkExists(f"{customer.name} has a portal link until {standing.expires_at:%Y-%m-%d}; regenerate it.")
    if standing is not None:
        end(standing, "expired")
    return _new_portal_link(customer, by)


@transaction.atomic
def regenerate_portal_link(customer: Customer, *, by: Actor) -> tuple[Grant, str]:
    """Replace a customer's portal link, or make the first; the former one and its sessions end at once."""
    standing = _standing(customer)
    if standing is not None:
        end(standing, "expired" if standing.state == "expired" else "replaced")
    return _new_portal_link(customer, by)


@transaction.atomic
def revoke(grant: Grant, *, by: Actor) -> None:
    """End a link and its sessions at once. Revoking one that has ended already changes nothing."""
    grant = Grant.objects.select_for_update(of=("self",)).select_related("customer").get(pk=grant.pk)
    if grant.revoked_at is not None:
        return
    end(grant, "revoked")
    record(Event.LINK_REVOKED, grant, by=by, data={"purpose": grant.purpose})


@transaction.atomic
def api_portal_url(customer: Customer, *, by: Actor) -> tuple[Grant, str]:
    """Make a link for a program to embed or redirect to, good for 12 hours; returns it and its secret."""
    return new_grant(customer, Purpose.API_PORTAL_URL, now() + API_PORTAL_URL_LIFE, by=by)


def new_grant(
    customer: Customer, purpose: Purpose, expires_at: datetime, *, by: Actor, **fields: Any
) -> tuple[Grant, str]:
    """Make a link of any purpose, in the caller's transaction, and record it; returns the link and its secret."""
    grant, secret = unrecorded_grant(customer, purpose, expires_at, by=by, **fields)
    record(Event.LINK_GENERATED, grant, by=by, data={"purpose": purpose, "expires_at": expires_at.isoformat()})
    return grant, secret


def unrecorded_grant(
    customer: Customer, purpose: Purpose, expires_at: datetime, *, by: Actor, **fields: Any
) -> tuple[Grant, str]:
    """Make a link of any purpose for a caller that records it; returns it and its secret, which is stored nowhere.

    `fields` are further columns of `Grant`: scope and target, contact, page, uses. A document link's secret follows
    from its id, so that `document_link.secret_of` can tell it again.
    """
    key = uuid7()
    follows = purpose == Purpose.DOCUMENT_LINK
    secret = (follows and derived(PREFIXES[purpose], purpose, str(key))) or new_secret(PREFIXES[purpose])
    secret_hash, key_id = stored_form(secret, purpose)
    grant = Grant.objects.create(
        id=key,
        business_id=customer.business_id,
        customer=customer,
        purpose=purpose,
        prefix=secret[:8],
        secret_hash=secret_hash,
        key_id=key_id,
        created_by=by.label[:200],
        expires_at=expires_at,
        recover_until=expires_at + RECOVERY,
        **fields,
    )
    return grant, secret


def _standing(customer: Customer) -> Grant | None:
    # The customer's row is the lock: before its first link there is no other row that two makers would both take.
    Customer.objects.select_for_update().get(pk=customer.pk)
    return Grant.objects.filter(customer=customer, purpose=Purpose.PORTAL_LINK, revoked_at=None).first()


def end(grant: Grant, because: str) -> None:
    """End a link and its sessions, in the caller's transaction; `because` is expired, replaced or revoked."""
    moment = now()
    grant.revoked_at, grant.revoked_because = moment, because
    grant.save(update_fields=["revoked_at", "revoked_because"])
    PortalSession.objects.filter(grant=grant, ended_at=None).update(ended_at=moment)


def _new_portal_link(customer: Customer, by: Actor) -> tuple[Grant, str]:
    life = timedelta(days=customer.business.link_life_days)
    return new_grant(customer, Purpose.PORTAL_LINK, now() + life, by=by)
