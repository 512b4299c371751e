"""A comment is edited or removed by who wrote it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from portico.domain.access.viewer import CustomerViewer
from portico.domain.conversations.actions.change_comment import edit_comment as edit
from portico.domain.conversations.actions.change_comment import remove_comment as remove
from portico.domain.conversations.authors import customer_author
from portico.domain.conversations.models import Comment
from portico.domain.conversations.queries import comment, may_change
from portico.domain.documents.models import Document
from portico.lib.errors import PorticoError
from portico.web.portal.core.conversation import page_of
from portico.web.portal.core.gate import DOCUMENTS, FORM, portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import item_url
from portico.web.shared.conversation import EditForm, refusal_messages


@portal_page("allow_messages", methods=FORM, opens=DOCUMENTS)
def edit_comment(request: HttpRequest, viewer: CustomerViewer, key: str) -> HttpResponse:
    """Show what was written; a POST puts other words in its place."""
    row = comment(viewer, key)
    if not _is_own(viewer, row):
        return _back(row)
    if request.method != "POST":
        return _page(request, viewer, row, EditForm(initial={"body": row.body}, auto_id="edit_%s"))
    form = EditForm(request.POST, auto_id="edit_%s")
    if not form.is_valid():
        return _page(request, viewer, row, form, 422)
    try:
        edit(row, form.cleaned_data["body"], author_id=customer_author(viewer).id, by=viewer.actor)
    except PorticoError as error:
        form.add_error("body", refusal_messages().get(error.code, error.message))
        return _page(request, viewer, row, form, error.status)
    return _back(row)


@portal_page("allow_messages", methods=FORM, opens=DOCUMENTS)
def remove_comment(request: HttpRequest, viewer: CustomerViewer, key: str) -> HttpResponse:
    """Ask whether to remove a message; a POST does."""
    row = comment(viewer, key)
    if not _is_own(viewer, row):
        return _back(row)
    if request.method != "POST":
        context = {"row": row, "action": item_url("remove_comment", key), "back_url": page_of(_about(row))}
        return customer_page(request, viewer, "portal/conversations/remove.html", context, nav="messages")
    remove(row, author_id=customer_author(viewer).id, by=viewer.actor)
    return _back(row)


def _is_own(viewer: CustomerViewer, row: Comment) -> bool:
    """Tell whether it may be changed; a page that is older than the hour leads back to the conversation."""
    return may_change(row, viewer.actor, customer_author(viewer).id)


def _page(
    request: HttpRequest, viewer: CustomerViewer, row: Comment, form: EditForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "back_url": page_of(_about(row))}
    return customer_page(request, viewer, "portal/conversations/edit.html", context, nav="messages", status=status)


def _about(row: Comment) -> Document | None:
    return row.conversation.document


def _back(row: Comment) -> HttpResponse:
    return HttpResponseRedirect(page_of(_about(row)), status=303)
