"""From a link to a session, and from a cookie back to whoever it belongs to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, DateTimeField, F, Q, QuerySet

from portico.domain.access.actions.grant import PREFIXES
from portico.domain.access.errors import LinkClosed, LinkUnknown, PortalOff
from portico.domain.access.models import Grant, PortalSession, Purpose, Scope
from portico.domain.access.secrets import candidates, stored_form
from portico.domain.access.viewer import CustomerViewer
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Contact, Customer
from portico.lib.clock import now
from portico.lib.ids import new_secret, well_formed
from portico.lib.prepared import Given, Prepared

# These open more than once, and what they opened ends with them. The others are used up by opening.
_LASTING = frozenset({Purpose.PORTAL_LINK, Purpose.API_PORTAL_URL, Purpose.DOCUMENT_LINK})
_SESSION_PREFIX = "ps"
_SESSION_PURPOSE = "portal_session"

# `last_seen_at` is written at most this often, so that reading a page is not a write. Where a visit may be idle only
# briefly it is written more often: once in this part of that time, which is what a visit may lose.
_SEEN_EVERY = timedelta(minutes=5)
_SEEN_PART = 15


def _standing() -> QuerySet[PortalSession]:
    """The session a token belongs to, while it stands, but for being idle: its business says how long it may be.

    The link is looked at where it lies, as no page needs it.
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
class Standing:
    """What a signed-in customer's pages follow from, without what they show.

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
_VIEWER = Prepared(lambda: _standing().select_related("business", "customer"))
_FACTS = Prepared(
    lambda: _standing().values_list(
        "id", "last_seen_at", "business__visit_idle_minutes",
        "customer_id", "customer__revision", "business__revision", "business__epoch", "business__time_zone",
        "language", "customer__language", "business__language",
    )
)  # fmt: skip


def find_grant(business: Business, secret: str) -> Grant:
    """Return the link a secret belongs to, in whatever state. Raises LinkUnknown."""
    for purpose, prefix in PREFIXES.items():
        if well_formed(secret, prefix):
            grant = (
                Grant.objects.select_related("business", "customer", "contact")
                .filter(business=business, purpose=purpose, secret_hash__in=candidates(secret, purpose))
                .first()
            )
            if grant is not None:
                return grant
    raise LinkUnknown("This link is not known here.")


def usable_grant(business: Business, secret: str) -> Grant:
    """Return the link a secret opens right now; looking changes nothing.

    Raises PortalOff when the master switch is off, LinkUnknown, or LinkClosed for an ended link.
    """
    if not business.portal_enabled:
        raise PortalOff("The portal is not available.")
    grant = find_grant(business, secret)
    if grant.state != "active":
        raise LinkClosed(grant, grant.state)
    return grant


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a visit comes from: the portal's host, the visitor's address and what their browser calls itself."""

    host: str
    ip: str | None = None
    user_agent: str = ""


@transaction.atomic
def open_session(
    grant: Grant, visit: Visit, *, email: str = "", follows: PortalSession | None = None
) -> tuple[PortalSession, str]:
    """Open a session with a link that is known already; `email` is the address the visitor has proved to read.

    One that `follows` another goes on with what was proved then, and ends no later. Raises LinkClosed when the link has
    ended in the meantime.
    """
    locked = Grant.objects.select_for_update(of=("self",)).select_related("business", "customer", "contact")
    grant = locked.get(pk=grant.pk)
    if grant.state != "active":
        raise LinkClosed(grant, grant.state)
    moment = now()
    Grant.objects.filter(pk=grant.pk).update(use_count=F("use_count") + 1, last_used_at=moment)
    token = new_secret(_SESSION_PREFIX)
    session = PortalSession.objects.create(
        business_id=grant.business_id,
        customer=grant.customer,
        contact_id=grant.contact_id,
        grant=grant,
        scope=grant.scope,
        target_kind=grant.target_kind,
        target_id=grant.target_id,
        email=email,
        return_url=grant.return_url or (follows.return_url if follows else ""),
        token_hash=stored_form(token, _SESSION_PURPOSE)[0],
        host=visit.host,
        ip=visit.ip,
        language=follows.language if follows else "",
        user_agent=visit.user_agent[:255],
        proved_at=follows.proved_at if follows else moment,
        expires_at=_end(grant, moment, follows),
    )
    record(
        Event.LINK_USED,
        grant,
        by=Actor("customer", grant.customer.public_id, (grant.contact or grant.customer).name, visit.ip),
        data={"purpose": grant.purpose, "session": session.public_id, "user_agent": visit.user_agent[:255]},
    )
    return session, token


