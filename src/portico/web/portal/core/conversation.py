"""The conversation about a document, or the general one, as its customer sees it."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.viewer import CustomerViewer
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.actions.mark_read import mark_read
from portico.domain.conversations.authors import customer_author
from portico.domain.conversations.models import Comment, State
from portico.domain.conversations.queries import conversation_about, files_of, may_change, thread
from portico.domain.documents.models import Document
from portico.lib.errors import PorticoError
from portico.lib.ids import parse_public_id
from portico.web.portal.core.layout import threads
from portico.web.portal.core.urls import item_url, page_url
from portico.web.shared.brand import brand_of
from portico.web.shared.conversation import CommentForm, CommentRow, Reader, comment_rows, stamp_of
from portico.web.shared.page import page, reader_formatter


class CustomerCommentForm(CommentForm):
    """A customer's comment. `name` is asked for where nobody knows who is writing."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "po-input", "autocomplete": "name", "dir": "auto"}),
        validators=[ProhibitNullCharactersValidator()],
    )
    field_order = ("name", "body", "attachments")


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation with the form below it. `stamp` changes as soon as something else is to be seen.

    `read_url` is where it is told that the unread comments were seen.
    """

    rows: list[CommentRow]
    stamp: str
    thread_url: str
    read_url: str
    is_resolved: bool
    asks_name: bool
    heading: str
    form: CustomerCommentForm


def conversation_view(
    viewer: CustomerViewer, document: Document | None, form: CustomerCommentForm | None = None
) -> ConversationView | None:
    """Return the conversation about a document, or the general one; None where the business takes no messages.

    `form` is one that was sent and is shown again.
    """
    if not viewer.business.allow_messages:
        return None
    exists = (document.pk if document else None) in threads(viewer)
    found = conversation_about(viewer, viewer.customer, document) if exists else None
    said = thread(viewer, found)
    own = customer_author(viewer)
    reader = Reader(
        is_customer=True,
        role=lambda row: "" if row.is_from_customer else viewer.business.name,
        file_url=lambda file: reverse("comment_file", args=[file.public_id, file.name]),
        change_urls=lambda row: _change_urls(viewer, row, own.id),
    )
    unread = found is not None and found.unread_by_customer
    last = said[-1].public_id if said else ""
    url = conversation_url(document)
    return ConversationView(
        rows=comment_rows(said, files_of(said), viewer.business, reader_formatter(), reader, unread=unread),
        stamp=stamp_of(said, found and found.state),
        thread_url=url,
        read_url=f"{url}/read?up_to={last}" if unread else "",
        is_resolved=found is not None and found.state == State.RESOLVED,
        asks_name=own.contact is None,
        heading=_("Have questions?") if document else _("Write to us"),
        form=form or CustomerCommentForm(initial={"name": _name_used(said, own.id)}, auto_id="comment_%s"),
    )


def _name_used(said: list[Comment], author_id: str) -> str:
    """Return the name under which the same session wrote before."""
    return next((row.author_name for row in reversed(said) if row.author_id == author_id), "")


def comment_from_form(
    request: HttpRequest, viewer: CustomerViewer, document: Document | None
) -> tuple[CustomerCommentForm, int]:
    """Say what a form says; returns the form, with what was wrong, and the status: 303 when it is said."""
    form = CustomerCommentForm(request.POST, request.FILES, auto_id="comment_%s")
    if not form.is_valid():
        return form, 422
    author = customer_author(viewer, form.cleaned_data["name"].strip())
    try:
        data = CommentInput(form.cleaned_data["body"], form.contents())
        add_comment(viewer.customer, document, data, author, by=viewer.actor)
    except PorticoError as error:
        form.refuse(error)
        return form, error.status
    return form, 303


def conversation_part(request: HttpRequest, viewer: CustomerViewer, document: Document | None) -> HttpResponse:
    """Answer a page that asks whether there is something new: with what was said, or 204 when it has all of it."""
    view = conversation_view(viewer, document)
    if view is None or view.stamp == request.GET.get("stamp"):
        return HttpResponse(status=204)
    context = {"thread": view, "acting_for": viewer.customer.public_id}
    return page(request, "portal/parts/thread.html", context, brand=brand_of(viewer.business))


def read_from_page(request: HttpRequest, viewer: CustomerViewer, document: Document | None) -> HttpResponse:
    """Note that what staff wrote was on the customer's screen."""
    found = conversation_about(viewer, viewer.customer, document)
    key: UUID | None = parse_public_id(request.GET.get("up_to", ""), "comment")
    if found is not None and key is not None:
        mark_read(found, key, by=viewer.actor)
    return HttpResponse(status=204)


def conversation_url(document: Document | None) -> str:
    """Return where a conversation is written to and its page asks for what is new."""
    if document is None:
        return page_url("messages")
    return item_url(f"{document.kind}_comments", document.public_id)


def page_of(document: Document | None) -> str:
    """Return the page that shows a conversation, at the place where it does."""
    shown = item_url(document.kind, document.public_id) if document else page_url("messages")
    return f"{shown}#conversation"


def _change_urls(viewer: CustomerViewer, row: Comment, author_id: str) -> tuple[str, str]:
    if not may_change(row, viewer.actor, author_id):
        return "", ""
    return item_url("edit_comment", row.public_id), item_url("remove_comment", row.public_id)
