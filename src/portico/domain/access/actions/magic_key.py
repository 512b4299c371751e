"""The keys a business signs its own sign-in links with: two at most, so that one can take the other's place."""

from django.db import transaction

from portico.domain.access.models import Grant, MagicKey, PortalSession
from portico.domain.access.secrets import lock
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.lib.clock import now
from portico.lib.errors import Conflict
from portico.lib.ids import new_secret

MOST_KEYS = 2
_PREFIX = "mk"


class TooManyKeys(Conflict):
    """The business has as many keys as there may be: revoke one first."""

    code = "too_many_keys"


@transaction.atomic
def create_magic_key(business: Business, *, by: Actor) -> tuple[MagicKey, str]:
    """Make a key; returns it and the secret, all of which signs, and which is not shown again. Raises TooManyKeys.

    A former key stays good until it is revoked, so that the business's programs can change over in between.
    """
    # The business's row is the lock: before its first key there is no other row that two makers would both take.
    Business.objects.select_for_update().get(pk=business.pk)
    if MagicKey.objects.filter(business=business, revoked_at=None).count() >= MOST_KEYS:
        raise TooManyKeys("There are two keys already. Revoke the one that is no longer used.")
    secret = new_secret(_PREFIX)
    key = MagicKey.objects.create(business=business, prefix=secret[:8], sealed=lock(secret), created_by=by.label[:200])
    record(Event.MAGIC_KEY_CREATED, key, by=by, data={"name": str(key)})
    return key, secret


@transaction.atomic
def revoke_magic_key(key: MagicKey, *, by: Actor) -> None:
    """End a key at once, with every link it signed and every visit those opened. Doing it again changes nothing."""
    key = MagicKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is not None:
        return
    key.revoked_at = now()
    key.save(update_fields=["revoked_at"])
    # Somebody else may have had it: what it opened for them must not outlive it.
    PortalSession.objects.filter(grant__magic_key=key, ended_at=None).update(ended_at=key.revoked_at)
    Grant.objects.filter(magic_key=key, revoked_at=None).update(revoked_at=key.revoked_at, revoked_because="revoked")
    record(Event.MAGIC_KEY_REVOKED, key, by=by, data={"name": str(key)})
