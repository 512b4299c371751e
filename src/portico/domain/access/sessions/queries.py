"""A customer's portal sessions: the one a cookie's token belongs to, and who has the account open right now."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import CharField, DateTimeField, F, Q, QuerySet

from portico.domain.access.models import LASTING, Grant, PortalSession
from portico.domain.access.secrets import candidates
from portico.domain.access.viewer import ClientInfo, CustomerViewer, Viewer
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id, well_formed
from portico.lib.prepared import Given, Prepared

TOKEN_PREFIX = "ps"  # noqa: S105 - the beginning of every token, and what salts their hashes, are public
TOKEN_PURPOSE = "portal_session"  # noqa: S105 - as above


def _valid() -> QuerySet[PortalSession]:
    """The session a token belongs to, if it is valid; whether it is idle is checked later, by its business's limit.

    The link is only joined, not fetched: no page needs it.
    """
    return PortalSession.objects.filter(
        Q(business__portal_closed_at=None) | Q(created_at__gte=F("business__portal_closed_at")),
        token_hash=Given("token_hash", CharField()),
        business__slug=Given("slug", CharField()),
        host=Given("host", CharField()),
        ended_at=None,
        expires_at__gt=Given("moment", DateTimeField()),
        grant__revoked_at=None,
    )


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """The versions and settings that decide whether a customer's page is unchanged, without the page's own data.

    `languages` are those chosen in the session, for the customer and for the business, empty where none was.
    """

    session_id: UUID
    customer_id: UUID
    customer_revision: int
    business_revision: int
    epoch: str
    time_zone: str
    languages: tuple[str, ...]


# Every page asks the first, and an unchanged one only the second.
VIEWER = Prepared(lambda: _valid().select_related("business", "customer"))
FACTS = Prepared(
    lambda: _valid().values_list(
        "id", "last_seen_at", "business__visit_idle_minutes",
        "customer_id", "customer__revision", "business__revision", "business__epoch", "business__time_zone",
        "language", "customer__language", "business__language",
    )
)  # fmt: skip


def anonymous_viewer(grant: Grant, client: ClientInfo) -> CustomerViewer:
    """Return the viewer for the holder of a link, for this request alone: no session is opened and nothing stored."""
    session = PortalSession(
        business=grant.business,
        customer=grant.customer,
        grant=grant,
        scope=grant.scope,
        target_kind=grant.target_kind,
        target_id=grant.target_id,
        host=client.host,
    )
    return CustomerViewer(grant.business, grant.customer, session, client.ip)


def find_session[R](query: Prepared[R], token: str, slug: str, host: str) -> R | None:
    """Return what VIEWER or FACTS finds of the session a cookie's token belongs to, or None."""
    if not well_formed(token, TOKEN_PREFIX):
        return None
    moment = now()
    for form in candidates(token, TOKEN_PURPOSE):
        for found in query(token_hash=form, slug=slug, host=host, moment=moment):
            return found
    return None


def why_ended(token: str, *, slug: str, host: str) -> tuple[Customer, str] | None:
    """Return whose session a cookie's token was and why it is over, or None when there was none at this business.

    The reason is that of the link, when that has ended the session (expired, revoked, replaced), else signed_out or
    timed_out.
    """
    if not well_formed(token, TOKEN_PREFIX):
        return None
    session = (
        PortalSession.objects.select_related("customer", "grant")
        .filter(token_hash__in=candidates(token, TOKEN_PURPOSE), business__slug=slug, host=host)
        .first()
    )
    if session is None:
        return None
    grant = session.grant
    if grant.state in {"revoked", "replaced"} or (grant.state == "expired" and grant.purpose in LASTING):
        return session.customer, grant.state
    return session.customer, "signed_out" if session.ended_at else "timed_out"


def active_sessions(viewer: Viewer, customer: Customer) -> QuerySet[PortalSession]:
    """A customer's sessions that `viewer_of` would let in, the one seen last first; the viewer may see the customer."""
    moment = now()
    return _sessions(viewer).filter(
        Q(business__portal_closed_at=None) | Q(created_at__gte=F("business__portal_closed_at")),
        customer=customer,
        ended_at=None,
        expires_at__gt=moment,
        last_seen_at__gt=moment - viewer.business.session_idle,
        grant__revoked_at=None,
    )


def session_named(viewer: Viewer, name: str) -> PortalSession:
    """Return the session with this public id, open or over. Raises NotFound."""
    key = parse_public_id(name, "session")
    found = _sessions(viewer).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no session {name}.")
    return found


def _sessions(viewer: Viewer) -> QuerySet[PortalSession]:
    rows = PortalSession.objects.filter(business=viewer.business).select_related("grant", "contact", "customer")
    rows = rows.order_by("-last_seen_at", "-id")
    return rows.filter(customer=viewer.customer) if isinstance(viewer, CustomerViewer) else rows
