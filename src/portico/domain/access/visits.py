"""A customer's visits: who has the account open right now."""

from django.db.models import F, Q, QuerySet

from portico.domain.access.models import PortalSession
from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id


def open_visits(viewer: Viewer, customer: Customer) -> QuerySet[PortalSession]:
    """A customer's visits that `viewer_of` would let in, the one seen last first; the viewer may see the customer."""
    moment = now()
    return _visits(viewer).filter(
        Q(business__portal_closed_at=None) | Q(created_at__gte=F("business__portal_closed_at")),
        customer=customer,
        ended_at=None,
        expires_at__gt=moment,
        last_seen_at__gt=moment - viewer.business.visit_idle,
        grant__revoked_at=None,
    )


def visit_named(viewer: Viewer, name: str) -> PortalSession:
    """Return the visit with this public id, open or over. Raises NotFound."""
    key = parse_public_id(name, "session")
    found = _visits(viewer).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no visit {name}.")
    return found


def _visits(viewer: Viewer) -> QuerySet[PortalSession]:
    rows = PortalSession.objects.filter(business=viewer.business).select_related("grant", "contact", "customer")
    rows = rows.order_by("-last_seen_at", "-id")
    return rows.filter(customer=viewer.customer) if isinstance(viewer, CustomerViewer) else rows