def _end(grant: Grant, begins: datetime, follows: PortalSession | None) -> datetime:
    """Return when a visit is over at the latest: by how far it reaches, with its link, and with the one it follows."""
    single, business = grant.scope == Scope.DOCUMENT, grant.business
    ends = begins + timedelta(hours=business.document_visit_hours if single else business.account_visit_hours)
    if grant.purpose in _LASTING:
        ends = min(ends, grant.expires_at)
    return min(ends, follows.expires_at) if follows else ends


def glance(grant: Grant, visit: Visit) -> CustomerViewer:
    """Return who holds a link, for a single answer: no visit is opened and nothing is stored."""
    session = PortalSession(
        business=grant.business,
        customer=grant.customer,
        grant=grant,
        scope=grant.scope,
        target_kind=grant.target_kind,
        target_id=grant.target_id,
        host=visit.host,
    )
    return CustomerViewer(grant.business, grant.customer, session, visit.ip)


def renew_session(session: PortalSession, *, email: str, contact: Contact | None) -> str:
    """Go on with a session whose visitor has just proved to read `email`, `contact`'s or the customer's own.

    Returns the new token for the cookie; the former one opens nothing any more.
    """
    token = new_secret(_SESSION_PREFIX)
    PortalSession.objects.filter(pk=session.pk).update(
        token_hash=stored_form(token, _SESSION_PURPOSE)[0], email=email, contact=contact, proved_at=now()
    )
    return token


def viewer_of(token: str, *, slug: str, host: str, ip: str | None = None) -> CustomerViewer | None:
    """Return who a cookie's token belongs to, at the business `slug` and on `host`, or None.

    A session lives until it is idle or too old, until it or its link is ended, and not past a time when the portal was
    off.
    """
    session = _find(_VIEWER, token, slug, host)
    if session is None or not _still_seen(session.pk, session.last_seen_at, session.business.visit_idle):
        return None
    return CustomerViewer(session.business, session.customer, session, ip)


def standing_of(token: str, *, slug: str, host: str) -> Standing | None:
    """Return what the pages follow from that `viewer_of` would let the token's owner see, or None; asks for little."""
    found = _find(_FACTS, token, slug, host)
    if found is None:
        return None
    session_id, last_seen_at, idle_minutes, customer_id, of_customer, of_business, epoch, time_zone, *languages = found
    if not _still_seen(session_id, last_seen_at, timedelta(minutes=idle_minutes)):
        return None
    return Standing(session_id, customer_id, of_customer, of_business, epoch, time_zone, tuple(languages))


def _find[R](query: Prepared[R], token: str, slug: str, host: str) -> R | None:
    if not well_formed(token, _SESSION_PREFIX):
        return None
    moment = now()
    for form in candidates(token, _SESSION_PURPOSE):
        for found in query(token_hash=form, slug=slug, host=host, moment=moment):
            return found
    return None


def _still_seen(session_id: UUID, last_seen_at: datetime, idle: timedelta) -> bool:
    """Tell whether a session was seen within the time it may be idle, and note that it is seen now."""
    moment = now()
    unseen = moment - last_seen_at
    if unseen >= idle:
        return False
    if unseen >= min(_SEEN_EVERY, idle / _SEEN_PART):
        PortalSession.objects.filter(pk=session_id).update(last_seen_at=moment)
    return True


def why_ended(token: str, *, slug: str, host: str) -> tuple[Customer, str] | None:
    """Return whose visit a cookie's token was and why it is over, or None when there was none at this business.

    The reason is that of the link, when that has ended the visit (expired, revoked, replaced), else signed_out or
    timed_out.
    """
    if not well_formed(token, _SESSION_PREFIX):
        return None
    session = (
        PortalSession.objects.select_related("customer", "grant")
        .filter(token_hash__in=candidates(token, _SESSION_PURPOSE), business__slug=slug, host=host)
        .first()
    )
    if session is None:
        return None
    grant = session.grant
    if grant.state in {"revoked", "replaced"} or (grant.state == "expired" and grant.purpose in _LASTING):
        return session.customer, grant.state
    return session.customer, "signed_out" if session.ended_at else "timed_out"


@transaction.atomic
def end_session(viewer: CustomerViewer) -> None:
    """Sign out: the session ends at once, its link and what was asked in it stay good."""
    standing = PortalSession.objects.filter(pk=viewer.session.pk, ended_at=None)
    ended = standing.update(ended_at=now(), signed_out=True)
    if ended:
        record(Event.SESSION_ENDED, viewer.session, by=viewer.actor)


def choose_language(viewer: CustomerViewer, language: str) -> None:
    """Keep the language this reader chose for the rest of the session."""
    PortalSession.objects.filter(pk=viewer.session.pk).update(language=language)
