"""How long a link to one thing works: a stored bound, and an earlier one that follows from what has been paid.

The stored bound is `expires_at`: 365 days after the link was made, for a payment's receipt 90. A link to an invoice or
credit note is over earlier when the document has been settled (paid, used up, written off or voided) for 90 days. That
is looked up when the link is used and stored nowhere, as a payment may be taken back. A link that was made for what was
settled long ago still works for 90 days.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from portico.domain.access.errors import LinkClosed
from portico.domain.access.links.queries.document_links import current_link, secret_of
from portico.domain.access.models import Grant
from portico.domain.documents.kinds import SPECS, kinds_of_sign
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.ledger.queries import last_moved
from portico.lib.clock import local_date, now
from portico.lib.ids import Ref

AFTER_PAYMENT = timedelta(days=90)
_SETTLES = kinds_of_sign(1, -1)


def refuse_ended(grant: Grant) -> None:
    """Refuse a link that opens nothing right now: ended, or what it opens is long settled. Raises LinkClosed."""
    if grant.state != "active":
        raise LinkClosed(grant, grant.state)
    if not works(grant):
        raise LinkClosed(grant, "expired")


def works(grant: Grant) -> bool:
    """Tell whether a link opens something."""
    return grant.state == "active" and now() < ends([grant])[grant.id]


def ends(grants: Iterable[Grant]) -> dict[UUID, datetime]:
    """Return when each of these links is over. Two queries, however many they are; their business is fetched."""
    grants = list(grants)
    settled = _settled(grant.target_id for grant in grants if grant.target_id and grant.target_kind in _SETTLES)
    return {grant.id: _end(grant, settled.get(grant.target_id) if grant.target_id else None) for grant in grants}


def may_have_link(document: Document) -> bool:
    """Tell whether a document's customer can see it, so that a link to it leads somewhere."""
    return document.lifecycle != Lifecycle.DRAFT and SPECS[document.kind].is_shown_by(document.business)


def working_link(target: Ref) -> tuple[Grant, str] | None:
    """Return the link to one thing and its secret, if there is one that works. The caller may see the thing."""
    current = current_link(target)
    secret = secret_of(current) if current else None
    return (current, secret) if current and secret and works(current) else None


def _end(grant: Grant, settled_on: date | None) -> datetime:
    if settled_on is None:
        return grant.expires_at
    zone = grant.business.time_zone
    last_day = max(settled_on, local_date(grant.created_at, zone)) + AFTER_PAYMENT
    return min(grant.expires_at, datetime.combine(last_day + timedelta(days=1), time.min, ZoneInfo(zone)))


def _settled(keys: Iterable[UUID]) -> dict[UUID, date]:
    """The day since which nothing has moved, of those documents with nothing open."""
    rows = Document.objects.filter(pk__in=list(keys), open_amount=0).exclude(lifecycle=Lifecycle.DRAFT)
    issued = dict(rows.values_list("pk", "issued_on"))
    moved = last_moved(issued) if issued else {}
    return {key: max(moved.get(key, day), day) for key, day in issued.items()}
