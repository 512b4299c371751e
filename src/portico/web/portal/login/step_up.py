"""Showing who one is by a code from a mail, and going on: to what asked for it, or from one document to the account."""

from django.http import HttpRequest, HttpResponse

from portico.domain.access.errors import CodeWrong, VerificationClosed, VerificationUnknown
from portico.domain.access.models import EmailVerification
from portico.domain.access.sign_in.actions import step_up as access
from portico.domain.access.sign_in.queries.verifications import latest
from portico.domain.access.viewer import CustomerViewer
from portico.lib.l10n import current_language
from portico.web.portal.core.gate import EVERY_TARGET, FORM, client_of, portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.redirects import page_of_this_portal
from portico.web.portal.core.step_up_card import code_card, fields_of, step_up_card
from portico.web.portal.login.responses import log_in, with_session


@portal_page(methods=FORM, opens=EVERY_TARGET)
def step_up(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Offer to send a code; a POST sends it to the chosen address and asks for it."""
    then, typed = _on_the_way(request)
    if request.method == "POST":
        key, language = request.POST.get("to", ""), current_language()
        email = access.request_step_up(viewer, key, client_of(request), page=then, language=language)
        if email:
            return code_card(request, viewer, email, then, typed=typed)
    return step_up_card(request, viewer, then, typed=typed, status=200)


@portal_page(methods=FORM, opens=EVERY_TARGET)
def step_up_code(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Take the code: the right one leads on to where the visitor wanted to go."""
    then, typed = _on_the_way(request)
    asked = latest(viewer.business, EmailVerification.Kind.STEP_UP, session=viewer.session)
    if request.method != "POST" or asked is None:
        return step_up_card(request, viewer, then, typed=typed, status=200)
    try:
        token = access.step_up(viewer, request.POST.get("code", ""), client_of(request))
    except CodeWrong:
        return code_card(request, viewer, asked.email, then, typed=typed, wrong=True)
    except (VerificationClosed, VerificationUnknown):
        return step_up_card(request, viewer, then, typed=typed, over=True)
    if typed and viewer.has_account:
        return _continue(request, viewer, then, typed, token)
    return log_in(request, token, then)


def _continue(request: HttpRequest, viewer: CustomerViewer, then: str, typed: str, token: str) -> HttpResponse:
    """Let the visitor send the form that had to wait: what it says was not done yet."""
    context = {"then": then, "fields": fields_of(typed)}
    return with_session(
        request, token, lambda: customer_page(request, viewer, "portal/login/step_up_done.html", context)
    )


def _on_the_way(request: HttpRequest) -> tuple[str, str]:
    return page_of_this_portal(request.GET.get("next", "")), request.POST.get("typed", "")
