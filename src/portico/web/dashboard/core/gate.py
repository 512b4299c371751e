"""The gates every staff request passes, in order: signed in, a business, the row through the Viewer's query."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from portico.domain.access.queries import businesses_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.models import Business, User
from portico.lib.errors import NotFound
from portico.lib.l10n import best_language
from portico.web.dashboard.core.error_pages import no_business, not_found
from portico.web.shared.sites import visitor_ip

type StaffPage[**P] = Callable[Concatenate[HttpRequest, StaffViewer, P], HttpResponseBase]
type MemberPage[**P] = Callable[Concatenate[HttpRequest, User, list[Business], P], HttpResponseBase]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

_CHOSEN = "business"
_HAVE_SEVERAL = "portico.staff.several"


def staff_page[**P](page: StaffPage[P]) -> View[P]:
    """Make a view of a page for staff of one business; the page gets the request and the Viewer.

    Somebody who belongs to several businesses chooses one first. What is not this business's answers 404.
    """

    def of_business(
        request: HttpRequest, user: User, businesses: list[Business], /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        business = _chosen(request, businesses)
        if business is None:
            params = {"next": request.get_full_path()} if request.method == "GET" else {}
            return HttpResponseRedirect(reverse("businesses") + ("?" + urlencode(params) if params else ""))
        request.META[_HAVE_SEVERAL] = len(businesses) > 1
        viewer = StaffViewer(business, user, visitor_ip(request))
        if "\x00" in request.path:
            # Nothing is called so, and PostgreSQL refuses to look for it.
            return not_found(request)
        try:
            return page(request, viewer, *args, **kwargs)
        except (NotFound, Http404):
            return not_found(request)

    return member_page(wraps(page)(of_business))


def member_page[**P](page: MemberPage[P]) -> View[P]:
    """Make a view of a page for whoever is signed in and belongs to a business; the page gets the user and these."""

    @wraps(page)
    def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        with translation.override(staff_language(request)):
            user = request.user
            if not isinstance(user, User):
                params = urlencode({"next": request.get_full_path() if request.method == "GET" else "/"})
                return keep_private(HttpResponseRedirect(f"{reverse('account_login')}?{params}"))
            businesses = list(businesses_of(user))
            response = page(request, user, businesses, *args, **kwargs) if businesses else no_business(request, user)
        return keep_private(response)

    return view


def no_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Answer for an address that the base host does not have."""
    with translation.override(staff_language(request)):
        return keep_private(not_found(request))


def choose(request: HttpRequest, business: Business) -> None:
    """Keep which business a member of staff works for, until they sign out or choose another."""
    request.session[_CHOSEN] = str(business.pk)


def has_several(request: HttpRequest) -> bool:
    """Tell whether the member of staff asking belongs to more than one business."""
    return bool(request.META.get(_HAVE_SEVERAL))


def staff_language(request: HttpRequest) -> str:
    """Return the language of a member of staff: the browser's, else English."""
    return best_language(request.headers.get("Accept-Language", "")) or "en"


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """Mark what only this visitor may see."""
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Cookie", "Host", "Accept-Language"])
    return response


def _chosen(request: HttpRequest, businesses: list[Business]) -> Business | None:
    if len(businesses) == 1:
        return businesses[0]
    chosen = request.session.get(_CHOSEN)
    return next((business for business in businesses if str(business.pk) == chosen), None)
