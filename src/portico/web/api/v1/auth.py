"""Who is asking: the key in `Authorization`, as a Bearer token or as the user name of Basic authentication."""

import base64
import binascii

from django.http import HttpRequest
from ninja.security.base import AuthBase

from portico.domain.access.programs.actions.use_api_key import viewer_of_key
from portico.domain.access.viewer import ApiViewer
from portico.web.shared.sites import visitor_ip


class BearerKey(AuthBase):
    """`Authorization: Bearer ptk_…`."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> ApiViewer | None:
        return _viewer(request, "bearer")


class BasicKey(AuthBase):
    """The key as user name, with an empty password, for clients that only know Basic."""

    openapi_type = "http"
    openapi_scheme = "basic"

    def __call__(self, request: HttpRequest) -> ApiViewer | None:
        return _viewer(request, "basic")


def viewer_of(request: HttpRequest) -> ApiViewer:
    """Return who is asking, once the key was accepted."""
    viewer = getattr(request, "auth", None)
    assert isinstance(viewer, ApiViewer), "only authenticated requests reach a view"
    return viewer


def key_of(request: HttpRequest) -> str:
    """Return the presented key, or nothing."""
    return _presented(request)[1]


def _viewer(request: HttpRequest, scheme: str) -> ApiViewer | None:
    used, key = _presented(request)
    return viewer_of_key(key, ip=visitor_ip(request)) if used == scheme and key else None


def _presented(request: HttpRequest) -> tuple[str, str]:
    scheme, _, rest = request.headers.get("Authorization", "").strip().partition(" ")
    scheme, rest = scheme.lower(), rest.strip()
    if scheme != "basic":
        return scheme, rest
    try:
        return scheme, base64.b64decode(rest, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return scheme, ""
