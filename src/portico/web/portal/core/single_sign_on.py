"""Customers who sign in at their business's own site: My Account sends them there, and the business's link brings them
back.

Visitors with a link are never sent away: the link is enough. Nor is somebody who has just been there or just left.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portico.domain.businesses.models import Business
from portico.lib.origins import parse_url
from portico.web.portal.core.redirects import page_at

# Who comes back signed out within this time is not sent away again, but reads what there is to do.
_STAYS_FOR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class OwnSite:
    """A business's own site: its host, and the address of its sign-in with the page to come back to."""

    name: str
    url: str


def sent_to_sign_in(request: HttpRequest, business: Business, cookie: str) -> HttpResponse | None:
    """Return the way to the business's own sign-in, or None for a visitor who is to stay.

    `cookie` is the name of this portal's session cookie.
    """
    if not business.sign_in_url or request.method not in {"GET", "HEAD"}:
        return None
    # htmx would ask the other site for a part of this page; it is told to load the whole page instead.
    if request.headers.get("HX-Request") == "true" or _mark(cookie) in request.COOKIES:
        return None
    response = HttpResponse(status=302, headers={"Location": _sign_in_url(business, request.get_full_path())})
    keep_here(response, cookie)
    return response


def own_site(business: Business, path: str) -> OwnSite | None:
    """Return the site where a business has its customers sign in, if it has one; `path` is where they want to go."""
    if not business.sign_in_url:
        return None
    return OwnSite(parse_url(business.sign_in_url).host, _sign_in_url(business, path))


def keep_here(response: HttpResponse, cookie: str) -> None:
    """Let this browser not be sent away for a while."""
    response.set_cookie(
        _mark(cookie), "1", max_age=_STAYS_FOR, secure=settings.PORTICO_HTTPS, httponly=True, samesite="Lax"
    )


def _sign_in_url(business: Business, path: str) -> str:
    parts = urlsplit(business.sign_in_url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "return_to"]
    query.append(("return_to", page_at(path)))
    return urlunsplit(parts._replace(query=urlencode(query)))


def _mark(cookie: str) -> str:
    return f"{cookie}.stays"
