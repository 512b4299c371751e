"""What is read at the end of a mailed link: that it is done, or that the link opens nothing any more."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portico.domain.access.staff.queries import StaffLinkClosed
from portico.web.dashboard.core.portico_brand import PORTICO
from portico.web.shared.page import page


def done_page(request: HttpRequest, heading: str, text: str, *, sign_in: bool = True) -> HttpResponse:
    """Answer that something is done, with the way to the sign-in where that comes next."""
    context = {"heading": heading, "text": text, "sign_in": sign_in, "ask_again": False}
    return page(request, "dashboard/team/link_page.html", context, brand=PORTICO)


def closed_page(request: HttpRequest, refusal: StaffLinkClosed, *, ask_again: bool = False) -> HttpResponse:
    """Answer for a link that no longer works; `ask_again` leads to where a new one can be had."""
    texts = {
        "used": _("It works once, and was used already."),
        "expired": _("Its time is over."),
        "withdrawn": _("It was taken back."),
    }
    text = texts.get(refusal.reason, _("Perhaps it was not copied whole, or a newer one was sent."))
    if not ask_again:
        text = f"{text} {_('Ask the person who invited you for a new one.')}"
    context = {
        "heading": _("This link no longer works"),
        "text": text,
        "sign_in": not ask_again,
        "ask_again": ask_again,
    }
    return page(request, "dashboard/team/link_page.html", context, brand=PORTICO, status=refusal.status)
