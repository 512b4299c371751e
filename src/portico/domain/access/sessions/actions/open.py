from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from portico.domain.access.actions.lock import lock_grant
from portico.domain.access.errors import LinkClosed
from portico.domain.access.models import LASTING, Grant, PortalSession, Scope
from portico.domain.access.secrets import stored_form
from portico.domain.access.sessions.queries import TOKEN_PREFIX, TOKEN_PURPOSE
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.lib.clock import now
from portico.lib.ids import new_secret


@dataclass(frozen=True, slots=True)
class Looks:
    """How the pages of a session are shown; the theme and the navigation are a frame's alone."""

    language: str = ""
    theme: str = ""
    hides_navigation: bool = False


@transaction.atomic
def open_session(
    grant: Grant,
    client: ClientInfo,
    *,
    email: str = "",
    follows: PortalSession | None = None,
    looks: Looks = Looks(),
) -> tuple[PortalSession, str]:
    """Open a session with a link that is known already; `email` is the address the visitor has proved to read.

    One that `follows` another goes on with what was proved then, and ends no later. Raises LinkClosed when the link has
    ended in the meantime.
    """
    grant = lock_grant(grant)
    if grant.state != "active":
        raise LinkClosed(grant, grant.state)
    moment = now()
    if follows is not None:
        looks = Looks(follows.language, follows.theme, follows.hides_navigation)
    embedded = client.in_frame and (follows.embedded if follows else grant.may_be_embedded)
    Grant.objects.filter(pk=grant.pk).update(use_count=F("use_count") + 1, last_used_at=moment)
    token = new_secret(TOKEN_PREFIX)
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
        token_hash=stored_form(token, TOKEN_PURPOSE)[0],
        host=client.host,
        ip=client.ip,
        language=looks.language,
        user_agent=client.user_agent[:255],
        embedded=embedded,
        theme=looks.theme if embedded else "",
        hides_navigation=looks.hides_navigation and embedded,
        proved_at=follows.proved_at if follows else moment,
        expires_at=_end(grant, moment, follows),
    )
    _record_use(grant, session, client)
    return session, token


def _record_use(grant: Grant, session: PortalSession, client: ClientInfo) -> None:
    record(
        Event.LINK_USED,
        grant,
        by=Actor("customer", grant.customer.public_id, (grant.contact or grant.customer).name, client.ip),
        data={"purpose": grant.purpose, "session": session.public_id, "user_agent": client.user_agent[:255]},
    )


def _end(grant: Grant, begins: datetime, follows: PortalSession | None) -> datetime:
    """Return when a session expires: after the time its scope allows, with its link, and with the one it follows."""
    single, business = grant.scope == Scope.DOCUMENT, grant.business
    ends = begins + timedelta(hours=business.document_visit_hours if single else business.account_visit_hours)
    if grant.purpose in LASTING:
        ends = min(ends, grant.expires_at)
    return min(ends, follows.expires_at) if follows else ends
