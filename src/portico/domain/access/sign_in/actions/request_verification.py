"""Asking the reader of an e-mail address to verify it: a mail with a link and a code, one of which comes back, once.

Asking never looks whose address it is: what it does and how long it takes is the same for everybody's. The worker that
mails looks, and makes link and code where somebody is to get them.
"""

from datetime import timedelta

from django.db import transaction

from portico.domain.access.errors import PortalOff
from portico.domain.access.models import EmailVerification, PortalSession
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.access.secrets import stored_form
from portico.domain.access.sign_in.tokens import BROWSER
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.visitors import subnet_of

LIFETIMES = {
    EmailVerification.Kind.SIGN_IN: timedelta(minutes=15),
    EmailVerification.Kind.STEP_UP: timedelta(minutes=15),
    EmailVerification.Kind.EMAIL_CHANGE: timedelta(minutes=60),
}
_ASKED = {
    EmailVerification.Kind.SIGN_IN: Event.SIGN_IN_ASKED,
    EmailVerification.Kind.STEP_UP: Event.STEP_UP_ASKED,
    EmailVerification.Kind.EMAIL_CHANGE: Event.EMAIL_CHANGE_ASKED,
}

# Generous enough for a busy office behind one address, too few to flood a mailbox.
_PER_NETWORK = Limit("challenge of a network", 60, timedelta(minutes=15))
_PER_ADDRESS = Limit("challenge of an address", 5, timedelta(minutes=15))
_PER_BUSINESS = Limit("challenge of a business", 600, timedelta(hours=1))


@transaction.atomic
def request_verification(
    business: Business,
    kind: EmailVerification.Kind,
    email: str,
    client: ClientInfo,
    *,
    browser: str = "",
    session: PortalSession | None = None,
    page: str = "",
    language: str = "",
) -> EmailVerification:
    """Have a mail sent to `email`; returns what waits for its answer. Raises PortalOff.

    It is bound to who asks: the browser with this token, or somebody's `session`. `page` is where they want to go on.
    Over a limit the answer is the same, and nothing is mailed.
    """
    if not business.portal_enabled:
        raise PortalOff("The portal is not available.")
    email = email.strip()
    verification = EmailVerification.objects.create(
        business=business,
        customer_id=session.customer_id if session else None,
        session=session,
        kind=kind,
        email=email,
        page=page[:500],
        browser_hash=stored_form(browser, BROWSER)[0] if browser else "",
        language=language,
        ip=client.ip,
        user_agent=client.user_agent[:255],
        expires_at=now() + LIFETIMES[kind],
    )
    if _within_limits(verification):
        customer = session.customer if session else None
        record(_ASKED[kind], verification, by=_actor(customer, client))
    return verification


def _within_limits(verification: EmailVerification) -> bool:
    network, business = subnet_of(verification.ip), str(verification.business_id)
    # People who are signed in already are counted apart, so that strangers who ask without end take no mail from them.
    who = "visitor" if verification.session_id else "stranger"
    return (
        # Where a proxy hides the visitors, all of them would be one network.
        (not network or hit(_PER_NETWORK, f"{who} {network}"))
        and hit(_PER_ADDRESS, f"{business} {verification.kind} {verification.email.lower()}")
        and hit(_PER_BUSINESS, f"{who} {business}")
    )


def _actor(customer: Customer | None, client: ClientInfo) -> Actor:
    if customer is None:
        return Actor("customer", ip=client.ip)
    return Actor("customer", customer.public_id, customer.name, client.ip)
