"""Creating a link of any kind. Only the caller of these functions sees its secret, and only once."""

from datetime import datetime
from typing import Any

from portico.domain.access.models import PREFIXES, RECOVERY, Grant, Purpose
from portico.domain.access.secrets import derived, stored_form
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.lib.ids import new_secret, uuid7


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
