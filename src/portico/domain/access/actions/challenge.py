"""Asking whoever reads an address to show it: a mail with a link and a code, one of which comes back, once.

Asking never looks whose address it is: what it does and how long it takes is the same for everybody's. The worker that
mails looks, and makes link and code where somebody is to get them.
"""

from datetime import timedelta
from hmac import compare_digest

from django.db import transaction
from django.db.models import F, QuerySet

from portico.domain.access.actions.exchange import Visit
from portico.domain.access.actions.limit import Limit, network_of, take
from portico.domain.access.errors import AnotherBrowser, ChallengeClosed, ChallengeUnknown, CodeWrong, PortalOff
from portico.domain.access.models import MOST_TRIES, Challenge, PortalSession
from portico.domain.access.secrets import candidates, stored_form
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.ids import new_code, new_secret, read_code, well_formed

LIVES = {
    Challenge.Kind.SIGN_IN: timedelta(minutes=15),
    Challenge.Kind.STEP_UP: timedelta(minutes=15),
    Challenge.Kind.EMAIL_CHANGE: timedelta(minutes=60),
}

_ASKED = {
    Challenge.Kind.SIGN_IN: Event.SIGN_IN_ASKED,
    Challenge.Kind.STEP_UP: Event.STEP_UP_ASKED,
    Challenge.Kind.EMAIL_CHANGE: Event.EMAIL_CHANGE_ASKED,
}

# Generous enough for a busy office behind one address, too few to flood a mailbox.
_PER_NETWORK = Limit("challenge of a network", 60, timedelta(minutes=15))
_PER_ADDRESS = Limit("challenge of an address", 5, timedelta(minutes=15))
_PER_BUSINESS = Limit("challenge of a business", 600, timedelta(hours=1))

_LINK, _CODE, _BROWSER = "challenge_link", "challenge_code", "challenge_browser"
_LINK_PREFIX = "ch"
_BROWSER_PREFIX = "br"

# A browser may have asked several times and be given any of the codes; nobody waits for more mails than these.
_MOST_AT_ONCE = 10


def new_browser() -> str:
    """Return a token by which a browser is known again as the one that asked. It belongs in an HttpOnly cookie."""
    return new_secret(_BROWSER_PREFIX)


def is_browser(token: str) -> bool:
    """Tell whether a cookie's value is such a token."""
    return well_formed(token, _BROWSER_PREFIX)


@transaction.atomic
def ask(
    business: Business,
    kind: Challenge.Kind,
    email: str,
    visit: Visit,
    *,
    browser: str = "",
    session: PortalSession | None = None,
    page: str = "",
    language: str = "",
) -> Challenge:
    """Have a mail sent to `email`; returns what waits for its answer. Raises PortalOff.

    It is bound to who asks: the browser with this token, or somebody's `session`. `page` is where they want to go on.
    Over a limit the answer is the same, and nothing is mailed.
    """
    if not business.portal_enabled:
        raise PortalOff("The portal is not available.")
    email = email.strip()
    challenge = Challenge.objects.create(
        business=business,
        customer_id=session.customer_id if session else None,
        session=session,
        kind=kind,
        email=email,
        page=page[:500],
        browser_hash=stored_form(browser, _BROWSER)[0] if browser else "",
        language=language,
        ip=visit.ip,
        user_agent=visit.user_agent[:255],
        expires_at=now() + LIVES[kind],
    )
    if _within_limits(challenge):
        customer = session.customer if session else None
        record(_ASKED[kind], challenge, by=_actor(customer, visit))
    return challenge


@transaction.atomic
def mint(challenge: Challenge) -> tuple[str, str]:
    """Make the link's secret and the code of a mail that is about to be sent; returns both, stores neither.

    Made again, they take the place of the former ones.
    """
    secret, code = new_secret(_LINK_PREFIX), new_code()
    challenge.secret_hash = stored_form(secret, _LINK)[0]
    challenge.code_hash = stored_form(_salted(challenge, code), _CODE)[0]
    challenge.save(update_fields=["secret_hash", "code_hash"])
    return secret, code


def find_challenge(business: Business, kind: Challenge.Kind, secret: str) -> Challenge:
    """Return what a mailed link of this kind answers, as long as it can; looking changes nothing.

    Raises PortalOff, ChallengeUnknown, or ChallengeClosed for one that is over.
    """
    if not business.portal_enabled:
        raise PortalOff("The portal is not available.")
    found = None
    if well_formed(secret, _LINK_PREFIX):
        rows = Challenge.objects.select_related("business", "customer", "session__grant", "session__business")
        found = rows.filter(business=business, kind=kind, secret_hash__in=candidates(secret, _LINK)).first()
    if found is None:
        raise ChallengeUnknown("This link is not known here.")
    if found.state != "open":
        raise ChallengeClosed(found.state)
    return found


