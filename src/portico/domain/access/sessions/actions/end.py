from collections.abc import Iterable

from django.db import transaction

from portico.domain.access.actions.lock import lock_customers
from portico.domain.access.models import PortalSession
from portico.domain.access.viewer import CustomerViewer
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.lib.clock import now


@transaction.atomic
def end_session(viewer: CustomerViewer) -> None:
    """Sign out: the session ends at once, its link and what was asked in it stay good."""
    lock_customers(viewer.customer.pk)
    active = PortalSession.objects.filter(pk=viewer.session.pk, ended_at=None)
    ended = active.update(ended_at=now(), signed_out=True)
    if ended:
        record(Event.SESSION_ENDED, viewer.session, by=viewer.actor)


@transaction.atomic
def end_sessions(sessions: Iterable[PortalSession], *, by: Actor) -> int:
    """End sessions at once; their links stay good. Returns how many were still open: each is recorded once."""
    sessions, moment = list(sessions), now()
    lock_customers(*(session.customer_id for session in sessions))
    ended = [one for one in sessions if PortalSession.objects.filter(pk=one.pk, ended_at=None).update(ended_at=moment)]
    for session in ended:
        record(Event.SESSION_ENDED, session, by=by, data={"from_afar": True})
    return len(ended)
