"""Opening a link, which begins a session, and signing out, which ends it."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portico.domain.access.models import Grant
from portico.domain.access.sessions.actions.end import end_session
from portico.domain.access.sessions.actions.open import Looks, open_session
from portico.domain.access.viewer import CustomerViewer
from portico.lib.l10n import LANGUAGES
from portico.web.portal.core.gate import (
    EVERY_TARGET,
    client_of,
    cookie_of,
    current_viewer,
    keep_private,
    language_for,
    link_page,
    portal_business,
    portal_page,
)
from portico.web.portal.core.notices import Notice, confirm, notice_page
from portico.web.portal.core.redirects import landing_url, next_path
from portico.web.portal.core.refusals import NotForFrames, PortalUnavailable
from portico.web.portal.core.single_sign_on import keep_here
from portico.web.portal.login.responses import hide_link, log_in, see_other
from portico.web.shared.frames import delete_frame_cookie, in_frame


@link_page
def open_link(request: HttpRequest, grant: Grant) -> HttpResponseBase:
    """Open a session with a link's secret, and redirect to a URL without the secret. HEAD changes nothing.

    A link that opens once is used up only by the button of a page that names the account: programs that look at links
    in mails do not press it.
    """
    if in_frame(request) and not (grant.may_be_embedded and grant.business.embed_origins):
        raise NotForFrames(grant.business)
    if grant.single_use and request.method == "GET":
        return confirm(request, grant.business, grant.customer)
    if request.method == ("POST" if grant.single_use else "GET"):
        response = _pressed(request, grant) if grant.single_use else _session(request, grant)
    elif request.method == "HEAD":
        response = HttpResponse() if grant.single_use else see_other(landing_url(grant.target, grant.page))
    else:
        return HttpResponseNotAllowed(["GET", "HEAD", *(["POST"] if grant.single_use else [])])
    hide_link(response)
    return response


@portal_page(methods=["POST"], opens=EVERY_TARGET)
def sign_out(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """End the session, and have the browser forget what it kept of the portal."""
    end_session(viewer)
    response = see_other(reverse("signed_out"))
    # Not "cookies": that would take those of the whole domain, other portals' and the staff's among them.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    if in_frame(request):
        delete_frame_cookie(response, cookie_of(request))
        return response
    rotate_token(request)
    response.delete_cookie(cookie_of(request), samesite="Lax")
    if viewer.business.sign_in_url:
        # Who leaves on purpose is not signed in again by the next page.
        keep_here(response, cookie_of(request))
    return response


@csrf_exempt
def signed_out(request: HttpRequest) -> HttpResponseBase:
    """Show that the session is over; a visitor who is still signed in goes to their account."""
    business = portal_business(request)
    if current_viewer(request) and business.portal_enabled:
        return keep_private(see_other(reverse("home")))
    with translation.override(language_for(request, business, None)):
        if not business.portal_enabled:
            raise PortalUnavailable(business)
        text = _("Sign in again, or open your link, whenever you want to come back.")
        if in_frame(request):
            text = _("Load the page again to come back to your account.")
        return keep_private(
            notice_page(request, business, Notice(_("You have signed out"), text, sign_in=True, frame="signed_out"))
        )


def _first_page(grant: Grant, asked: QueryDict) -> str:
    """Return where a session begins: at the page that a form of a frame is at, where it goes on in a tab of its own."""
    next_url = asked.get("next", "")
    if next_url:
        return reverse("home") + next_path(next_url)
    return landing_url(grant.target, asked.get("page", grant.page))


def _asked(request: HttpRequest, grant: Grant) -> QueryDict:
    """Return what the address of a link may ask for: all of it for a frame, a part of its page for one document."""
    if grant.may_be_embedded:
        return request.GET
    asked = QueryDict(mutable=True)
    if grant.target and "page" in request.GET:
        asked["page"] = request.GET["page"]
    return asked


@csrf_protect
def _pressed(request: HttpRequest, grant: Grant) -> HttpResponseBase:
    return _session(request, grant)


def _session(request: HttpRequest, grant: Grant) -> HttpResponseBase:
    asked = _asked(request, grant)
    theme, language = asked.get("theme", ""), asked.get("lang", "")
    looks = Looks(
        language if language in LANGUAGES else "",
        theme if theme in {"light", "dark"} else "",
        hides_navigation=asked.get("nav") == "hidden",
    )
    session, token = open_session(grant, client_of(request), looks=looks)
    response = log_in(request, token, _first_page(grant, asked))
    if session.embedded:
        response.headers["X-Frame-Ends"] = str(int(session.expires_at.timestamp()))
    return response
