from django.db import transaction
from django.db.models import F, QuerySet

from portico.domain.access.errors import AnotherBrowser, ChallengeClosed, ChallengeUnknown, CodeWrong, PortalOff
from portico.domain.access.models import MOST_TRIES, Challenge, PortalSession
from portico.domain.access.secrets import candidates, stored_form
from portico.domain.access.sign_in.queries.verifications import asked_by, asked_here, find_challenge
from portico.domain.access.sign_in.tokens import BROWSER, CODE, is_among, salted
from portico.domain.businesses.models import Business
from portico.lib.clock import now
from portico.lib.ids import read_code

# A browser may have asked several times and be given any of the codes; nobody waits for more mails than these.
_MOST_AT_ONCE = 10


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
    right = [row for row in standing if is_among(row.code_hash, candidates(salted(row, code), CODE))]
    if not right:
        Challenge.objects.filter(pk__in=[row.pk for row in standing]).update(tries=F("tries") + 1)
        return None
    if browser:
        right[0].browser_hash = stored_form(browser, BROWSER)[0]
        right[0].save(update_fields=["browser_hash"])
    return _meet(right[0])


def _meet(challenge: Challenge) -> Challenge:
    moment = now()
    standing = Challenge.objects.filter(pk=challenge.pk, met_at=None, tries__lt=MOST_TRIES)
    if not standing.update(met_at=moment):
        raise ChallengeClosed("used_up")
    challenge.met_at = moment
    return challenge
