from django.db import transaction

from portico.domain.access.errors import LinkClosed, SignedLinkRefused
from portico.domain.access.links.queries.signed_links import read_signed_link
from portico.domain.access.models import EmailVerification
from portico.domain.access.sign_in.actions.request_verification import request_verification
from portico.domain.access.viewer import ClientInfo
from portico.domain.businesses.models import Business


@transaction.atomic
def renew_signed_link(business: Business, token: str, client: ClientInfo, next_path: str) -> None:
    """Have a sign-in mail sent in place of an expired link, to the customer's address on file. Raises PortalOff.

    Nothing tells whether a mail is on its way. It continues at `next_path`, a path of the portal.
    """
    try:
        read_signed_link(business, token, "")
    except SignedLinkRefused as refused:
        if refused.reason == "expired" and refused.customer and refused.customer.email:
            request_verification(
                business, EmailVerification.Kind.SIGN_IN, refused.customer.email, client, page=next_path
            )
    except LinkClosed:
        return
