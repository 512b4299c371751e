"""What a viewer may see of conversations. Nothing of it where the business takes no messages."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from portico.domain.access.viewer import ApiViewer, CustomerViewer, StaffViewer, Viewer
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import User
from portico.domain.conversations.models import AuthorKind, Comment, Conversation, Follower, State
from portico.domain.customers.models import Contact, Customer
from portico.domain.documents.link_life import may_have_link
from portico.domain.documents.models import Document
from portico.domain.documents.queries import documents, files
from portico.domain.files.models import File
from portico.lib.clock import now
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id

# How long people may change what they have written; programs, which keep a record elsewhere, always may.
CHANGEABLE = timedelta(hours=1)

# As much of a conversation as a page shows, the newest.
_AT_MOST = 200


def conversations(viewer: Viewer) -> QuerySet[Conversation]:
    """The conversations a viewer may see: the business's; in the portal the customer's, about what it may see.

    A visit that reaches one document sees that document's, or none.
    """
    return _conversations(viewer) if viewer.business.allow_messages else Conversation.objects.none()


def _conversations(viewer: Viewer) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(business=viewer.business)
    if not isinstance(viewer, CustomerViewer):
        return rows
    about = Exists(documents(viewer).filter(pk=OuterRef("document_id")))
    general = Q(document=None) if viewer.has_account else Q(pk__in=[])
    return rows.filter(general | Q(about), customer=viewer.customer)


def comments(viewer: Viewer) -> QuerySet[Comment]:
    """The comments of the conversations a viewer may see.

    Internal notes, and what came by mail from an address nobody knows, are for staff alone, not for programs.
    """
    return _comments(viewer, conversations(viewer))


def _comments(viewer: Viewer, among: QuerySet[Conversation]) -> QuerySet[Comment]:
    rows = Comment.objects.filter(business=viewer.business, conversation__in=among)
    return rows if isinstance(viewer, StaffViewer) else rows.filter(internal=False, verified=True)


def conversation(viewer: Viewer, name: str) -> Conversation:
    """Return the conversation with this public id, with its customer and its document. Raises NotFound."""
    key = parse_public_id(name, "conversation")
    rows = conversations(viewer).select_related("customer", "document", "assignee")
    found = rows.filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no conversation {name}.")
    return found


def comment(viewer: Viewer, name: str) -> Comment:
    """Return the comment with this public id, with its conversation. Raises NotFound."""
    key = parse_public_id(name, "comment")
    rows = comments(viewer).select_related("conversation__customer", "conversation__document")
    found = rows.filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no comment {name}.")
    return found


def conversation_about(viewer: Viewer, customer: Customer, document: Document | None) -> Conversation | None:
    """Return the conversation about a document, or a customer's general one; None as long as nothing was said.

    The viewer has fetched the customer and the document.
    """
    rows = conversations(viewer).select_related("assignee")
    return rows.filter(customer=customer, document=document).first()


def thread(viewer: Viewer, found: Conversation | None) -> list[Comment]:
    """Return what was said in a conversation that the viewer has fetched, the oldest first."""
    if found is None:
        return []
    return list(reversed(comments(viewer).filter(conversation=found).order_by("-id")[:_AT_MOST]))


def files_of(said: Iterable[Comment]) -> Mapping[UUID, list[File]]:
    """Return the files of comments that the viewer has fetched, by comment."""
    keys = [row.pk for row in said]
    found: dict[UUID, list[File]] = {}
    for file in File.objects.filter(subject_kind="comment", subject_id__in=keys).order_by("id") if keys else []:
        found.setdefault(file.subject_id, []).append(file)
    return found


def file_of_comment(viewer: Viewer, name: str) -> File:
    """Return a file of a comment that the viewer may see, by its public id. Raises NotFound."""
    key = parse_public_id(name, "file")
    found = _files_of_comments(viewer).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no file {name}.")
    return found


def _files_of_comments(viewer: Viewer) -> QuerySet[File]:
    """The files of comments that the viewer may see. They stay where the business takes no messages any more."""
    said = Exists(_comments(viewer, _conversations(viewer)).filter(pk=OuterRef("subject_id"), removed_at=None))
    return File.objects.filter(said, business=viewer.business, subject_kind="comment")


def shown_files(viewer: CustomerViewer) -> QuerySet[File]:
    """What a customer may download: its own files, its documents', and those of messages; newest first."""
    of_comments = _files_of_comments(viewer).filter(customer=viewer.customer, visible=True)
    return (files(viewer) | of_comments).order_by("-id")


