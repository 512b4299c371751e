"""Asking a visitor to show who they are: where a code can go, then the code itself, on the way to a page."""

from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode as query

from portico.domain.access.sign_in.queries.recipients import recipients
from portico.domain.access.viewer import CustomerViewer
from portico.lib.email import masked
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.mail_note import mail_note
from portico.web.portal.core.urls import page_url

# What a form carries for itself; the rest is what was typed.
_ITS_OWN = {"csrfmiddlewaretoken", "acting_for"}
_MOST_FIELDS = 100


def step_up_card(
    request: HttpRequest, viewer: CustomerViewer, then: str, *, typed: str = "", over: bool = False, status: int = 403
) -> HttpResponse:
    """Offer to send a code to one of the masked addresses on file; `then` is where the visitor wants to go on.

    `typed` is the form that had to wait, as `typed_in` returns it; `over` says that a former code no longer works.
    """
    offered = [(recipient.key, masked(recipient.email)) for recipient in recipients(viewer)]
    context = {
        "offered": offered,
        "is_account": viewer.has_account,
        "over": over,
        "send_url": f"{page_url('step_up')}?{query({'next': then})}",
        "typed": typed,
    }
    return customer_page(request, viewer, "portal/step_up.html", context, status=status)


def code_card(
    request: HttpRequest, viewer: CustomerViewer, email: str, then: str, *, typed: str = "", wrong: bool = False
) -> HttpResponse:
    """Ask for the code that was sent to `email`; `wrong` when one was typed already and is not it."""
    asked = query({"next": then})
    context = {
        "address": masked(email),
        "mail_note": mail_note(viewer.business),
        "to": next((recipient.key for recipient in recipients(viewer) if recipient.email == email), ""),
        "wrong": wrong,
        "code_url": f"{page_url('step_up_code')}?{asked}",
        "again_url": f"{page_url('step_up')}?{asked}",
        "typed": typed,
    }
    return customer_page(request, viewer, "portal/step_up_code.html", context, status=422 if wrong else 200)


def typed_in(request: HttpRequest) -> str:
    """Return what a form was sent with as one text, to be carried along; empty for a page that was asked for."""
    if request.method != "POST":
        return ""
    return urlencode(
        [(name, value) for name, values in request.POST.lists() if name not in _ITS_OWN for value in values]
    )


def fields_of(typed: str) -> list[tuple[str, str]]:
    """Return the fields that `typed_in` made a text of; none of a text that it did not make."""
    try:
        return parse_qsl(typed, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return []
