"""The link to one document: the same URL each time it is asked for, until somebody ends it.

docs/decisions/0011 says why its secret follows from its id and is stored nowhere all the same.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction

from portico.domain.access.actions.lock import lock_customers
from portico.domain.access.links.actions.create_grant import new_grant, unrecorded_grant
from portico.domain.access.links.actions.revoke import end
from portico.domain.access.links.queries.document_links import current_link, secret_of
from portico.domain.access.models import Grant, Purpose, Scope
from portico.domain.activity.actor import Actor
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.ids import Ref


@transaction.atomic
def make_document_link(
    customer: Customer, target: Ref, life: timedelta, works: Callable[[Grant], bool], *, by: Actor
) -> tuple[Grant, str]:
    """Return the link to one thing and its secret, or the next one where `works` says it is over.

    Of several who ask at once, one makes it. A link whose server key is gone is replaced.
    """
    # Before a first link there is no other row that two makers would both take.
    lock_customers(customer.pk)
    current = current_link(target)
    secret = secret_of(current) if current else None
    if current and secret and works(current):
        return current, secret
    if current:
        end(current, "expired" if secret else "replaced")
    return new_grant(customer, Purpose.DOCUMENT_LINK, now() + life, by=by, **_to(target))


def first_document_link(customer: Customer, target: Ref, life: timedelta, *, by: Actor) -> Grant:
    """Make the link to what the caller has just made, in its transaction. The caller records it."""
    return unrecorded_grant(customer, Purpose.DOCUMENT_LINK, now() + life, by=by, **_to(target))[0]


def _to(target: Ref) -> dict[str, Any]:
    return {"scope": Scope.DOCUMENT, "target_kind": target.kind, "target_id": target.id}
