"""Links of every kind: the one a secret belongs to, and those a viewer may see."""

from django.db.models import QuerySet

from portico.domain.access.errors import LinkUnknown
from portico.domain.access.models import PREFIXES, Grant, Purpose
from portico.domain.access.secrets import candidates
from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.ids import well_formed


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


SIGN_IN_PURPOSES = (Purpose.MAGIC_LINK, Purpose.SIGNED_LINK, Purpose.API_PORTAL_URL)


def grants(viewer: Viewer) -> QuerySet[Grant]:
    """The links a viewer may see, newest first."""
    rows = Grant.objects.filter(business=viewer.business).select_related("customer").order_by("-created_at")
    return rows.filter(customer=viewer.customer) if isinstance(viewer, CustomerViewer) else rows


def sign_in_links(viewer: Viewer, customer: Customer) -> QuerySet[Grant]:
    """The links of a customer that stand for a sign-in: staff's, programs' and those the business signed itself."""
    return grants(viewer).filter(customer=customer, purpose__in=SIGN_IN_PURPOSES)


def renewal_email(grant: Grant) -> str:
    """Return the e-mail address that a fresh link in place of this expired one goes to; empty when there is none."""
    if grant.recover_until is not None and now() >= grant.recover_until:
        return ""
    return (grant.contact.email if grant.contact else "") or grant.customer.email
