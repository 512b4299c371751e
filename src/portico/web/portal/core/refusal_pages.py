"""The page of each refusal: what a visitor reads when a gate or a view of the portal says no, with its status."""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.lib.email import masked
from portico.lib.l10n import apart, best_language
from portico.web.portal.core.gate import cookie_of, keep_private, unknown_page
from portico.web.portal.core.layout import Link, customer_page
from portico.web.portal.core.notices import Notice, notice_page
from portico.web.portal.core.redirects import page_of_this_portal
from portico.web.portal.core.refusals import (
    AnotherAccount,
    EmailLinkEnded,
    LinkEnded,
    LinkExpired,
    LinkNotFound,
    LinkTargetHidden,
    Moved,
    NoPortal,
    NotForFrames,
    NotVisible,
    PortalUnavailable,
    Refusal,
    SignedOut,
    SignInFailed,
    StepUpNeeded,
)
from portico.web.portal.core.sign_in_card import Greeting, invitation, sign_in_card
from portico.web.portal.core.single_sign_on import sent_to_sign_in
from portico.web.portal.core.step_up_card import step_up_card, typed_in
from portico.web.portal.core.urls import page_url
from portico.web.shared.brand import Looks, make_brand
from portico.web.shared.frames import allow_frames, in_frame
from portico.web.shared.page import page

# Why a link works no longer. A session that ended with its link is told the same.
_LINK_REASONS = {"expired", "revoked", "replaced", "used_up"}


class RefusalMiddleware:
    """Middleware that answers a request with the page of the refusal that its view raised."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Leave requests and responses as they are."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Return the page of a refusal; other exceptions are no matter of this middleware."""
        return refusal_page(request, exception) if isinstance(exception, Refusal) else None


