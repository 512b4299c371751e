"""The closed doors: one card, the business's mark, one sentence, one thing to do. In whatever language is active."""

from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portico.domain.access.errors import LinkClosed
from portico.domain.access.models import Grant
from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import DEFAULT_ACCENT, Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.renew_link import renewal_address
from portico.lib.email import masked
from portico.lib.l10n import apart, best_language
from portico.web.portal.core.layout import Link, brand_of, customer_page
from portico.web.portal.core.sign_in_card import Greeting, invitation, sign_in_card
from portico.web.portal.core.single_sign_on import own_site
from portico.web.portal.core.urls import page_address
from portico.web.shared.page import brand, page


@dataclass(frozen=True, slots=True)
class Notice:
    """What a closed door says. `kicker` stands above the heading.

    `sign_in` offers to sign in, by e-mail and at the business's own site, `ask` to write for a fresh link.
    `renew_url` is where one is mailed, `onward` a page to go on to.
    """

    heading: str
    text: str
    kicker: str = ""
    ask: bool = False
    sign_in: bool = False
    renew_url: str = ""
    onward: Link | None = None


def portal_off(request: HttpRequest, business: Business) -> HttpResponse:
    """Answer while the business's master switch is off."""
    text = _("The portal of %(name)s is not open at the moment. Please ask them directly.")
    notice = Notice(_("Portal not available"), text % {"name": apart(business.name)})
    return _closed(request, business, notice, 404)


def signed_out(request: HttpRequest, business: Business, reason: str = "") -> HttpResponse:
    """Answer somebody without a session. `reason` says why a former one is over, as `why_ended` tells it."""
    if reason in {"expired", "revoked", "replaced"}:
        return link_closed(request, business, reason)
    if reason == "timed_out":
        text = _("To keep your account safe, a visit ends after a while. Sign in again, or open your link.")
        greeting = Greeting(_("Your visit has ended"), text)
    elif reason:
        text = _("Sign in again, or open the link that %(name)s sent you.") % {"name": apart(business.name)}
        greeting = Greeting(_("You are signed out"), text)
    else:
        greeting = invitation()
    onwards = request.get_full_path() if request.method == "GET" else ""
    response = sign_in_card(request, business, greeting, onwards=onwards, status=403)
    # htmx would put this card into the middle of a page; the whole page is to go instead.
    if request.headers.get("HX-Request") == "true":
        response.headers["HX-Refresh"] = "true"
    return response


def link_over(request: HttpRequest, over: LinkClosed, secret: str) -> HttpResponse:
    """Answer for a link that was good once and is not any more."""
    if over.reason == "expired":
        return link_expired(request, over.grant, secret)
    return link_closed(request, over.grant.business, over.reason)


def link_expired(request: HttpRequest, grant: Grant, secret: str) -> HttpResponse:
    """Answer for a link that has expired: where an address is on file, a fresh one goes there with one press."""
    return expired(request, grant.business, renewal_address(grant), reverse("fresh_link", args=[secret]))


def expired(request: HttpRequest, business: Business, address: str, renew_url: str) -> HttpResponse:
    """Answer for an expired link whose successor goes to an `address` on file, if there is one, from `renew_url`."""
    if not address:
        return link_closed(request, business, "expired")
    text = _("We can send a new one to %(email)s. It leads to the same page.") % {"email": apart(masked(address))}
    notice = Notice(_("This link has expired"), text, kicker=_("Access denied"), sign_in=True, renew_url=renew_url)
    return _closed(request, business, notice, 403)


def link_renewed(request: HttpRequest, business: Business) -> HttpResponse:
    """Answer whoever asked for a fresh link, the same for every link."""
    text = _("If an address is on file, a new link is on its way there. If it does not come, please ask %(name)s.")
    notice = Notice(_("Check your mail"), text % {"name": apart(business.name)})
    return _closed(request, business, notice, 200)


def link_closed(request: HttpRequest, business: Business, reason: str) -> HttpResponse:
    """Answer for a link that has ended: `reason` is expired, revoked, replaced or used_up."""
    denied, name = _("Access denied"), {"name": apart(business.name)}
    if reason == "expired":
        text = _("A link to your account works for a limited time. %(name)s can send you a fresh one.") % name
        notice = Notice(_("This link has expired"), text, kicker=denied, ask=True, sign_in=True)
    elif reason == "replaced":
        text = _("There is a newer link to your account. Open the latest one that %(name)s sent you.") % name
        notice = Notice(_("This link has been replaced"), text, kicker=denied, ask=True, sign_in=True)
    elif reason == "used_up":
        text = _("This link was meant to be opened once. %(name)s can send you a fresh one.") % name
        notice = Notice(_("This link has been used"), text, kicker=denied, ask=True, sign_in=True)
    else:
        text = _("%(name)s has withdrawn this link. Please ask them if you still need access.") % name
        notice = Notice(denied, text, ask=True, sign_in=True)
    return _closed(request, business, notice, 403)


