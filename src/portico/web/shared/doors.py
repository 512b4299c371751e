"""What every door knows of the request it handles."""

from dataclasses import dataclass
from enum import Enum

from django.http import HttpRequest

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
