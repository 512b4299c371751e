"""Saying something in a conversation, which begins with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import IO

from django.db import transaction

from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import User
from portico.domain.conversations.actions.follow import follow_by_itself
from portico.domain.conversations.actions.lock import lock_conversation
from portico.domain.conversations.authors import Author
from portico.domain.conversations.errors import MessagesOff, TooManyComments
from portico.domain.conversations.facts import about, facts_of
from portico.domain.conversations.models import AuthorKind, Comment, Conversation, State
from portico.domain.conversations.text import checked_text
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.flag import flag_attention
from portico.domain.documents.models import Document
from portico.domain.files.actions.store import Admitted, FileInput, admitted, store_admitted, undone_on_failure
from portico.domain.files.errors import FileRefused
from portico.lib.clock import now
from portico.lib.ids import parse_public_id

MOST_FILES = 5

# More than anybody types by hand, less than a mailbox minds.
_PER_PERSON = Limit("comments of a person", 15, timedelta(minutes=10))
_PER_CUSTOMER = Limit("comments of a customer", 60, timedelta(hours=1))
# Unverified comments use up nothing of the customer's own limit.
_UNVERIFIED = Limit("unverified comments of a conversation", 15, timedelta(minutes=10))

# The same words again so soon are the same form sent twice.
_TWICE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class CommentInput:
    """What is said. An internal note is read by staff alone; `resolve` closes the conversation with it.

    `mail_id` is the Message-ID of a mail that it came by, and `verified` whether its sender is known. With
    `without_files`, files that are refused are left out, and that is said below instead.
    """

    body: str
    files: Sequence[tuple[str, bytes | IO[bytes]]] = ()
    internal: bool = False
    resolve: bool = False
    mail_id: str = ""
    verified: bool = True
    without_files: str = ""


def add_comment(
    customer: Customer, document: Document | None, data: CommentInput, author: Author, *, by: Actor
) -> Comment:
    """Say something about a document of a customer's, or in general; the same words sent twice are said once.

    What a customer says opens the conversation, an answer leaves it to the customer. Raises MessagesOff, Invalid for
    the text, TooManyComments, or FileRefused, and then keeps nothing. What is refused counts for the limits too.
    """
    if not customer.business.allow_messages:
        raise MessagesOff("This business takes no messages.")
    body = checked_text(data.body)
    if author.kind == AuthorKind.CUSTOMER:
        _limit(customer, document, author, verified=data.verified)
    try:
        files = [admitted(name, content) for name, content in data.files[:MOST_FILES]]
    except FileRefused:
        if not data.without_files:
            raise
        data, files = replace(data, files=()), []
        body = checked_text(f"{body}\n\n{data.without_files}")
    return _add(customer, document, replace(data, body=body), files, author, by)


def _add(
    customer: Customer, document: Document | None, data: CommentInput, files: list[Admitted], author: Author, by: Actor
) -> Comment:
    with transaction.atomic(), undone_on_failure() as paths:
        conversation = lock_conversation(conversation_begun(customer, document))
        before = _said_just_now(conversation, author, data)
        if before is not None:
            return before
        said = _kept(conversation, data, author)
        kept_as = FileInput(visible=not data.internal, of_note=data.internal)
        for file in files:
            kept = store_admitted(customer, said.ref, file, kept_as, by=by)
            paths += filter(None, (kept.path, kept.preview_path))
        if not data.internal:
            _move_on(conversation, said, resolve=data.resolve)
        event = Event.NOTE_CREATED if data.internal else Event.COMMENT_CREATED
        record(event, said, by=by, data=facts_of(said, conversation))
        if author.kind == AuthorKind.STAFF and not data.internal:
            _let_follow(conversation, author)
        if data.resolve and not data.internal:
            record(Event.CONVERSATION_RESOLVED, conversation, by=by, data=about(conversation))
        return said


def _kept(conversation: Conversation, data: CommentInput, author: Author) -> Comment:
    return Comment.objects.create(
        business_id=conversation.business_id,
        customer_id=conversation.customer_id,
        conversation=conversation,
        author_kind=author.kind,
        author_id=author.id,
        author_name=author.name[:200],
        contact=author.contact,
        internal=data.internal,
        verified=data.verified,
        mail_id=data.mail_id,
        body=data.body,
    )


def _let_follow(conversation: Conversation, author: Author) -> None:
    """Let a member of staff who answers know what becomes of it."""
    key = parse_public_id(author.id, "user")
    user = User.objects.filter(pk=key).first() if key else None
    if user is not None:
        follow_by_itself(conversation, user)


def _limit(customer: Customer, document: Document | None, author: Author, *, verified: bool) -> None:
    # Each hit is a transaction of its own, which no refusal that follows takes back.
    if verified:
        # Both are counted, whichever is used up first.
        within = [hit(_PER_PERSON, author.id), hit(_PER_CUSTOMER, customer.public_id)]
    else:
        within = [hit(_UNVERIFIED, (document or customer).public_id)]
    if not all(within):
        raise TooManyComments("Those were many messages in a short time. Please try again in a few minutes.")


def _said_just_now(conversation: Conversation, author: Author, data: CommentInput) -> Comment | None:
    if data.mail_id:
        return Comment.objects.filter(conversation=conversation, mail_id=data.mail_id).first()
    last = Comment.objects.filter(conversation=conversation, author_id=author.id).order_by("-id").first()
    same = last is not None and (last.body, last.internal, last.removed_at) == (data.body, data.internal, None)
    return last if last is not None and same and not data.files and now() < last.created_at + _TWICE else None


def _move_on(conversation: Conversation, said: Comment, *, resolve: bool) -> None:
    from_customer = said.is_from_customer
    conversation.state = State.OPEN if from_customer else State.RESOLVED if resolve else State.WAITING
    conversation.unread_by_staff = from_customer
    if said.verified:
        # Who is not known to be the customer has not read for the customer.
        conversation.unread_by_customer = not from_customer
    conversation.last_at = now()
    conversation.save(update_fields=["state", "unread_by_staff", "unread_by_customer", "last_at"])
    if conversation.document_id:
        flag_attention(conversation.document_id, needed=from_customer)


def conversation_begun(customer: Customer, document: Document | None) -> Conversation:
    """Return the conversation about a document, or a customer's general one, begun when there was none."""
    values = {"business_id": customer.business_id, "customer": customer, "document": document}
    return Conversation.objects.get_or_create(customer=customer, document=document, defaults=values)[0]
