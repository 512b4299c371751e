"""The gates every portal request passes, in order: business, master switch, session, section, row."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from portico.domain.access import queries as access
from portico.domain.access.actions.exchange import viewer_of
from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.lib.errors import NotFound
from portico.lib.l10n import best_language
from portico.web.portal.closed import not_found, portal_off, signed_out
from portico.web.shared.doors import entry_of, visitor_ip

type Page[**P] = Callable[Concatenate[HttpRequest, CustomerViewer, P], HttpResponseBase]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def portal_page[**P](section: str = "") -> Callable[[Page[P]], View[P]]:
    """Make a view of a page that is only for signed-in customers.

    The page gets the request and the Viewer. `section` names the business's switch that shows it; off means 404.
    """

    def decorate(page: Page[P]) -> View[P]:
        @wraps(page)
        def view(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            viewer = current_viewer(request)
            business = viewer.business if viewer else business_of(request)
            with translation.override(language_for(request, business, viewer)):
                if not business.portal_enabled:
                    response: HttpResponseBase = portal_off(request, business)
                elif viewer is None:
                    response = signed_out(request, business)
                elif section and not getattr(business, section):
                    response = not_found(request, business, viewer)
                else:
                    try:
                        response = page(request, viewer, *args, **kwargs)
                    except (NotFound, Http404):
                        response = not_found(request, business, viewer)
                    if hasattr(response, "render"):
                        response = response.render()
            return keep_private(response)

        return view

    return decorate


def current_viewer(request: HttpRequest) -> CustomerViewer | None:
    """Return who the request's cookie belongs to, at this business and host, or None."""
    entry = entry_of(request)
    token = request.COOKIES.get(cookie_name(entry.slug if entry.prefixed else ""), "")
    return viewer_of(token, slug=entry.slug, host=entry.host, ip=visitor_ip(request)) if token else None


def business_of(request: HttpRequest) -> Business:
    """Return the business whose portal this is. Raises Http404 for an unknown one."""
    business = access.business_by_slug(entry_of(request).slug)
    if business is None:
        raise Http404("There is no such portal.")
    return business


def language_for(request: HttpRequest, business: Business, viewer: CustomerViewer | None) -> str:
    """Return the reader's language: chosen in this session, the customer's, the business's, the browser's, English."""
    chosen = (viewer.session.language or viewer.customer.language) if viewer else ""
    return chosen or business.language or best_language(request.headers.get("Accept-Language", "")) or "en"


def cookie_name(slug: str) -> str:
    """The session cookie's name: one per business where several share a host."""
    name = f"portico-{slug}" if slug else "portico"
    return f"__Host-{name}" if settings.PORTICO_HTTPS else name


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """Mark what only this visitor may see, unless the page has said how it may be kept."""
    response.headers.setdefault("Cache-Control", "no-store")
    patch_vary_headers(response, ["Cookie", "Host", "Accept-Language"])
    return response