def unknown_url(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Answer for a URL that no page of the portal has: Django's `handler404`, which no middleware watches."""
    try:
        return unknown_page(request)
    except Refusal as refusal:
        return refusal_page(request, refusal)


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponseBase:
    """Return the page of a refusal, in the refusal's language."""
    with translation.override(refusal.language):
        response = keep_private(_page(request, refusal))
    viewer: CustomerViewer | None = getattr(refusal, "viewer", None)
    if viewer is not None and viewer.session.embedded:
        allow_frames(request, response, viewer.business)
    return response


def _page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    match refusal:
        case Moved(url=url):
            return HttpResponseRedirect(url)
        case NotVisible(viewer=viewer):
            return customer_page(request, viewer, "portal/not_found.html", {}, status=404)
        case StepUpNeeded(viewer=viewer, form_waits=form_waits):
            typed = typed_in(request) if form_waits else ""
            return step_up_card(request, viewer, page_of_this_portal(request.get_full_path()), typed=typed)
        case AnotherAccount(viewer=viewer):
            response = customer_page(request, viewer, "portal/another_account.html", {}, status=409)
            return _whole_page(request, response)
        case SignedOut(business=business, reason=reason) if in_frame(request) and reason not in _LINK_REASONS:
            return notice_page(request, business, _signed_out_of_frame(request, reason), 403)
        case SignedOut(business=business, reason=reason) if reason not in _LINK_REASONS:
            away = sent_to_sign_in(request, business, cookie_of(request)) if refusal.may_leave else None
            return away or _sign_in(request, business, reason)
        case SignedOut(business=business, reason=reason) | LinkEnded(business=business, reason=reason):
            again = _asked_page(request) if isinstance(refusal, SignedOut) else ""
            notice = replace(_link_ended(business, reason), frame="ended", again=again)
            return notice_page(request, business, notice, 403)
        case LinkExpired(business=business, email=email, renew_url=renew_url):
            notice = replace(_link_expired(business, email, renew_url), frame="ended")
            return notice_page(request, business, notice, 403)
        case EmailLinkEnded(business=business, reason=reason):
            return notice_page(request, business, _email_link_ended(reason), 403)
        case _:
            return _plain_notice(request, refusal)


def _plain_notice(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    match refusal:
        case PortalUnavailable(business=business):
            text = _("The portal of %(name)s is not open at the moment. Please ask them directly.")
            notice, status = Notice(_("Portal not available"), _named(text, business), frame="closed"), 404
        case LinkNotFound(business=business):
            text = _("Please check that the whole address was copied, or ask %(name)s for a fresh link.")
            heading = _("We don’t know this link")
            notice, status = Notice(heading, _named(text, business), ask=True, sign_in=True), 404
        case LinkTargetHidden(business=business):
            text = _("What this link led to is not shown any more. Please ask %(name)s.")
            notice, status = Notice(_("There is nothing here"), _named(text, business)), 404
        case NotForFrames(business=business):
            onward = Link(_("Open in a new tab"), request.get_full_path())
            notice = Notice(_("This page opens on its own"), _("It is not shown within another page."), onward=onward)
            status = 403
        case SignInFailed(business=business):
            text = _("Please go back to where you came from and sign in there once more, or ask %(name)s.")
            heading = _("This sign-in did not work")
            notice, status = Notice(heading, _named(text, business), ask=True, sign_in=True), 403
        case NoPortal():
            return _no_portal(request)
        case _:
            raise NotImplementedError(f"{type(refusal).__name__} has no page.")
    return notice_page(request, business, notice, status)


def _sign_in(request: HttpRequest, business: Business, reason: str) -> HttpResponse:
    if reason == "timed_out":
        text = _("To keep your account safe, a session ends after a while. Sign in again, or open your link.")
        greeting = Greeting(_("Your session has ended"), text)
    elif reason:
        text = _("Sign in again, or open the link that %(name)s sent you.")
        greeting = Greeting(_("You are signed out"), _named(text, business))
    else:
        greeting = invitation()
    next_url = request.get_full_path() if request.method == "GET" else ""
    return _whole_page(request, sign_in_card(request, business, greeting, next_url=next_url, status=403))


def _asked_page(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" else ""


def _signed_out_of_frame(request: HttpRequest, reason: str) -> Notice:
    """Say in a frame that there is no session, to whom the page around does not bring a new one by itself."""
    again = _asked_page(request)
    if reason == "signed_out":
        text = _("Load the page again to come back to your account.")
        return Notice(_("You have signed out"), text, frame="signed_out")
    if reason:
        text = _("Load the page again, or open your account in a new tab.")
        return Notice(_("Your session has ended"), text, frame="ended", again=again)
    text = _("Your browser keeps no cookies for a page within another page. Please open your account in a new tab.")
    return Notice(_("Open your account in a new tab"), text, frame="no_cookie", again=again)


def _whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Have htmx load the whole page: it would put this one into the middle of another."""
    if request.headers.get("HX-Request") == "true":
        response.headers["HX-Refresh"] = "true"
    return response


def _link_expired(business: Business, email: str, renew_url: str) -> Notice:
    if not email:
        return _link_ended(business, "expired")
    text = _("We can send a new one to %(email)s. It leads to the same page.") % {"email": apart(masked(email))}
    return Notice(_("This link has expired"), text, kicker=_("Access denied"), sign_in=True, renew_url=renew_url)


def _link_ended(business: Business, reason: str) -> Notice:
    denied = _("Access denied")
    if reason == "expired":
        heading = _("This link has expired")
        text = _("A link to your account works for a limited time. %(name)s can send you a fresh one.")
    elif reason == "replaced":
        heading = _("This link has been replaced")
        text = _("There is a newer link to your account. Open the latest one that %(name)s sent you.")
    elif reason == "used_up":
        heading = _("This link has been used")
        text = _("This link was meant to be opened once. %(name)s can send you a fresh one.")
    else:
        text = _("%(name)s has withdrawn this link. Please ask them if you still need access.")
        return Notice(denied, _named(text, business), ask=True, sign_in=True)
    return Notice(heading, _named(text, business), kicker=denied, ask=True, sign_in=True)


def _email_link_ended(reason: str) -> Notice:
    if reason in {"expired", "withdrawn"}:
        heading = _("This link has expired") if reason == "expired" else _("This link no longer works")
        text = _("Nothing was changed by it. You can ask for the change again in the billing details.")
        return Notice(heading, text, onward=Link(_("Billing details"), page_url("billing_details")))
    onward = Link(_("My Account"), page_url("home"))
    return Notice(_("This link has been used"), _("It was meant for a single use."), onward=onward)


def _no_portal(request: HttpRequest) -> HttpResponse:
    """No business has been asked for, so the page speaks the browser's language."""
    with translation.override(best_language(request.headers.get("Accept-Language", "")) or "en"):
        notice = Notice(_("There is nothing here"), _("Please check the address."))
        empty = {"renew_url": "", "sign_in_url": "", "site": None, "ask_url": "", "email": "", "phone": ""}
        brand = make_brand(_("Portal"), Looks())
        return page(request, "portal/notice.html", {"notice": notice, **empty}, brand=brand, status=404)


def _named(text: str, business: Business) -> str:
    """Put the business's name into a sentence."""
    return text % {"name": apart(business.name)}
