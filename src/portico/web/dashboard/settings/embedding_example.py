"""In a demonstration: a page such as a shop has, with the portal of a customer in it."""

from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portico.domain.access import queries as access
from portico.domain.access.links.actions.make_portal_link import api_portal_url
from portico.domain.access.portal_urls import link_url, portal_base
from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.actions.change_embedding import change_embedding
from portico.lib.errors import Invalid, NotFound
from portico.web.dashboard.core.gate import owner_page
from portico.web.shared.brand import brand_of
from portico.web.shared.page import page


@owner_page
def embedding_example(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the portal of the customer who was added first; the button of the settings asks for its URL.

    From then on, this installation's own address is one of the sites that may show the portal.
    """
    customer = access.customers(viewer).order_by("id").first() if settings.PORTICO_DEMO else None
    if customer is None:
        raise NotFound("Only a demonstration with customers shows an example.")
    if request.method != "POST":
        return HttpResponseRedirect(reverse("embedding_settings"))
    business = viewer.business
    with suppress(Invalid):
        business = change_embedding(business, {*business.embed_origins, settings.PORTICO_BASE_URL}, by=viewer.actor)
    _grant, secret = api_portal_url(customer, by=viewer.actor)
    portal = portal_base(business)
    context = {"portal": portal, "portal_url": link_url(business, secret), "customer": customer.name}
    response = page(request, "dashboard/settings/embedding_example.html", context, brand=brand_of(business))
    response._csp_config = {**settings.SECURE_CSP, "frame-src": ["{0.scheme}://{0.netloc}".format(urlsplit(portal))]}  # type: ignore[attr-defined]  # what Django's own decorator sets
    response.headers["Cache-Control"] = "no-store"
    return response
