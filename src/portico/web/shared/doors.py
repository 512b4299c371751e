"""What every door knows of the request it handles."""

from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.http import HttpRequest

from portico.domain.businesses.models import Business

PORTAL_URLCONF = "portico.web.portal.urls"


class Door(Enum):
    """The three ways in."""

    PORTAL = "portal"
    STAFF = "staff"
    API = "api"


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a request came in. `slug` names the business of a portal; `prefixed` when the path names it."""

    door: Door
    host: str
    slug: str = ""
    prefixed: bool = False


def enter(request: HttpRequest, entry: Entry) -> None:
    """Note where a request came in."""
    request.META["portico.entry"] = entry


def entry_of(request: HttpRequest) -> Entry:
    """Return where a request came in."""
    entry: Entry = request.META["portico.entry"]
    return entry


def visitor_ip(request: HttpRequest) -> str | None:
    """Return the visitor's address; a configured proxy's word for it has been taken already."""
    return request.META.get("REMOTE_ADDR") or None


def portal_base(business: Business) -> str:
    """Return the address of a business's portal, ending in `/`, from what is configured, never from a request."""
    host = f"{business.slug}.{settings.PORTICO_PORTAL_DOMAIN}"
    # The base host may lie within the portals' domain; a business of that name is then reached by its path.
    if settings.PORTICO_PORTAL_DOMAIN and host != settings.PORTICO_BASE_HOST:
        scheme, _, rest = settings.PORTICO_BASE_URL.partition("://")
        port = rest.rpartition(":")[2] if rest.rpartition(":")[2].isdigit() else ""
        return f"{scheme}://{host}{':' + port if port else ''}/"
    return f"{settings.PORTICO_BASE_URL}/portal/{business.slug}/"


def link_url(business: Business, secret: str) -> str:
    """Return the address that a link's secret is opened at."""
    return f"{portal_base(business)}s/{secret}"