def asked_here(challenge: Challenge, browser: str) -> bool:
    """Tell whether it was the browser with this token that asked."""
    return bool(browser) and _is_among(challenge.browser_hash, candidates(browser, _BROWSER))


def meet_by_link(
    business: Business, kind: Challenge.Kind, secret: str, *, browser: str = "", code: str = ""
) -> Challenge:
    """Answer with a mailed link of this kind, once; returns what was asked. Who reads the mail is proved now.

    What a browser asked needs that browser, or the code of the same mail: then `browser` takes its place. Raises what
    `find_challenge` raises, AnotherBrowser when the code is needed, CodeWrong when it is wrong. A wrong code has to be
    counted, so this is never part of another transaction.
    """
    challenge = find_challenge(business, kind, secret)
    if not challenge.browser_hash or asked_here(challenge, browser):
        return _meet(challenge)
    if not code:
        raise AnotherBrowser("Somebody asked for this mail in another browser.")
    return _met_by_code(Challenge.objects.select_related("business").filter(pk=challenge.pk), code, browser)


def meet_by_code(
    business: Business, kind: Challenge.Kind, code: str, *, browser: str = "", session: PortalSession | None = None
) -> Challenge:
    """Answer with a code where it was asked for, in this `browser` or this `session`, once; returns what was asked.

    Raises PortalOff, ChallengeUnknown when nothing was asked here, ChallengeClosed when all that was is over, and
    CodeWrong. A wrong code has to be counted, so this is never part of another transaction.
    """
    if not business.portal_enabled:
        raise PortalOff("The portal is not available.")
    return _met_by_code(asked_by(business, kind, browser=browser, session=session), code)


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
    return rows.filter(browser_hash__in=candidates(browser, _BROWSER)) if browser else rows.none()


def _met_by_code(asked: QuerySet[Challenge], code: str, browser: str = "") -> Challenge:
    met = _tried(asked, read_code(code), browser)
    if met is None:
        raise CodeWrong("This is not the code in the mail.")
    return met


@transaction.atomic(durable=True)
def _tried(asked: QuerySet[Challenge], code: str, browser: str) -> Challenge | None:
    rows = list(asked.select_for_update(of=("self",)).order_by("-id")[:_MOST_AT_ONCE])
    if not rows:
        raise ChallengeUnknown("Nothing was asked here.")
    standing = [row for row in rows if row.state == "open"]
    if not standing:
        raise ChallengeClosed(rows[0].state)
    # All are compared, so that the time tells nothing about which.
    right = [row for row in standing if _is_among(row.code_hash, candidates(_salted(row, code), _CODE))]
    if not right:
        Challenge.objects.filter(pk__in=[row.pk for row in standing]).update(tries=F("tries") + 1)
        return None
    if browser:
        right[0].browser_hash = stored_form(browser, _BROWSER)[0]
        right[0].save(update_fields=["browser_hash"])
    return _meet(right[0])


def _meet(challenge: Challenge) -> Challenge:
    moment = now()
    standing = Challenge.objects.filter(pk=challenge.pk, met_at=None, tries__lt=MOST_TRIES)
    if not standing.update(met_at=moment):
        raise ChallengeClosed("used_up")
    challenge.met_at = moment
    return challenge


def _is_among(stored: str, forms: list[str]) -> bool:
    return any(compare_digest(stored, form) for form in forms)


def _salted(challenge: Challenge, code: str) -> str:
    return f"{challenge.id}\x00{code}"


def _within_limits(challenge: Challenge) -> bool:
    network, business = network_of(challenge.ip), str(challenge.business_id)
    # Whoever is in already is counted apart, so that strangers who ask without end take no mail from them.
    who = "visitor" if challenge.session_id else "stranger"
    return (
        # Where a proxy hides the visitors, all of them would be one network.
        (not network or take(_PER_NETWORK, f"{who} {network}"))
        and take(_PER_ADDRESS, f"{business} {challenge.kind} {challenge.email.lower()}")
        and take(_PER_BUSINESS, f"{who} {business}")
    )


def _actor(customer: Customer | None, visit: Visit) -> Actor:
    if customer is None:
        return Actor("customer", ip=visit.ip)
    return Actor("customer", customer.public_id, customer.name, visit.ip)
