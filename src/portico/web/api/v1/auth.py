"""Who is asking: the key in `Authorization`, as a Bearer token or as the user name of Basic authentication.

Every operation names the scope that a key needs for it: `auth=READ`, `auth=WRITE` or `auth=LINKS`.
"""

import base64
import binascii

from django.http import HttpRequest
from ninja.security.base import AuthBase

from portico.domain.access.models import ApiScope
from portico.domain.access.programs.actions.use_api_key import viewer_of_key
from portico.domain.access.viewer import ApiViewer
from portico.lib.errors import PorticoError
from portico.web.shared.sites import visitor_ip


class ScopeMissing(PorticoError):
    """The key is good, but not for this."""

    code = "scope_missing"
    status = 403


class _Key(AuthBase):
    """A way to send the key, for operations of one scope."""

    openapi_scheme: str

    def __init__(self, scope: ApiScope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiViewer | None:
        used, key = _presented(request)
        if used != self.openapi_scheme or not key:
            return None
        viewer = viewer_of_key(key, ip=visitor_ip(request))
        if not viewer.may(self.scope):
            raise ScopeMissing(f"This needs a key with the scope {self.scope}; yours has {_named(viewer)}.")
        return viewer


class BearerKey(_Key):
    """`Authorization: Bearer ptk_…`."""

    openapi_type = "http"
    openapi_scheme = "bearer"


class BasicKey(_Key):
    """The key as user name, with an empty password, for clients that only know Basic."""

    openapi_type = "http"
    openapi_scheme = "basic"


READ, WRITE, LINKS = ([BearerKey(scope), BasicKey(scope)] for scope in ApiScope)


def viewer_of(request: HttpRequest) -> ApiViewer:
    """Return who is asking, once the key was accepted."""
    viewer = getattr(request, "auth", None)
    assert isinstance(viewer, ApiViewer), "only authenticated requests reach a view"
    return viewer


def key_of(request: HttpRequest) -> str:
    """Return the presented key, or nothing."""
    return _presented(request)[1]


def _named(viewer: ApiViewer) -> str:
    return " and ".join(viewer.api_key.scopes)


def _presented(request: HttpRequest) -> tuple[str, str]:
    scheme, _, rest = request.headers.get("Authorization", "").strip().partition(" ")
    scheme, rest = scheme.lower(), rest.strip()
    if scheme != "basic":
        return scheme, rest
    try:
        return scheme, base64.b64decode(rest, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return scheme, ""
