from django.db import transaction

from portico.domain.access.models import Grant, MagicKey, PortalSession
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.lib.clock import now


@transaction.atomic
def revoke_magic_key(key: MagicKey, *, by: Actor) -> None:
    """End a key at once, with every link it signed and every session those opened. Doing it again changes nothing."""
    key = MagicKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is not None:
        return
    key.revoked_at = now()
    key.save(update_fields=["revoked_at"])
    Grant.objects.filter(magic_key=key, revoked_at=None).update(revoked_at=key.revoked_at, revoked_because="revoked")
    # Somebody else may have had it: what it opened for them must not outlive it.
    PortalSession.objects.filter(grant__magic_key=key, ended_at=None).update(ended_at=key.revoked_at)
    record(Event.MAGIC_KEY_REVOKED, key, by=by, data={"name": str(key)})