def files_for_programs(viewer: ApiViewer) -> QuerySet[File]:
    """The files of a business, without those of internal notes and of messages from nobody known."""
    return (files(viewer).exclude(subject_kind="comment") | _files_of_comments(viewer)).order_by("-id")


def files_said_about(viewer: CustomerViewer, document: Document) -> list[File]:
    """Return what was sent with messages about a document that the viewer has fetched, newest first."""
    said = Comment.objects.filter(conversation__document=document).values("pk")
    return list(shown_files(viewer).filter(subject_id__in=said))


def documents_of_files(viewer: CustomerViewer, rows: Iterable[File]) -> Mapping[UUID, Document]:
    """Return by file the document that it, or the message it came with, is about; the viewer has fetched the files."""
    subjects = {row.pk: row.subject_id for row in rows}
    found = {row.pk: row for row in documents(viewer).filter(pk__in=set(subjects.values()))}
    said = Comment.objects.filter(pk__in=set(subjects.values()) - set(found), conversation__document__isnull=False)
    for row in said.select_related("conversation__document"):
        if row.conversation.document:
            found[row.pk] = row.conversation.document
    return {key: found[subject] for key, subject in subjects.items() if subject in found}


def may_change(row: Comment, by: Actor, author_id: str) -> bool:
    """Tell whether a comment may be edited and removed by who is asking: by its author, within the hour."""
    if row.removed_at is not None:
        return False
    if by.kind == "api":
        return row.author_kind == AuthorKind.PROGRAM or (row.author_kind == AuthorKind.STAFF and not row.internal)
    return row.author_id == author_id and now() < row.created_at + CHANGEABLE


def by_state(viewer: Viewer) -> Mapping[str, int]:
    """Return how many conversations there are of each state."""
    rows = conversations(viewer).order_by().values_list("state").annotate(Count("id"))
    return dict.fromkeys(State.values, 0) | dict(rows)


def needing_attention(viewer: Viewer) -> QuerySet[Conversation]:
    """The conversations that wait for the business's staff."""
    return conversations(viewer).filter(state=State.OPEN)


def last_comments(found: Iterable[Conversation]) -> Mapping[UUID, Comment]:
    """Return the last thing said to the other side in each of these conversations, by conversation."""
    rows = Comment.objects.filter(conversation__in=list(found), internal=False)
    newest = Comment.objects.filter(conversation=OuterRef("conversation"), internal=False).order_by("-id")
    return {row.conversation_id: row for row in rows.filter(pk=newest.values("pk")[:1])}


def staff_of(viewer: Viewer) -> list[User]:
    """Return the business's staff, by name: who a conversation can be assigned to."""
    rows = User.objects.filter(memberships__business=viewer.business, is_active=True)
    return list(rows.order_by("name", "email"))


def staff_member(viewer: Viewer, name: str) -> User:
    """Return a member of the business's staff by public id or e-mail address. Raises NotFound."""
    key = parse_public_id(name, "user")
    rows = User.objects.filter(memberships__business=viewer.business, is_active=True)
    found = rows.filter(pk=key).first() if key else rows.filter(email=name.lower()).first()
    if found is None:
        raise NotFound(f"There is no member of staff {name}.")
    return found


def followers_of(found: Conversation | None) -> list[User]:
    """Return who follows a conversation that the viewer has fetched, in the order in which they began to."""
    if found is None:
        return []
    rows = Follower.objects.filter(conversation=found, follows=True, user__is_active=True)
    return [row.user for row in rows.select_related("user").order_by("id")]


def recipients_of(customer: Customer, document: Document | None, found: Conversation | None) -> list[str]:
    """Return the addresses on file that an answer is mailed to: the customer's, and those of contacts who took part.

    None while the customer can't see what it is about, as a link would open nothing.
    """
    if not customer.business.portal_enabled or (document is not None and not may_have_link(document)):
        return []
    addresses = [customer.email]
    if found is not None:
        took_part = Comment.objects.filter(conversation=found, contact__isnull=False).values("contact")
        rows = Contact.objects.filter(customer=customer, pk__in=took_part).order_by("position", "id")
        addresses += rows.values_list("email", flat=True)
    return list({address.lower(): address for address in reversed(addresses) if address}.values())[::-1]


def mine(rows: QuerySet[Conversation], viewer: StaffViewer) -> QuerySet[Conversation]:
    """Narrow conversations to those that a member of staff still has to see to."""
    return rows.filter(assignee=viewer.user).exclude(state=State.RESOLVED)
