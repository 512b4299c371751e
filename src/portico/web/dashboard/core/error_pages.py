"""The dashboard's error pages: one card, one sentence, one link."""

from django.http import HttpRequest, HttpResponse

from portico.domain.businesses.models import Business, User
from portico.domain.businesses.queries import owners_of
from portico.web.dashboard.core.portico_brand import PORTICO
from portico.web.shared.page import page


def not_found(request: HttpRequest) -> HttpResponse:
    """Answer for what is not there, or not this business's."""
    return page(request, "dashboard/not_found.html", {}, brand=PORTICO, status=404)


def no_business(request: HttpRequest, user: User) -> HttpResponse:
    """Answer somebody whose account belongs to no business."""
    return page(request, "dashboard/no_business.html", {"email": user.email}, brand=PORTICO, status=403)


def owners_only(request: HttpRequest, business: Business) -> HttpResponse:
    """Answer staff for what only an owner decides; the owners are named, so that they can be asked."""
    context = {"owners": owners_of(business)}
    return page(request, "dashboard/owners_only.html", context, brand=PORTICO, status=403)
