"""The gates every staff request passes, in order: signed in, a business, its rule for second factors, the role.

The row comes through the Viewer's query.

Every view says who may open it: `anybody`, `person` (everybody signed in), `staff` (of the business) or `owner`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from portico.domain.access.queries import memberships_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.models import Business, Membership, User
from portico.lib.errors import NotFound
from portico.lib.l10n import best_language
from portico.web.dashboard.core.error_pages import no_business, not_found, owners_only
from portico.web.dashboard.core.second_factor import with_second_factor
from portico.web.shared.sites import visitor_ip

type StaffPage[**P] = Callable[Concatenate[HttpRequest, StaffViewer, P], HttpResponseBase]
type MemberPage[**P] = Callable[Concatenate[HttpRequest, User, list[Membership], P], HttpResponseBase]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

_CHOSEN = "business"
_HAVE_SEVERAL = "portico.staff.several"


def staff_page[**P](page: StaffPage[P]) -> View[P]:
    """Make a view of a page for staff of one business; the page gets the request and the Viewer.

    Somebody who belongs to several businesses chooses one first. What is not this business's answers 404.
    """
    return _opened_by("staff", _page(page, owners=False))


def owner_page[**P](page: StaffPage[P]) -> View[P]:
    """Make a view of a page for the owners of a business alone; other staff read whom to ask."""
    return _opened_by("owner", _page(page, owners=True))


def public_page[**P](view: View[P]) -> View[P]:
    """Make a view of a page for everybody, signed in or not."""
    return _opened_by("anybody", _in_language(view))


def personal_page[**P](view: View[P]) -> View[P]:
    """Make a view of a page about one's own account; it asks for the sign-in itself."""
    return _opened_by("person", _in_language(view))


def _in_language[**P](view: View[P]) -> View[P]:
    @wraps(view)
    def spoken(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        with translation.override(staff_language(request)):
            return keep_private(view(request, *args, **kwargs))

    return spoken


def _opened_by[**P](who: str, view: View[P]) -> View[P]:
    vars(view)["opened_by"] = who
    return view


def _page[**P](page: StaffPage[P], *, owners: bool) -> View[P]:
    def of_business(
        request: HttpRequest, user: User, memberships: list[Membership], /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        membership = _chosen(request, memberships)
        if membership is None:
            params = {"next": request.get_full_path()} if request.method == "GET" else {}
            return HttpResponseRedirect(reverse("businesses") + ("?" + urlencode(params) if params else ""))
        request.META[_HAVE_SEVERAL] = len(memberships) > 1
        viewer = StaffViewer(membership.business, user, Membership.Role(membership.role), visitor_ip(request))
        if viewer.business.second_factor_required and not with_second_factor(request):
            return HttpResponseRedirect(reverse("second_factor"))
        if owners and not viewer.is_owner:
            return owners_only(request, viewer.business)
        if "\x00" in request.path:
            # Nothing is called so, and PostgreSQL refuses to look for it.
            return not_found(request)
        try:
            return page(request, viewer, *args, **kwargs)
        except (NotFound, Http404):
            return not_found(request)

    return member_page(wraps(page)(of_business))


def member_page[**P](page: MemberPage[P]) -> View[P]:
    """Make a view of a page for a signed-in member of a business; the page gets the user and these."""

    @wraps(page)
    def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        with translation.override(staff_language(request)):
            user = request.user
            if not isinstance(user, User):
                params = urlencode({"next": request.get_full_path() if request.method == "GET" else "/"})
                return keep_private(HttpResponseRedirect(f"{reverse('account_login')}?{params}"))
            mine = list(memberships_of(user))
            response = page(request, user, mine, *args, **kwargs) if mine else no_business(request, user)
        return keep_private(response)

    return _opened_by("person", view)


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


def _chosen(request: HttpRequest, memberships: list[Membership]) -> Membership | None:
    if len(memberships) == 1:
        return memberships[0]
    chosen = request.session.get(_CHOSEN)
    return next((place for place in memberships if str(place.business_id) == chosen), None)
