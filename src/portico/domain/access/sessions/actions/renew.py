from portico.domain.access.models import PortalSession
from portico.domain.access.secrets import stored_form
from portico.domain.access.sessions.queries import TOKEN_PREFIX, TOKEN_PURPOSE
from portico.domain.customers.models import Contact
from portico.lib.clock import now
from portico.lib.ids import new_secret


def renew_session(session: PortalSession, *, email: str, contact: Contact | None) -> str:
    """Go on with a session whose visitor has just proved to read `email`, `contact`'s or the customer's own.

    Returns the new token for the cookie; the former one opens nothing any more.
    """
    token = new_secret(TOKEN_PREFIX)
    PortalSession.objects.filter(pk=session.pk).update(
        token_hash=stored_form(token, TOKEN_PURPOSE)[0], email=email, contact=contact, proved_at=now()
    )
    return token
