"""The reader's choice of a language, kept for the session."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from portico.domain.access.sessions.actions.choose_language import choose_language
from portico.domain.access.viewer import CustomerViewer
from portico.lib.l10n import LANGUAGES
from portico.web.portal.core.gate import EVERY_TARGET, portal_page
from portico.web.portal.core.redirects import page_of_this_portal


@portal_page(methods=["POST"], opens=EVERY_TARGET)
def language(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Keep the chosen language and go back to where the reader was; an unknown language changes nothing."""
    chosen = request.POST.get("language", "")
    if chosen in LANGUAGES:
        choose_language(viewer, chosen)
    return HttpResponseRedirect(page_of_this_portal(request.POST.get("next", "")))
