from django.db import transaction
from django.db.models import F, QuerySet

from portico.domain.access.errors import AnotherBrowser, CodeWrong, PortalOff, VerificationClosed, VerificationUnknown
from portico.domain.access.models import MOST_TRIES, EmailVerification, PortalSession
from portico.domain.access.secrets import candidates, stored_form
from portico.domain.access.sign_in.queries.verifications import find_verification, requested_by, same_browser
from portico.domain.access.sign_in.tokens import BROWSER, CODE, is_among, salted
from portico.domain.businesses.models import Business
from portico.lib.clock import now
from portico.lib.ids import read_code

# A browser may have requested several and be given any of the codes; nobody waits for more mails than these.
_MOST_AT_ONCE = 10


def verify_by_link(
    business: Business, kind: EmailVerification.Kind, secret: str, *, browser: str = "", code: str = ""
) -> EmailVerification:
    """Verify an address by a mailed link of this kind, which works once; returns the verification.

    One that was requested in a browser needs that browser, or the code of the same mail: then it is bound to `browser`
    instead. Raises what `find_verification` raises, AnotherBrowser when the code is needed, CodeWrong when it is wrong.
    A wrong code has to be counted, so this is never part of another transaction.
    """
    verification = find_verification(business, kind, secret)
    if not verification.browser_hash or same_browser(verification, browser):
        return _mark_verified(verification)
    if not code:
        raise AnotherBrowser("Somebody asked for this mail in another browser.")
    return _verify_code(EmailVerification.objects.select_related("business").filter(pk=verification.pk), code, browser)


def verify_by_code(
    business: Business,
    kind: EmailVerification.Kind,
    code: str,
    *,
    browser: str = "",
    session: PortalSession | None = None,
) -> EmailVerification:
    """Verify an address by a code, once, in the `browser` or the `session` that requested it; returns the verification.

    Raises PortalOff, VerificationUnknown when nothing was requested here, VerificationClosed when nothing is open any
    more, and CodeWrong. A wrong code has to be counted, so this is never part of another transaction.
    """
    if not business.portal_enabled:
        raise PortalOff("The portal is not available.")
    return _verify_code(requested_by(business, kind, browser=browser, session=session), code)


def _verify_code(requested: QuerySet[EmailVerification], code: str, browser: str = "") -> EmailVerification:
    verified = _try_code(requested, read_code(code), browser)
    if verified is None:
        raise CodeWrong("This is not the code in the mail.")
    return verified


@transaction.atomic(durable=True)
def _try_code(requested: QuerySet[EmailVerification], code: str, browser: str) -> EmailVerification | None:
    rows = list(requested.select_for_update(of=("self",)).order_by("-id")[:_MOST_AT_ONCE])
    if not rows:
        raise VerificationUnknown("Nothing was requested here.")
    usable = [row for row in rows if row.state == "open"]
    if not usable:
        raise VerificationClosed(rows[0].state)
    # All are compared, so that the time tells nothing about which.
    right = [row for row in usable if is_among(row.code_hash, candidates(salted(row, code), CODE))]
    if not right:
        EmailVerification.objects.filter(pk__in=[row.pk for row in usable]).update(tries=F("tries") + 1)
        return None
    if browser:
        right[0].browser_hash = stored_form(browser, BROWSER)[0]
        right[0].save(update_fields=["browser_hash"])
    return _mark_verified(right[0])


def _mark_verified(verification: EmailVerification) -> EmailVerification:
    moment = now()
    unverified = EmailVerification.objects.filter(pk=verification.pk, verified_at=None, tries__lt=MOST_TRIES)
    if not unverified.update(verified_at=moment):
        raise VerificationClosed("used_up")
    verification.verified_at = moment
    return verification
