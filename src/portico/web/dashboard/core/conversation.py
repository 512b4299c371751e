"""A conversation as staff see it: what was said, notes among themselves, and what can be done with it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.authors import staff_author
from portico.domain.conversations.models import AuthorKind, Comment, State
from portico.domain.conversations.queries import (
    conversation_about,
    files_of,
    followers_of,
    may_change,
    recipients_of,
    staff_of,
    thread,
)
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document, Lifecycle
from portico.lib.errors import PorticoError
from portico.lib.l10n import Formatter, apart
from portico.web.shared.conversation import CommentForm, CommentRow, Reader, comment_rows, stamp_of
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag


@dataclass(frozen=True, slots=True)
class StaffConversation:
    """A conversation with all that stands around it. `tag` is None as long as it has not begun.

    `seen_url` is where its page tells that it is on a screen, and asks for what is new. Nobody reads an answer about a
    draft, so that it takes notes alone.
    """

    rows: list[CommentRow]
    tag: Tag | None
    url: str
    seen_url: str
    is_open: bool
    is_resolved: bool
    takes_answers: bool
    assignee: str
    colleagues: list[tuple[str, str]]
    mailed_to: str
    follows: bool
    followers: str
    form: CommentForm


def staff_conversation(
    viewer: StaffViewer, customer: Customer, document: Document | None, form: CommentForm | None = None
) -> StaffConversation | None:
    """Return the conversation about a document, or a customer's general one; None where messages are off."""
    if not viewer.business.allow_messages:
        return None
    found = conversation_about(viewer, customer, document)
    said = thread(viewer, found)
    unread = found is not None and found.unread_by_staff
    url = conversation_url(customer, document)
    reader = Reader(
        is_customer=False,
        role=_role,
        file_url=lambda file: reverse("file", args=[file.public_id]),
        change_urls=lambda row: _change_urls(viewer, row),
    )
    stamp = stamp_of(said, found and found.state)
    last = said[-1].public_id if said else ""
    assignee, fmt = found.assignee if found else None, reader_formatter()
    followers = followers_of(found)
    return StaffConversation(
        rows=comment_rows(said, files_of(said), viewer.business, reader_formatter(), reader, unread=unread),
        tag=state_tag(found.state) if found else None,
        url=url,
        seen_url=f"{url}/seen?stamp={stamp}&up_to={last}",
        is_open=found is not None and found.state == State.OPEN,
        is_resolved=found is None or found.state == State.RESOLVED,
        takes_answers=document is None or document.lifecycle != Lifecycle.DRAFT,
        assignee=assignee.public_id if assignee else "",
        colleagues=[(user.public_id, str(user)) for user in staff_of(viewer)],
        mailed_to=_mailed_to(recipients_of(customer, document, found), reader_formatter()),
        follows=viewer.user in followers,
        followers=fmt.list([apart(str(user)) for user in followers]) if followers else "",
        form=form or CommentForm(auto_id="comment_%s"),
    )


def answer_from_form(
    request: HttpRequest,
    viewer: StaffViewer,
    customer: Customer,
    document: Document | None,
    *,
    internal: bool,
    resolve: bool,
) -> tuple[CommentForm, int]:
    """Say what a form says; returns the form, with what was wrong, and the status: 303 when it is said."""
    form = CommentForm(request.POST, request.FILES, auto_id="comment_%s")
    if not form.is_valid():
        return form, 422
    data = CommentInput(form.cleaned_data["body"], form.contents(), internal=internal, resolve=resolve)
    try:
        add_comment(customer, document, data, staff_author(viewer.user), by=viewer.actor)
    except PorticoError as error:
        form.refuse(error)
        return form, error.status
    return form, 303


def conversation_url(customer: Customer, document: Document | None) -> str:
    """Return the page of a conversation."""
    if document is not None:
        return reverse("document_conversation", args=[document.public_id])
    return reverse("customer_conversation", args=[customer.public_id])


def state_tag(state: str) -> Tag:
    """Return the tag of a conversation's state."""
    tags = {
        State.OPEN: Tag("bad", "alert", _("Needs attention")),
        State.WAITING: Tag("wait", "half", _("Waiting for the customer")),
        State.RESOLVED: Tag("ok", "check", _("Resolved")),
    }
    return tags[State(state)]


def attention_tag() -> Tag:
    """Return the tag of a document that needs attention."""
    return state_tag(State.OPEN)


def _role(row: Comment) -> str:
    if row.author_kind == AuthorKind.CUSTOMER:
        return _("Customer")
    return _("Program") if row.author_kind == AuthorKind.PROGRAM else ""


def _change_urls(viewer: StaffViewer, row: Comment) -> tuple[str, str]:
    if not may_change(row, viewer.actor, viewer.user.public_id):
        return "", ""
    return reverse("edit_comment", args=[row.public_id]), reverse("remove_comment", args=[row.public_id])


def _mailed_to(addresses: list[str], fmt: Formatter) -> str:
    return fmt.list([apart(address) for address in addresses]) if addresses else ""
