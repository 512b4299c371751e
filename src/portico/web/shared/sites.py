"""The front end that a request is for, as the host and the path say."""

from dataclasses import dataclass
from enum import Enum

from django.http import HttpRequest

from portico.domain.businesses.models import Business

PORTAL_URLCONF = "portico.web.portal.urls"


class Site(Enum):
    """The three front ends."""

    PORTAL = "portal"
    DASHBOARD = "dashboard"
    API = "api"


@dataclass(frozen=True, slots=True)
class RequestedSite:
    """The front end and the host of a request. `slug` names the business of a portal; `prefixed` if the path has it.

    `business` is there already where the host alone was the way to find it.
    """

    site: Site
    host: str
    slug: str = ""
    prefixed: bool = False
    business: Business | None = None


def set_requested_site(request: HttpRequest, requested: RequestedSite) -> None:
    """Keep which front end a request is for."""
    request.META["portico.site"] = requested


def requested_site(request: HttpRequest) -> RequestedSite:
    """Return which front end a request is for."""
    requested: RequestedSite = request.META["portico.site"]
    return requested


def visitor_ip(request: HttpRequest) -> str | None:
    """Return the visitor's IP address; `HostMiddleware` has replaced a trusted proxy's by what its headers say."""
    return request.META.get("REMOTE_ADDR") or None
