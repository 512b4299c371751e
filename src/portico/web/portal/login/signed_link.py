"""`/login/{jwt}`: the door of links that a business signs itself, for instance after its own sign-in."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portico.domain.access.actions.signed_link import (
    SignedLink,
    note_refusal,
    open_signed_link,
    read_signed_link,
    renew_signed_link,
)
from portico.domain.access.errors import LinkClosed, PortalOff, SignedLinkRefused
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.web.portal.core.gate import business_of, keep_private, language_for, portal_door, visit_of
from portico.web.portal.core.notices import (
    confirm,
    expired,
    link_closed,
    link_renewed,
    no_portal,
    portal_off,
    signed_link_refused,
)
from portico.web.portal.core.redirects import landing, onwards_from
from portico.web.portal.login.session import come_in, keep_address, see_other


@csrf_exempt
def login(request: HttpRequest, token: str) -> HttpResponseBase:
    """Exchange a business's signed link for a session, and go on at the page that `redirect_to` names.

    A link with a `jti` is used up only by the button of a page that names the account; HEAD changes nothing. Whatever
    is wrong with a link, its holder reads the same, but for one that has ended.
    """
    business = business_of(request)
    if business is None:
        return keep_private(no_portal(request))
    try:
        link = read_signed_link(business, token, request.GET.get("redirect_to", ""))
        with _language(request, business, link.customer):
            response = _opened(request, link)
    except PortalOff:
        with _language(request, business):
            response = portal_off(request, business)
    except LinkClosed as error:
        with _language(request, business, error.grant.customer):
            response = link_closed(request, business, error.reason)
    except SignedLinkRefused as error:
        response = _refused(request, business, token, error)
    keep_address(response)
    return keep_private(response)


@portal_door(methods=("GET", "HEAD", "POST"))
def fresh_login(request: HttpRequest, business: Business, token: str) -> HttpResponseBase:
    """Have a sign-in mail sent in place of an expired link when told to, and say that it may be on its way."""
    if request.method == "POST":
        onwards = onwards_from(landing(None, request.GET.get("redirect_to", "")))
        renew_signed_link(business, token, visit_of(request), onwards)
        return see_other(request.get_full_path())
    return link_renewed(request, business)


def _language(request: HttpRequest, business: Business, customer: Customer | None = None) -> translation.override:
    return translation.override(language_for(request, business, None, customer))


def _opened(request: HttpRequest, link: SignedLink) -> HttpResponseBase:
    if link.once and request.method == "GET":
        return confirm(request, link.customer.business, link.customer)
    if request.method == ("POST" if link.once else "GET"):
        return _pressed(request, link) if link.once else _session(request, link)
    if request.method == "HEAD":
        return HttpResponse() if link.once else see_other(landing(None, link.page))
    return HttpResponseNotAllowed(["GET", "HEAD", *(["POST"] if link.once else [])])


@csrf_protect
def _pressed(request: HttpRequest, link: SignedLink) -> HttpResponseBase:
    return _session(request, link)


def _session(request: HttpRequest, link: SignedLink) -> HttpResponseBase:
    _opened_session, token = open_signed_link(link, visit_of(request))
    return come_in(request, token, landing(None, link.page))


def _refused(request: HttpRequest, business: Business, token: str, error: SignedLinkRefused) -> HttpResponseBase:
    if request.method in {"GET", "POST"}:
        note_refusal(business, error, visit_of(request))
    with _language(request, business, error.customer):
        if error.reason == "expired":
            again = reverse("fresh_login", args=[token])
            page = request.GET.get("redirect_to")
            address = error.customer.email if error.customer else ""
            return expired(request, business, address, f"{again}?{urlencode({'redirect_to': page})}" if page else again)
        return signed_link_refused(request, business)
