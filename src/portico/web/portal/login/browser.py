"""By which cookie a browser is known again as the one that asked for a sign-in mail. It opens nothing by itself."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portico.domain.access.sign_in.tokens import is_browser, new_browser
from portico.web.portal.core.gate import cookie_of

# Longer than a mail's link lives and its reader may take to choose an account.
_LIFE = timedelta(hours=1)


def known_browser(request: HttpRequest) -> str:
    """Return the token that this browser brings along, or an empty text."""
    token = request.COOKIES.get(_name(request), "")
    return token if is_browser(token) else ""


def browser_for(request: HttpRequest) -> str:
    """Return the token of this browser, or a new one for it: `remember` it."""
    return known_browser(request) or new_browser()


def remember(request: HttpRequest, response: HttpResponseBase, browser: str) -> None:
    """Have the browser bring this token along for a while."""
    response.set_cookie(
        _name(request), browser, max_age=_LIFE, secure=settings.PORTICO_HTTPS, httponly=True, samesite="Lax"
    )


def _name(request: HttpRequest) -> str:
    return f"{cookie_of(request)}.asked"
