"""What a visitor reads when something is wrong with what they sent, or with us."""

import sys
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from portico.domain.access.queries import business_by_slug
from portico.lib.faults import Fault, fault_of, note
from portico.lib.l10n import best_language
from portico.web.shared.brand import Brand, Looks, brand_of, make_brand
from portico.web.shared.frames import failed_frame, show_failure
from portico.web.shared.page import page
from portico.web.shared.sites import requested_site


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old, in the language that is active: nothing was done.

    It leads back to the form's page, which comes anew and with a token that is good.
    """
    requested = requested_site(request)
    business = requested.business or business_by_slug(requested.slug)
    brand = brand_of(business) if business else _nobody()
    return _page(request, "failures/old_form.html", 403, brand, {"back": _page_before(request)})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that is none, such as one with more fields than any form of ours: Django's `handler400`."""
    with translation.override(best_language(request.headers.get("Accept-Language", "")) or "en"):
        return _page(request, "failures/old_form.html", 400, _nobody(), {"back": _page_before(request)})


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when we failed: Django's `handler500`. It asks the database nothing, which may be what failed."""
    # Django calls its handler while it handles the exception, and does not pass it on.
    error = sys.exception()
    fault = fault_of(error)
    if error is not None and fault is not None:
        note(fault, error)
        return unavailable(request, fault)
    with translation.override(best_language(request.headers.get("Accept-Language", "")) or "en"):
        return _page(request, "failures/server_error.html", 500, _nobody(), {})


def unavailable(request: HttpRequest, fault: Fault) -> HttpResponse:
    """Answer 503 in the browser's language: what is needed for it can't do it now."""
    with translation.override(best_language(request.headers.get("Accept-Language", "")) or "en"):
        response = _page(request, "failures/unavailable.html", 503, _nobody(), {"fault": fault.value})
    response.headers["Retry-After"] = str(fault.retry_after)
    # `note` has logged it in one line; Django would add a traceback for each request.
    response._has_been_logged = True  # type: ignore[attr-defined]  # what django.utils.log looks at
    return response


def _page_before(request: HttpRequest) -> str:
    """The page of ours that a form was sent from, or an empty text."""
    before = request.headers.get("Referer", "")
    try:
        parts = urlsplit(before)
    except ValueError:
        return ""
    return before if parts.scheme in {"http", "https"} and parts.netloc == request.get_host() else ""


def _nobody() -> Brand:
    return make_brand(_("Portal"), Looks())


def _page(request: HttpRequest, template: str, status: int, brand: Brand, context: dict[str, Any]) -> HttpResponse:
    frame = failed_frame(request)
    response = page(request, template, {**context, "frame": frame}, brand=brand, status=status)
    if frame:
        show_failure(response, frame)
    response.headers["Cache-Control"] = "no-store"
    return response
