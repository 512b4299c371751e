"""Asking for a fresh link in place of an expired one. The answer is the same for every link there is or is not."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation

from portico.domain.access.links.pages import known_page
from portico.domain.access.models import Grant
from portico.domain.businesses.models import Business
from portico.domain.documents.actions.renew_link import renew_link
from portico.web.portal.core.gate import client_of, language_for, link_of, public_page
from portico.web.portal.core.notices import link_renewed
from portico.web.portal.core.redirects import landing_url, next_path
from portico.web.portal.login.responses import see_other


@public_page(methods=("GET", "HEAD", "POST"))
def fresh_link(request: HttpRequest, business: Business, secret: str) -> HttpResponseBase:
    """Have a fresh link mailed when told to, and say that it may be on its way."""
    if request.method != "POST":
        # As the page speaks that led here.
        grant = link_of(business, secret)
        with translation.override(language_for(request, business, None, grant.customer if grant else None)):
            return link_renewed(request, business)
    page = known_page(request.GET.get("page", ""))
    renew_link(business, secret, client_of(request), lambda grant: _next_path(grant, page), page)
    return see_other(reverse("fresh_link", args=[secret]))


def _next_path(grant: Grant, page: str) -> str:
    return next_path(landing_url(grant.target, page or grant.page))
