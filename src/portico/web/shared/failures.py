"""What a visitor reads when something is wrong with what they sent, or with us."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from portico.domain.businesses.models import DEFAULT_ACCENT
from portico.lib.l10n import best_language
from portico.web.shared.page import brand, page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old, in the language that is active: nothing was done."""
    return _page(request, "failures/old_form.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when we failed: Django's `handler500`. It asks the database nothing, which may be what failed."""
    with translation.override(best_language(request.headers.get("Accept-Language", "")) or "en"):
        return _page(request, "failures/server_error.html", 500)


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    response = page(request, template, {}, house=brand(_("Portal"), DEFAULT_ACCENT), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
