"""Responses that sign a browser in: the session cookie, and going on at a path."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import rotate_token

from portico.domain.access.sessions.actions.end import end_session
from portico.web.portal.core.gate import cookie_of, current_viewer
from portico.web.shared.frames import give_session, in_frame


def log_in(request: HttpRequest, token: str, path: str) -> HttpResponse:
    """Go on at `path` with a session that was opened just now; one that this browser had before ends."""
    former = current_viewer(request)
    if former is not None:
        end_session(former)
    return with_session(request, token, lambda: see_other(path))


def with_session(request: HttpRequest, token: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Give the browser its new session with an answer, which is made with the new secret of its forms."""
    if in_frame(request):
        return give_session(request, answer(), cookie_of(request), token)
    rotate_token(request)
    response = answer()
    response.set_cookie(cookie_of(request), token, secure=settings.PORTICO_HTTPS, httponly=True, samesite="Lax")
    return response


def see_other(path: str) -> HttpResponse:
    """Answer a form by going on at a path."""
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": path})


def hide_link(response: HttpResponseBase) -> None:
    """Let the page that a link leads on to not learn the link's URL.

    A page with a form may not say so: its browser would not tell where the form comes from, and then it is not taken.
    Other sites are told nothing by either.
    """
    if response.status_code == HTTPStatus.SEE_OTHER:
        response.headers["Referrer-Policy"] = "no-referrer"