def signed_link_refused(request: HttpRequest, business: Business) -> HttpResponse:
    """Answer for a signed link that is not good, the same whatever is wrong with it."""
    text = _("Please go back to where you came from and sign in there once more, or ask %(name)s.")
    heading = _("This sign-in did not work")
    notice = Notice(heading, text % {"name": apart(business.name)}, ask=True, sign_in=True)
    return _closed(request, business, notice, 403)


def confirm(request: HttpRequest, business: Business, customer: Customer) -> HttpResponse:
    """Ask whoever opened a link that opens once to come in, naming the account."""
    return page(request, "portal/confirm.html", {"account": customer.name}, house=brand_of(business))


def email_link_closed(request: HttpRequest, business: Business, reason: str) -> HttpResponse:
    """Answer for a link about a changed address that is over: `reason` is expired, withdrawn or used_up."""
    if reason in {"expired", "withdrawn"}:
        heading = _("This link has expired") if reason == "expired" else _("This link no longer works")
        text = _("Nothing was changed by it. You can ask for the change again in the billing details.")
        onward = Link(_("Billing details"), page_address("billing_details"))
        notice = Notice(heading, text, onward=onward)
    else:
        onward = Link(_("My Account"), page_address("home"))
        notice = Notice(_("This link has been used"), _("What it was for is done, or is over."), onward=onward)
    return _closed(request, business, notice, 403)


def link_unknown(request: HttpRequest, business: Business) -> HttpResponse:
    """Answer for a link that nobody was ever given."""
    text = _("Please check that the whole address was copied, or ask %(name)s for a fresh link.")
    notice = Notice(_("We don’t know this link"), text % {"name": apart(business.name)}, ask=True, sign_in=True)
    return _closed(request, business, notice, 404)


def another_account(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Answer what was sent from a page made for another account: nothing was done."""
    response = customer_page(request, viewer, "portal/another_account.html", {}, status=409)
    if request.headers.get("HX-Request") == "true":
        response.headers["HX-Refresh"] = "true"
    return response


def farewell(request: HttpRequest, business: Business) -> HttpResponse:
    """Answer after signing out."""
    text = _("Sign in again, or open your link, whenever you want to come back.")
    notice = Notice(_("You have signed out"), text, sign_in=True)
    return _closed(request, business, notice, 200)


def no_account(request: HttpRequest, business: Business) -> HttpResponse:
    """Answer whoever has proved an address that opens nothing, or not any more."""
    text = _("Your address belongs to no account here any more. Please ask %(name)s.") % {"name": apart(business.name)}
    return _closed(request, business, Notice(_("There is no account to open"), text, sign_in=True), 403)


def not_found(request: HttpRequest, business: Business, viewer: CustomerViewer) -> HttpResponse:
    """Answer for what is not there, not shown, or somebody else's."""
    return customer_page(request, viewer, "portal/not_found.html", {}, status=404)


def nothing_here(request: HttpRequest, business: Business) -> HttpResponse:
    """Answer for a link that works but leads to what is not shown, or not any more."""
    text = _("What this link led to is not shown any more. Please ask %(name)s.") % {"name": apart(business.name)}
    return _closed(request, business, Notice(_("There is nothing here"), text), 404)


def no_portal(request: HttpRequest) -> HttpResponse:
    """Answer where no business has its portal, in the browser's language."""
    with translation.override(best_language(request.headers.get("Accept-Language", "")) or "en"):
        notice = Notice(_("There is nothing here"), _("Please check the address."))
        context = {
            "notice": notice,
            "renew_url": "",
            "sign_in_url": "",
            "site": None,
            "ask_url": "",
            "email": "",
            "phone": "",
        }
        return page(request, "portal/notice.html", context, house=brand(_("Portal"), DEFAULT_ACCENT), status=404)


def _closed(request: HttpRequest, business: Business, notice: Notice, status: int) -> HttpResponse:
    subject = quote(_("A fresh link to my account"))
    context = {
        "notice": notice,
        "renew_url": notice.renew_url,
        "sign_in_url": reverse("sign_in") if notice.sign_in else "",
        "site": own_site(business, request.get_full_path()) if notice.sign_in else None,
        "ask_url": f"mailto:{business.email}?subject={subject}" if notice.ask and business.email else "",
        "email": business.email,
        "phone": business.phone,
    }
    return page(request, "portal/notice.html", context, house=brand_of(business), status=status)
