"""What whoever reads an address was asked, and whether it was here."""

from datetime import timedelta

from django.db.models import QuerySet

from portico.domain.access.errors import ChallengeClosed, ChallengeUnknown, PortalOff
from portico.domain.access.models import Challenge, PortalSession
from portico.domain.access.secrets import candidates
from portico.domain.access.sign_in.tokens import BROWSER, LINK, LINK_PREFIX, is_among
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.ids import well_formed


def find_challenge(business: Business, kind: Challenge.Kind, secret: str) -> Challenge:
    """Return what a mailed link of this kind answers, as long as it can; looking changes nothing.

    Raises PortalOff, ChallengeUnknown, or ChallengeClosed for one that is over.
    """
    if not business.portal_enabled:
        raise PortalOff("The portal is not available.")
    found = None
    if well_formed(secret, LINK_PREFIX):
        rows = Challenge.objects.select_related("business", "customer", "session__grant", "session__business")
        found = rows.filter(business=business, kind=kind, secret_hash__in=candidates(secret, LINK)).first()
    if found is None:
        raise ChallengeUnknown("This link is not known here.")
    if found.state != "open":
        raise ChallengeClosed(found.state)
    return found


def asked_here(challenge: Challenge, browser: str) -> bool:
    """Tell whether it was the browser with this token that asked."""
    return bool(browser) and is_among(challenge.browser_hash, candidates(browser, BROWSER))


def latest(
    business: Business, kind: Challenge.Kind, *, browser: str = "", session: PortalSession | None = None
) -> Challenge | None:
    """Return what was asked last in this `browser` or this `session`, in whatever state, or None."""
    return asked_by(business, kind, browser=browser, session=session).order_by("-id").first()


def asked_by(
    business: Business, kind: Challenge.Kind, *, browser: str = "", session: PortalSession | None = None
) -> QuerySet[Challenge]:
    """All that was asked in this `browser` or this `session`, in whatever state."""
    rows = Challenge.objects.select_related("business", "session__grant", "session__business").filter(
        business=business, kind=kind
    )
    if session is not None:
        return rows.filter(session=session)
    return rows.filter(browser_hash__in=candidates(browser, BROWSER)) if browser else rows.none()


# How long whoever has proved an address may take to choose one of its accounts.
CHOICE = timedelta(minutes=15)


def waiting(business: Business, browser: str) -> Challenge | None:
    """Return the sign-in that was met in this browser and has no account yet, or None."""
    met = asked_by(business, Challenge.Kind.SIGN_IN, browser=browser)
    return met.filter(session=None, met_at__gt=now() - CHOICE).order_by("-met_at").first()


def find_email_change(business: Business, secret: str, kind: Challenge.Kind) -> Challenge:
    """Return what a mailed link changes or takes back; looking changes nothing. Raises what `find_challenge` raises."""
    challenge = find_challenge(business, kind, secret)
    if challenge.customer is None or (kind == Challenge.Kind.EMAIL_CHANGE and not business.allow_contact_edits):
        raise ChallengeUnknown("This link is not known here.")
    return challenge


def addresses_to_take_back(customer: Customer) -> list[str]:
    """Return the former addresses of a customer whose readers can still take the change back, each once."""
    open_undos = Challenge.objects.filter(
        customer=customer, kind=Challenge.Kind.EMAIL_UNDO, met_at=None, expires_at__gt=now()
    )
    return sorted(set(open_undos.values_list("email", flat=True)))
