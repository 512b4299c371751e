"""The standing link to one thing: the same address each time it is asked for, until somebody ends it.

docs/decisions/0011 says why its secret follows from its id and is stored nowhere all the same.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction

from portico.domain.access.actions.grant import PREFIXES, end, new_grant, unrecorded_grant
from portico.domain.access.models import Grant, Purpose, Scope
from portico.domain.access.secrets import candidates, derived
from portico.domain.activity.actor import Actor
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.ids import Ref


@transaction.atomic
def make_document_link(
    customer: Customer, target: Ref, life: timedelta, works: Callable[[Grant], bool], *, by: Actor
) -> tuple[Grant, str]:
    """Return the standing link to one thing and its secret, or the next one where `works` says it is over.

    Of several who ask at once, one makes it. A link whose server key is gone is replaced.
    """
    # The customer's row is the lock: before the first link there is no other row that two makers would both take.
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    standing = standing_link(target)
    secret = secret_of(standing) if standing else None
    if standing and secret and works(standing):
        return standing, secret
    if standing:
        end(standing, "expired" if secret else "replaced")
    return new_grant(customer, Purpose.DOCUMENT_LINK, now() + life, by=by, **_to(target))


def first_document_link(customer: Customer, target: Ref, life: timedelta, *, by: Actor) -> Grant:
    """Make the link to what the caller has just made, in its transaction. The caller records it."""
    return unrecorded_grant(customer, Purpose.DOCUMENT_LINK, now() + life, by=by, **_to(target))[0]


def _to(target: Ref) -> dict[str, Any]:
    return {"scope": Scope.DOCUMENT, "target_kind": target.kind, "target_id": target.id}


def standing_link(target: Ref) -> Grant | None:
    """Return the link to one thing that nobody has ended, whether its time is over or not."""
    wanted = {"purpose": "document_link", "target_kind": target.kind, "target_id": target.id, "revoked_at": None}
    return Grant.objects.select_related("business", "customer").filter(**wanted).first()


def secret_of(grant: Grant) -> str | None:
    """Return a document link's secret again, or None when the server key it was made under is gone."""
    secret = derived(PREFIXES[Purpose(grant.purpose)], grant.purpose, str(grant.id), grant.key_id)
    return secret if secret and grant.secret_hash in candidates(secret, grant.purpose) else None
