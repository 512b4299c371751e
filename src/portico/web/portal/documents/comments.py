"""What is said about a document: written from its page, and asked for again by it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents import queries
from portico.domain.documents.models import Kind
from portico.web.portal.core.conversation import comment_from_form, conversation_part, page_of, read_from_page
from portico.web.portal.core.gate import DOCUMENTS, FORM, portal_page
from portico.web.portal.documents.detail import document_page


@portal_page("allow_messages", methods=FORM, opens=DOCUMENTS)
def document_comments(request: HttpRequest, viewer: CustomerViewer, name: str, kind: Kind) -> HttpResponse:
    """Say something about a document; what is wrong with it is said on the document's page, which keeps what was typed.

    The page asks here with its `stamp` for what is new.
    """
    row = queries.document(viewer, name, kind)
    if request.method != "POST":
        if "stamp" in request.GET:
            return conversation_part(request, viewer, row)
        return HttpResponseRedirect(page_of(row), status=303)
    form, status = comment_from_form(request, viewer, row)
    if status != 303:
        return document_page(request, viewer, row, comment_form=form, status=status)
    return HttpResponseRedirect(page_of(row), status=303)


@portal_page("allow_messages", methods=["POST"], opens=DOCUMENTS)
def document_comments_read(request: HttpRequest, viewer: CustomerViewer, name: str, kind: Kind) -> HttpResponse:
    """Note that somebody had the answers on their screen."""
    return read_from_page(request, viewer, queries.document(viewer, name, kind))
