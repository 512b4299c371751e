"""From a cookie's token back to its session and viewer."""

from datetime import datetime, timedelta
from uuid import UUID

from portico.domain.access.models import PortalSession
from portico.domain.access.sessions.queries import FACTS, VIEWER, SessionFacts, find_session
from portico.domain.access.viewer import CustomerViewer
from portico.lib.clock import now

# `last_seen_at` is written at most this often, so that reading a page is not a write. Where a session may be idle only
# briefly it is written more often: once in this part of that time, which is what a session may lose.
_SEEN_EVERY = timedelta(minutes=5)
_SEEN_PART = 15


def viewer_of(token: str, *, slug: str, host: str, ip: str | None = None) -> CustomerViewer | None:
    """Return who a cookie's token belongs to, at the business `slug` and on `host`, or None.

    A session lives until it is idle or too old, until it or its link is ended, and not past a time when the portal was
    off.
    """
    session = find_session(VIEWER, token, slug, host)
    if session is None or not _still_seen(session.pk, session.last_seen_at, session.business.session_idle):
        return None
    return CustomerViewer(session.business, session.customer, session, ip)


def session_facts(token: str, *, slug: str, host: str) -> SessionFacts | None:
    """Return what the pages of the token's owner depend on, or None where `viewer_of` does; a lighter query."""
    found = find_session(FACTS, token, slug, host)
    if found is None:
        return None
    session_id, last_seen_at, idle_minutes, customer_id, of_customer, of_business, epoch, time_zone, *languages = found
    if not _still_seen(session_id, last_seen_at, timedelta(minutes=idle_minutes)):
        return None
    return SessionFacts(session_id, customer_id, of_customer, of_business, epoch, time_zone, tuple(languages))


def _still_seen(session_id: UUID, last_seen_at: datetime, idle: timedelta) -> bool:
    """Tell whether a session was seen within the time it may be idle, and note that it is seen now."""
    moment = now()
    unseen = moment - last_seen_at
    if unseen >= idle:
        return False
    if unseen >= min(_SEEN_EVERY, idle / _SEEN_PART):
        PortalSession.objects.filter(pk=session_id).update(last_seen_at=moment)
    return True
