"""The portal in a frame of the business's own site: which requests come from one, their cookie, who may frame a page.

docs/decisions/0024 says why a frame has a session of its own, and why its forms need no token.
"""

from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import Morsel
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix
from django.utils.csp import CSP

from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.web.shared.sites import Site, requested_site

# Scripts of a page in a frame send it, as browsers say of a navigation alone that it is a frame's. It says how the
# frame keeps its session: by cookie, or else it is the token itself, for which any other word asks.
_HEADER, _META = "X-Frame-Session", "HTTP_X_FRAME_SESSION"
_BY_COOKIE = "cookie"
_FRAMES = frozenset({"iframe", "frame"})
# Who may frame the portal at an address, as this process has last seen: for an answer that can't ask the database.
_last_seen: dict[tuple[str, str], list[str]] = {}
_MOST_SEEN = 1024


class _PartitionedCookie(Morsel[str]):
    """A cookie that a browser keeps for the site around the frame alone. Python 3.14 has the attribute itself."""

    def OutputString(self, attrs: Any = None) -> str:  # noqa: N802 - the name is the library's
        return f"{super().OutputString(attrs)}; Partitioned"


def in_frame(request: HttpRequest) -> bool:
    """Tell whether a request comes from a frame, as browsers say of navigations and our scripts of the rest.

    A browser that says nothing is taken for a tab of its own, and shows no page of ours in a frame.
    """
    return request.META.get("HTTP_SEC_FETCH_DEST") in _FRAMES or _META in request.META


def is_own_form(request: HttpRequest) -> bool:
    """Tell whether the browser vouches that a page of this very origin, in a frame, sends the request.

    No page can make its browser say so for it, so this does what a form's token does elsewhere.
    """
    return in_frame(request) and request.META.get("HTTP_SEC_FETCH_SITE") == "same-origin"


@dataclass(frozen=True, slots=True)
class Frame:
    """What the script of a page in a frame is told, and how the page is shown.

    `state` is open, signed_out, failed or closed, and where the page around is asked for a link, refused, ended or
    no_cookie; `again` is then the page to go on at. `ends` is when the session does, in seconds.
    """

    origins: list[str]
    state: str
    again: str = ""
    ends: int = 0
    theme: str = ""
    hides_navigation: bool = False

    @property
    def home(self) -> str:
        """The path of the portal's home page."""
        return get_script_prefix()

    @property
    def waits(self) -> bool:
        """Whether it says nothing for a moment, in which the page around may bring a new session."""
        return self.state in {"ended", "no_cookie"}


def frame_of(viewer: CustomerViewer) -> Frame | None:
    """Return the frame that a session is shown in, or None for one of a tab."""
    session = viewer.session
    if not session.embedded:
        return None
    ends = int(session.expires_at.timestamp())
    return Frame(viewer.business.embed_origins, "open", "", ends, session.theme, session.hides_navigation)


def token_in(request: HttpRequest, cookie: str) -> str:
    """Return the token of a request's session: of its cookie, or in a frame without one of the script's header."""
    said = request.META.get(_META, _BY_COOKIE)
    return said if said != _BY_COOKIE else request.COOKIES.get(cookie, "")


def give_session(request: HttpRequest, response: HttpResponse, cookie: str, token: str) -> HttpResponse:
    """Give a frame its session with an answer: as a cookie, or where there are none to a script that keeps it.

    A script can't see where a redirect leads or what comes with it, so it is told both.
    """
    said = request.META.get(_META)
    if said is not None and response.status_code == HTTPStatus.SEE_OTHER:
        response = HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"X-Frame-Location": response["Location"]})
    if said is None or said == _BY_COOKIE:
        set_frame_cookie(response, cookie, token)
    else:
        response.headers[_HEADER] = token
    return response


def allow_frames(request: HttpRequest, response: HttpResponseBase, business: Business) -> None:
    """Let the business's registered sites show this answer in a frame, and nobody else."""
    seen = _address(request)
    _last_seen.pop(seen, None)
    _last_seen[seen] = business.embed_origins
    if len(_last_seen) > _MOST_SEEN:
        _last_seen.pop(next(iter(_last_seen)), None)
    _allow(response, business.embed_origins)


def failed_frame(request: HttpRequest) -> Frame | None:
    """Return the frame that is to show that something went wrong, without a look at the database; None in a tab."""
    if not in_frame(request) or requested_site(request).site is not Site.PORTAL:
        return None
    return Frame(_last_seen.get(_address(request), []), "failed")


def show_failure(response: HttpResponseBase, frame: Frame) -> None:
    """Let the page of a `failed_frame` be shown by the sites that were registered when there was last a page."""
    _allow(response, frame.origins)


def _address(request: HttpRequest) -> tuple[str, str]:
    requested = requested_site(request)
    return requested.host, requested.slug if requested.prefixed else ""


def _allow(response: HttpResponseBase, origins: list[str]) -> None:
    policy: dict[str, Any] = getattr(response, "_csp_config", settings.SECURE_CSP)
    response._csp_config = {**policy, "frame-ancestors": origins or [CSP.NONE]}  # type: ignore[attr-defined]  # as Django's decorator


def set_frame_cookie(response: HttpResponseBase, name: str, value: str) -> None:
    """Give a frame its cookie: it goes along within another site, but only within that one.

    Without TLS, on one's own machine, browsers take no such cookie; there the sites around are of the same host.
    """
    secure = settings.PORTICO_HTTPS
    response.set_cookie(name, value, secure=secure, httponly=True, samesite="None" if secure else "Lax")
    if secure:
        _partition(response, name)


def delete_frame_cookie(response: HttpResponseBase, name: str) -> None:
    """Have a frame forget its cookie."""
    secure = settings.PORTICO_HTTPS
    response.delete_cookie(name, samesite="None" if secure else "Lax")
    if secure:
        _partition(response, name)


def _partition(response: HttpResponseBase, name: str) -> None:
    cookie, partitioned = response.cookies[name], _PartitionedCookie()
    partitioned.update(cookie)
    partitioned.set(name, cookie.value, cookie.coded_value)
    response.cookies[name] = partitioned
