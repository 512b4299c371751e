"""Messages: the general conversation with the business, and the way to those about documents."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from portico.domain.access.viewer import CustomerViewer
from portico.domain.conversations.queries import conversations
from portico.output.wording.kinds import document_title
from portico.web.portal.core.conversation import (
    CustomerCommentForm,
    comment_from_form,
    conversation_part,
    conversation_view,
    page_of,
    read_from_page,
)
from portico.web.portal.core.gate import FORM, portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.shared.page import reader_formatter

_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A conversation about a document."""

    url: str
    title: str
    when: str
    iso: str
    unread: bool


@portal_page("allow_messages", methods=FORM)
def messages(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show the general conversation; a POST says something in it, a `stamp` asks for what is new."""
    if request.method == "POST":
        form, status = comment_from_form(request, viewer, None)
        return _page(request, viewer, form, status) if status != 303 else _back()
    if "stamp" in request.GET:
        return conversation_part(request, viewer, None)
    return _page(request, viewer)


@portal_page("allow_messages", methods=["POST"])
def messages_read(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Note that somebody had the answers on their screen."""
    return read_from_page(request, viewer, None)


def _back() -> HttpResponse:
    return HttpResponseRedirect(page_of(None), status=303)


def _page(
    request: HttpRequest, viewer: CustomerViewer, form: CustomerCommentForm | None = None, status: int = 200
) -> HttpResponse:
    fmt = reader_formatter()
    rows = conversations(viewer).filter(document__isnull=False).select_related("document").order_by("-last_at", "-id")
    context = {
        "thread": conversation_view(viewer, None, form),
        "rows": [
            TalkRow(
                url=page_of(row.document),
                title=document_title(row.document, fmt),
                when=fmt.moment(row.last_at, viewer.business.time_zone),
                iso=row.last_at.isoformat(),
                unread=row.unread_by_customer,
            )
            for row in rows[:_AT_MOST]
            if row.document
        ],
    }
    return customer_page(request, viewer, "portal/conversations/detail.html", context, nav="messages", status=status)
