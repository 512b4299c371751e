"""`/login/{jwt}`: links that a business signs itself, for instance after its own sign-in."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portico.domain.access import errors
from portico.domain.access.links.actions.note_refusal import note_refusal
from portico.domain.access.links.queries.signed_links import SignedLink, read_signed_link
from portico.domain.access.sign_in.actions.open_signed_link import open_signed_link
from portico.domain.access.sign_in.actions.renew_signed_link import renew_signed_link
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.web.portal.core.gate import client_of, keep_private, language_for, portal_business, public_page
from portico.web.portal.core.notices import confirm, link_renewed
from portico.web.portal.core.redirects import landing_url, next_path
from portico.web.portal.core.refusals import LinkEnded, LinkExpired, PortalUnavailable, Refusal, SignInFailed
from portico.web.portal.login.responses import hide_link, log_in, see_other


@csrf_exempt
def login(request: HttpRequest, token: str) -> HttpResponseBase:
    """Exchange a business's signed link for a session, and go on at the page that `redirect_to` names.

    A link with a `jti` is used up only by the button of a page that names the account; HEAD changes nothing. Whatever
    is wrong with a link, its holder reads the same, but for one that has ended.
    """
    business = portal_business(request)
    try:
        link = read_signed_link(business, token, request.GET.get("redirect_to", ""))
        with _language(request, business, link.customer):
            response = _opened(request, link)
    except errors.PortalOff as error:
        with _language(request, business):
            raise PortalUnavailable(business) from error
    except errors.LinkClosed as error:
        with _language(request, business, error.grant.customer):
            raise LinkEnded(business, error.reason) from error
    except errors.SignedLinkRefused as error:
        if request.method in {"GET", "POST"}:
            note_refusal(business, error, client_of(request))
        with _language(request, business, error.customer):
            raise _refusal(request, business, token, error) from error
    hide_link(response)
    return keep_private(response)


@public_page(methods=("GET", "HEAD", "POST"))
def fresh_login(request: HttpRequest, business: Business, token: str) -> HttpResponseBase:
    """Have a sign-in mail sent in place of an expired link when told to, and say that it may be on its way."""
    if request.method == "POST":
        next_url = next_path(landing_url(None, request.GET.get("redirect_to", "")))
        renew_signed_link(business, token, client_of(request), next_url)
        return see_other(request.get_full_path())
    return link_renewed(request, business)


def _language(request: HttpRequest, business: Business, customer: Customer | None = None) -> translation.override:
    return translation.override(language_for(request, business, None, customer))


def _opened(request: HttpRequest, link: SignedLink) -> HttpResponseBase:
    if link.single_use and request.method == "GET":
        return confirm(request, link.customer.business, link.customer)
    if request.method == ("POST" if link.single_use else "GET"):
        return _pressed(request, link) if link.single_use else _session(request, link)
    if request.method == "HEAD":
        return HttpResponse() if link.single_use else see_other(landing_url(None, link.page))
    return HttpResponseNotAllowed(["GET", "HEAD", *(["POST"] if link.single_use else [])])


@csrf_protect
def _pressed(request: HttpRequest, link: SignedLink) -> HttpResponseBase:
    return _session(request, link)


def _session(request: HttpRequest, link: SignedLink) -> HttpResponseBase:
    _opened_session, token = open_signed_link(link, client_of(request))
    return log_in(request, token, landing_url(None, link.page))


def _refusal(request: HttpRequest, business: Business, token: str, error: errors.SignedLinkRefused) -> Refusal:
    if error.reason != "expired":
        return SignInFailed(business)
    renew_url, page = reverse("fresh_login", args=[token]), request.GET.get("redirect_to")
    if page:
        renew_url += f"?{urlencode({'redirect_to': page})}"
    return LinkExpired(business, error.customer.email if error.customer else "", renew_url)
