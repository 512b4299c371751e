"""Coming in and going out: a link's secret becomes a session, and signing out ends it."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portico.domain.access.actions.exchange import end_session, find_grant, open_session
from portico.domain.access.errors import LinkClosed, LinkUnknown, PortalOff
from portico.domain.access.models import Grant
from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.link_life import usable_link
from portico.web.portal.core.gate import (
    EVERY_TARGET,
    business_of,
    cookie_of,
    current_viewer,
    keep_private,
    language_for,
    portal_page,
    visit_of,
)
from portico.web.portal.core.notices import confirm, farewell, link_over, link_unknown, no_portal, portal_off
from portico.web.portal.core.redirects import landing
from portico.web.portal.core.single_sign_on import keep_here


@csrf_exempt
def enter(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Exchange a link's secret for a session, and go on at an address that doesn't hold it. HEAD changes nothing.

    A link that opens once is used up only by the button of a page that names the account: programs that look at links
    in mails do not press it.
    """
    business = business_of(request)
    if business is None:
        return keep_private(no_portal(request))
    with translation.override(language_for(request, business, None, customer_of(business, secret))):
        response = _opened(request, business, secret)
    keep_address(response)
    return keep_private(response)


@portal_page(methods=["POST"], opens=EVERY_TARGET)
def sign_out(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """End the session, and have the browser forget what it kept of the portal."""
    end_session(viewer)
    rotate_token(request)
    response = see_other(reverse("signed_out"))
    response.delete_cookie(cookie_of(request), samesite="Lax")
    # Not "cookies": that would take those of the whole domain, other portals' and the staff's among them.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    if viewer.business.sign_in_url:
        # Who leaves on purpose is not signed in again by the next page.
        keep_here(response, cookie_of(request))
    return response


@csrf_exempt
def signed_out(request: HttpRequest) -> HttpResponseBase:
    """Show that the visit is over; whoever is still signed in goes to their account."""
    business = business_of(request)
    if business is None:
        return keep_private(no_portal(request))
    if current_viewer(request) and business.portal_enabled:
        return keep_private(see_other(reverse("home")))
    with translation.override(language_for(request, business, None)):
        return keep_private(farewell(request, business) if business.portal_enabled else portal_off(request, business))


def _opened(request: HttpRequest, business: Business, secret: str) -> HttpResponseBase:
    try:
        grant = usable_link(business, secret)
        if grant.once and request.method == "GET":
            return confirm(request, grant.business, grant.customer)
        if request.method == ("POST" if grant.once else "GET"):
            return _pressed(request, grant) if grant.once else _session(request, grant)
    except PortalOff:
        return portal_off(request, business)
    except LinkUnknown:
        return link_unknown(request, business)
    except LinkClosed as error:
        return link_over(request, error, secret)
    if request.method == "HEAD":
        return HttpResponse() if grant.once else see_other(landing(grant.target, grant.page))
    return HttpResponseNotAllowed(["GET", "HEAD", *(["POST"] if grant.once else [])])


@csrf_protect
def _pressed(request: HttpRequest, grant: Grant) -> HttpResponseBase:
    return _session(request, grant)


def _session(request: HttpRequest, grant: Grant) -> HttpResponseBase:
    _opened_session, token = open_session(grant, visit_of(request))
    return come_in(request, token, landing(grant.target, grant.page))


def keep_address(response: HttpResponseBase) -> None:
    """Let the next page not learn a link's address.

    A page with a form may not say so: its browser would not tell where the form comes from, and then it is not taken.
    Other sites are told nothing by either.
    """
    if response.status_code == HTTPStatus.SEE_OTHER:
        response.headers["Referrer-Policy"] = "no-referrer"


def come_in(request: HttpRequest, token: str, path: str) -> HttpResponse:
    """Go on at `path` with a session that was opened just now; one that this browser had before ends."""
    former = current_viewer(request)
    if former is not None:
        end_session(former)
    return hand_over(request, token, lambda: see_other(path))


def hand_over(request: HttpRequest, token: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Give the browser its new session with an answer, which is made with the new secret of its forms."""
    rotate_token(request)
    response = answer()
    response.set_cookie(cookie_of(request), token, secure=settings.PORTICO_HTTPS, httponly=True, samesite="Lax")
    return response


def customer_of(business: Business, secret: str) -> Customer | None:
    """Return whose link this is, whether it still works or not."""
    try:
        return find_grant(business, secret).customer
    except LinkUnknown:
        return None


def see_other(path: str) -> HttpResponse:
    """Answer what was sent by going on at a path."""
    return HttpResponse(status=303, headers={"Location": path})
