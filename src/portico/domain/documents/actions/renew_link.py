"""A link that has expired is followed by a fresh one, mailed to the address on file and to no other."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from portico.domain.access.errors import LinkClosed, LinkUnknown, PortalOff
from portico.domain.access.links.queries.grants import find_grant, renewal_email
from portico.domain.access.models import EmailVerification, Grant, Purpose
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.access.sign_in.actions.request_verification import request_verification
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.documents.link_life import refuse_ended
from portico.lib.clock import now
from portico.lib.visitors import subnet_of

# Enough for a reader who looks into the spam folder late, too few to flood a mailbox.
_PER_LINK = Limit("renewal of a link", 3, timedelta(hours=1))
_PER_ADDRESS = Limit("renewal to an address", 5, timedelta(hours=1))
_PER_NETWORK = Limit("renewal from a network", 20, timedelta(hours=1))


@transaction.atomic
def renew_link(
    business: Business, secret: str, client: ClientInfo, next_path: Callable[[Grant], str], page: str = ""
) -> None:
    """Have a fresh link mailed in place of an expired one, which leads to the same `page`. Raises PortalOff.

    Nothing tells whether a mail is on its way.

    A portal link and a link to one thing are followed by one of the same kind; any other, and a portal link that has a
    successor already, by a sign-in mail that continues at the path that `next_path` gives. A link that was revoked or
    replaced is not renewed.
    """
    if not business.portal_enabled:
        raise PortalOff("The portal is not available.")
    try:
        refuse_ended(find_grant(business, secret))
    except LinkUnknown:
        return
    except LinkClosed as closed:
        if closed.reason == "expired" and _within_limits(closed.grant, client):
            _renew(closed.grant, client, next_path, page)


def _renew(grant: Grant, client: ClientInfo, next_path: Callable[[Grant], str], page: str) -> None:
    follows_itself = _follows_itself(grant)
    if not follows_itself:
        request_verification(
            grant.business, EmailVerification.Kind.SIGN_IN, renewal_email(grant), client, page=next_path(grant)
        )
    record(
        Event.LINK_RENEWAL_ASKED,
        grant,
        by=Actor("customer", grant.customer.public_id, grant.customer.name, client.ip),
        data={"purpose": grant.purpose, "page": page} if page else {"purpose": grant.purpose},
        announce=follows_itself,
    )


def _follows_itself(grant: Grant) -> bool:
    """Tell whether a fresh link of the same kind takes the place of an expired one without ending another."""
    if grant.purpose == Purpose.DOCUMENT_LINK:
        return True
    links = Grant.objects.filter(customer=grant.customer_id, purpose="portal_link", revoked_at=None)
    return grant.purpose == Purpose.PORTAL_LINK and not links.filter(expires_at__gt=now()).exists()


def _within_limits(grant: Grant, client: ClientInfo) -> bool:
    address, network = renewal_email(grant), subnet_of(client.ip)
    return (
        bool(address)
        # Where a proxy hides the visitors, all of them would be one network.
        and (not network or hit(_PER_NETWORK, network))
        and hit(_PER_LINK, str(grant.id))
        and hit(_PER_ADDRESS, f"{grant.business_id} {address.lower()}")
    )
