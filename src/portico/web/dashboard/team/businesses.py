"""The chooser of staff who work for several businesses."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portico.domain.businesses.models import Business, Membership, User
from portico.lib.ids import parse_public_id
from portico.web.dashboard.core.error_pages import not_found
from portico.web.dashboard.core.gate import choose, member_page
from portico.web.dashboard.core.portico_brand import PORTICO
from portico.web.shared.page import page
from portico.web.shared.paths import is_own_path


@member_page
def businesses(request: HttpRequest, user: User, mine: list[Membership]) -> HttpResponse:
    """Show the businesses one may choose; a POST chooses one and goes on to where one was going."""
    if request.method == "POST":
        try:
            choose(request, _wished(request, mine))
        except Http404:
            return not_found(request)
        return HttpResponseRedirect(_next_url(request.POST.get("next", "")))
    context = {"businesses": [place.business for place in mine], "next": request.GET.get("next", "")}
    return page(request, "dashboard/team/businesses.html", context, brand=PORTICO)


def _wished(request: HttpRequest, mine: list[Membership]) -> Business:
    key = parse_public_id(request.POST.get("business", ""), "business")
    for place in mine:
        if place.business_id == key:
            return place.business
    raise Http404("There is no such business.")


def _next_url(next_url: str) -> str:
    """Return a path of this host; anything else leads to the home page."""
    return next_url if is_own_path(next_url) else reverse("staff_home")
