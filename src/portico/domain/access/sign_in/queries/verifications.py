"""E-mail verifications: which one a link or a code belongs to, and whether this browser asked for it."""

from datetime import timedelta

from django.db.models import QuerySet

from portico.domain.access.errors import PortalOff, VerificationClosed, VerificationUnknown
from portico.domain.access.models import EmailVerification, PortalSession
from portico.domain.access.secrets import candidates
from portico.domain.access.sign_in.tokens import BROWSER, LINK, LINK_PREFIX, is_among
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.ids import well_formed


def find_verification(business: Business, kind: EmailVerification.Kind, secret: str) -> EmailVerification:
    """Return what a mailed link of this kind answers, as long as it can; looking changes nothing.

    Raises PortalOff, VerificationUnknown, or VerificationClosed for one that is over.
    """
    if not business.portal_enabled:
        raise PortalOff("The portal is not available.")
    found = None
    if well_formed(secret, LINK_PREFIX):
        rows = EmailVerification.objects.select_related("business", "customer", "session__grant", "session__business")
        found = rows.filter(business=business, kind=kind, secret_hash__in=candidates(secret, LINK)).first()
    if found is None:
        raise VerificationUnknown("This link is not known here.")
    if found.state != "open":
        raise VerificationClosed(found.state)
    return found


def same_browser(verification: EmailVerification, browser: str) -> bool:
    """Tell whether it was the browser with this token that asked."""
    return bool(browser) and is_among(verification.browser_hash, candidates(browser, BROWSER))


def latest(
    business: Business, kind: EmailVerification.Kind, *, browser: str = "", session: PortalSession | None = None
) -> EmailVerification | None:
    """Return what was asked last in this `browser` or this `session`, in whatever state, or None."""
    return requested_by(business, kind, browser=browser, session=session).order_by("-id").first()


def requested_by(
    business: Business, kind: EmailVerification.Kind, *, browser: str = "", session: PortalSession | None = None
) -> QuerySet[EmailVerification]:
    """All that was asked in this `browser` or this `session`, in whatever state."""
    rows = EmailVerification.objects.select_related("business", "session__grant", "session__business").filter(
        business=business, kind=kind
    )
    if session is not None:
        return rows.filter(session=session)
    return rows.filter(browser_hash__in=candidates(browser, BROWSER)) if browser else rows.none()


# How long a person who has proved an address may take to choose one of its accounts.
CHOICE = timedelta(minutes=15)


def awaiting_choice(business: Business, browser: str) -> EmailVerification | None:
    """Return the sign-in that was met in this browser and has no account yet, or None."""
    verified = requested_by(business, EmailVerification.Kind.SIGN_IN, browser=browser)
    return verified.filter(session=None, verified_at__gt=now() - CHOICE).order_by("-verified_at").first()


def find_email_change(business: Business, secret: str, kind: EmailVerification.Kind) -> EmailVerification:
    """Return the open change of an address, or its undo, by a mailed secret. Raises what `find_verification` raises."""
    verification = find_verification(business, kind, secret)
    is_change = kind == EmailVerification.Kind.EMAIL_CHANGE
    if (
        verification.customer is None
        or verification.customer.merged_into_id
        or (is_change and not business.allow_contact_edits)
    ):
        raise VerificationUnknown("This link is not known here.")
    return verification


def revertible_emails(customer: Customer) -> list[str]:
    """Return the former addresses of a customer whose readers can still take the change back, each once."""
    open_undos = EmailVerification.objects.filter(
        customer=customer, kind=EmailVerification.Kind.EMAIL_UNDO, verified_at=None, expires_at__gt=now()
    )
    return sorted(set(open_undos.values_list("email", flat=True)))
