from django.db import transaction

from portico.domain.access.actions.lock import lock_grant
from portico.domain.access.models import Grant, PortalSession
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.lib.clock import now


@transaction.atomic
def revoke(grant: Grant, *, by: Actor) -> None:
    """End a link and its sessions at once. Revoking one that has ended already changes nothing."""
    grant = lock_grant(grant)
    if grant.revoked_at is not None:
        return
    end(grant, "revoked")
    record(Event.LINK_REVOKED, grant, by=by, data={"purpose": grant.purpose})


def end(grant: Grant, because: str) -> None:
    """End a link and its sessions, in the caller's transaction; `because` is expired, replaced or revoked."""
    moment = now()
    grant.revoked_at, grant.revoked_because = moment, because
    grant.save(update_fields=["revoked_at", "revoked_because"])
    PortalSession.objects.filter(grant=grant, ended_at=None).update(ended_at=moment)
